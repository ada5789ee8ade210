using System.Globalization;
using ControlPlane;

// Requests at a fixed rate, whatever the answers do: <url> <requests a second> <seconds> <connections> [<header: value>…]
// Prints the latencies in microseconds, from when each request was due: p50 p90 p99 p999 max count.
var url = new Uri(args[0]);
var rate = double.Parse(args[1], CultureInfo.InvariantCulture);
var seconds = double.Parse(args[2], CultureInfo.InvariantCulture);
var connections = int.Parse(args[3], CultureInfo.InvariantCulture);
var headers = string.Concat(args[4..].Select(header => header + "\r\n"));
var request = System.Text.Encoding.ASCII.GetBytes($"GET {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\n{headers}\r\n");

using var pace = new Pace(url, request, connections);

// The first part is not counted: connections are opened and code is compiled.
pace.Run(rate, 1);
var latencies = pace.Run(rate, seconds);
Array.Sort(latencies);
var shown = ((double[])[0.5, 0.9, 0.99, 0.999, 1]).Select(share => latencies[Math.Min(latencies.Length - 1, (int)(latencies.Length * share))]);
Console.WriteLine(string.Join(" ", shown.Select(value => value.ToString("F0", CultureInfo.InvariantCulture))) + $" {latencies.Length}");
