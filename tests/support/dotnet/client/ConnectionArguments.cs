using Microsoft.AspNetCore.Http.Connections;

namespace GregBi.Client;

/// <summary>The command-line arguments.</summary>
public sealed record ConnectionArguments(Uri Url, HttpTransportType Transport, bool MessagePack, string? Token)
{
    /// <summary>The last part of the address.</summary>
    public string Hub => Url.Segments[^1];

    public static ConnectionArguments Parse(string[] args)
    {
        if (args is not [var url, var transport, "json" or "messagepack", .. { Length: <= 1 } rest])
        {
            throw new ArgumentException("Arguments: URL, WebSockets|ServerSentEvents|LongPolling, json|messagepack, token");
        }
        return new(new Uri(url), Enum.Parse<HttpTransportType>(transport), args[2] == "messagepack", rest.FirstOrDefault());
    }
}
