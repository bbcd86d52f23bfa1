using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GregBi.Client;

public static class Connecting
{
    /// <summary>A connection that negotiates, over one transport, and tells the journal what it warns of.</summary>
    public static HubConnection Build(ConnectionArguments arguments, Journal journal)
    {
        var builder = new HubConnectionBuilder()
            .WithUrl(arguments.Url, arguments.Transport, options =>
            {
                if (arguments.Token is not null) options.AccessTokenProvider = () => Task.FromResult(arguments.Token)!;
            })
            .ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Warning).AddProvider(journal));
        if (arguments.MessagePack) builder.AddMessagePackProtocol();
        return builder.Build();
    }
}
