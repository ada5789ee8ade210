using System.Net;
using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Errors;

namespace ControlPlane.Gateways;

/// <summary>What a request to a clone shows and wants.</summary>
/// <param name="Token">The outer credential's value.</param>
/// <param name="SessionId">In lower case.</param>
/// <param name="CloneName">In lower case.</param>
/// <param name="From">The peer, for the guard rail on refused tokens; null: none is counted.</param>
public readonly record struct CloneAsk(string Token, string SessionId, string CloneName, IPAddress? From = null);

/// <summary>Where an admitted request goes.</summary>
/// <param name="SessionId">In lower case.</param>
/// <param name="CloneName">In lower case.</param>
/// <param name="Epoch">The placement's epoch: pools and registries are keyed by it, not by session.</param>
/// <param name="Worker">Scheme, host and port of the worker's data port.</param>
/// <param name="Ticket">The whole value of <c>x-clone-ticket</c>.</param>
public sealed record Route(string SessionId, string CloneName, long Epoch, Uri Worker, string Ticket);

/// <summary>The answer to "may this request pass": a route, or a refusal.</summary>
public readonly record struct Verdict(Route? Route, Refusal? Refusal);

/// <summary>The answer to "who is this": a caller with the credential behind it, or a refusal.</summary>
public readonly record struct Identity(Caller? Caller, CredentialFact? Credential, Refusal? Refusal);
