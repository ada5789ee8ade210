using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Exporters.Csv;
using BenchmarkDotNet.Running;
using ControlPlane;

// dotnet run -c Release --project bench/Authorize [-- --filter …]: the decision about a request on held facts, alone.
BenchmarkSwitcher.FromTypes([typeof(AuthorizeBenchmarks), typeof(DigestBenchmarks)]).Run(
    args.Length > 0 ? args : ["--filter", "*"],
    ManualConfig.Create(DefaultConfig.Instance).WithArtifactsPath("artifacts/bench/authorize")
        .AddExporter(CsvExporter.Default, MarkdownExporter.GitHub));
