using ControlPlane;

// The cheapest worker there can be: --data <port> --control <port> [--join http://127.0.0.1:<silo's listener>], the join token in ARCHAL_JOIN_TOKEN.
var given = Enumerable.Range(0, args.Length / 2).ToDictionary(at => args[2 * at], at => args[(2 * at) + 1]);
var data = new DataPort(int.Parse(given["--data"], System.Globalization.CultureInfo.InvariantCulture));
var control = new ControlPort(data.Address, new Uri($"http://127.0.0.1:{given["--control"]}"));
_ = data.RunAsync();
if (given.TryGetValue("--join", out var silo))
{
    _ = control.JoinAsync(new Uri(silo), Environment.GetEnvironmentVariable("ARCHAL_JOIN_TOKEN") ?? "");
}

await control.RunAsync();
