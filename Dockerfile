# One image for each process: docker build --target silo|gateway|worker|standalone .
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS source
WORKDIR /src
COPY . .

FROM source AS build-silo
RUN dotnet publish Silo -c Release -o /app

FROM source AS build-gateway
RUN dotnet publish Gateway -c Release -o /app

FROM source AS build-worker
RUN dotnet publish Clones -c Release -o /app

FROM source AS build-standalone
RUN dotnet publish Standalone -c Release -o /app

# The folder for data belongs to the user that everything runs as.
FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS runtime
WORKDIR /app
COPY deploy/healthy /usr/local/bin/healthy
RUN mkdir /data && chown "$APP_UID" /data
USER $APP_UID
ENV ASPNETCORE_HTTP_PORTS=

FROM runtime AS silo
COPY --from=build-silo /app .
ENV ASPNETCORE_URLS=http://+:5100
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s CMD ["bash", "/usr/local/bin/healthy", "5100"]
ENTRYPOINT ["./ControlPlane.Silo"]

FROM runtime AS gateway
COPY --from=build-gateway /app .
ENV ASPNETCORE_URLS=http://+:8080
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s CMD ["bash", "/usr/local/bin/healthy", "8080"]
ENTRYPOINT ["./ControlPlane.Gateway"]

# A worker has no health of its own to ask for without its secret: that its data port answers is what can be seen.
FROM runtime AS worker
COPY --from=build-worker /app .
VOLUME /data
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/7000"]
ENTRYPOINT ["./ControlPlane.Clones", "--data", "/data", "--data-url", "http://0.0.0.0:7000", "--control-url", "http://0.0.0.0:7001"]

FROM runtime AS standalone
COPY --from=build-standalone /app .
VOLUME /data
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s CMD ["bash", "/usr/local/bin/healthy", "8080"]
ENTRYPOINT ["./ControlPlane.Standalone", "--data", "/data", "--urls", "http://0.0.0.0:8080", "--insecure"]
