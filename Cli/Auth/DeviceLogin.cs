using System.Net;
using ControlPlane.Output;
using ControlPlane.Server;

namespace ControlPlane.Auth;

/// <summary>The device flow of RFC 8628, from the device's side: it shows a code and asks until somebody elsewhere has let it in.</summary>
internal sealed class DeviceLogin(ServerClient server, TimeProvider time)
{
    /// <summary>What RFC 8628 adds to the interval for each <c>slow_down</c>.</summary>
    private static readonly TimeSpan Slower = TimeSpan.FromSeconds(5);

    private const int LongestName = 100;

    /// <summary>The token. What the person has to do is told on standard error.</summary>
    /// <exception cref="CommandFailure">It was refused, or nobody let it in in time.</exception>
    public async Task<string> RunAsync(bool mayOpenBrowser, CancellationToken cancellationToken)
    {
        var name = Screen.Plain($"archal on {Environment.MachineName}");
        var begun = await server.PostAsync(
            "/auth/device", new DeviceLoginRequest { ClientName = name[..Math.Min(name.Length, LongestName)] },
            ContractsJson.Default.DeviceLoginRequest, ContractsJson.Default.DeviceLoginStarted, cancellationToken);
        Screen.WriteRemark($"Open {begun.VerificationUri} and enter the code {begun.UserCode}");
        Screen.WriteRemark($"(or, where you are logged in: archal device approve {begun.UserCode})");
        if (mayOpenBrowser)
        {
            Browser.Open(begun.VerificationUriComplete);
        }

        Screen.WriteRemark($"Waiting, at most {Durations.Text(TimeSpan.FromSeconds(begun.ExpiresIn))}. Ctrl-C gives up.");
        return await AskUntilDecidedAsync(begun, cancellationToken);
    }

    private async Task<string> AskUntilDecidedAsync(DeviceLoginStarted begun, CancellationToken cancellationToken)
    {
        var (interval, started) = (TimeSpan.FromSeconds(Math.Max(1, begun.Interval)), time.GetTimestamp());
        var question = new DeviceTokenRequest { DeviceCode = begun.DeviceCode, GrantType = DeviceTokenRequest.GrantOfDeviceCode };
        while (time.GetElapsedTime(started) < TimeSpan.FromSeconds(begun.ExpiresIn))
        {
            await Task.Delay(interval, time, cancellationToken);
            try
            {
                var answer = await server.PostAsync(
                    "/auth/device/token", question, ContractsJson.Default.DeviceTokenRequest, ContractsJson.Default.DeviceToken, cancellationToken);
                return Credentials.Checked(answer.AccessToken, "The server did not answer with a token");
            }
            catch (ServerRefusal refusal) when (refusal.OauthError is "authorization_pending")
            {
            }
            catch (ServerRefusal refusal) when (refusal.OauthError is "slow_down" || refusal.Status == HttpStatusCode.TooManyRequests)
            {
                interval += Slower;
            }
            catch (ServerRefusal refusal) when (refusal.Status >= HttpStatusCode.InternalServerError)
            {
                // Nothing is lost by asking again until the code ends.
            }
            catch (CommandFailure unreachable) when (unreachable is not ServerRefusal)
            {
                interval += Slower;
            }
        }

        throw new CommandFailure("Nobody let this device in in time. Run 'archal login' again.");
    }
}
