using ControlPlane;

return await ArchalProgram.RunAsync(args, TimeProvider.System);
