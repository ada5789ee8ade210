using ControlPlane;

return args switch
{
    ["judge", var file] => Runner.JudgeFile(file),
    ["list"] => Runner.List(),
    ["run", .. var options] => await Runner.RunAsync(RunOptions.Parse(options)),
    _ => Runner.Usage(),
};
