using System.Net;

namespace ControlPlane.Workers;

/// <summary>What a host name, or an address in text, stands for: the platform's resolver, unless a host has registered another.</summary>
/// <exception cref="System.Net.Sockets.SocketException">The name has no address, or nobody can say now.</exception>
/// <exception cref="ArgumentException">No name can be so.</exception>
public delegate Task<IPAddress[]> NameResolver(string name, CancellationToken cancellationToken);
