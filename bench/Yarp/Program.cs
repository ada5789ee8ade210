using System.Net;
using Yarp.ReverseProxy.Forwarder;

// What this product is measured against: YARP's forwarder with nothing around it, over the same connections, and without a line of log.
// Usage: <port to listen on> <port to forward to>
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls($"http://127.0.0.1:{args[0]}");
builder.Services.AddHttpForwarder();
var app = builder.Build();

var forwarder = app.Services.GetRequiredService<IHttpForwarder>();
var destination = $"http://127.0.0.1:{args[1]}/";
using var connections = new HttpMessageInvoker(new SocketsHttpHandler
{
    UseCookies = false,
    UseProxy = false,
    AllowAutoRedirect = false,
    AutomaticDecompression = DecompressionMethods.None,
    ActivityHeadersPropagator = null,
    ConnectTimeout = TimeSpan.FromSeconds(2),
});
var config = new ForwarderRequestConfig { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
app.Run(async context => await forwarder.SendAsync(context, destination, connections, config, HttpTransformer.Default));
await app.RunAsync();
