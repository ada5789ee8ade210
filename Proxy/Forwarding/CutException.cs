namespace ControlPlane.Forwarding;

/// <summary>Stops a copy between caller and clone whose request was cut or whose body is too large. It never leaves this project.</summary>
internal sealed class CutException() : IOException("The request was cut.");
