using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.SignalR;

namespace GregBi.Reference;

/// <summary>The methods that each of our hubs has. Its clients pass one empty object to all of them.</summary>
public sealed class ReferenceHub(Fixture fixture) : Hub
{
    public override Task OnConnectedAsync() => Send(Clients.Caller, fixture.Initial);

    public async Task GetInitialData(object _)
    {
        await Clients.Caller.SendAsync("InitialData", fixture.InitialData);
        await Send(Clients.Caller, fixture.Initial);
    }

    public async Task ForceUpdate(object _)
    {
        await Send(Clients.All, fixture.Manual);
        await Clients.Caller.SendAsync("UpdateProcessed", new { status = "ok" });
    }

    public async Task SubscribeToStatus(object _)
    {
        await Clients.Caller.SendAsync("SubscriptionConfirmed", new { topic = "Status" });
        await Clients.Caller.SendAsync("Status", fixture.Status);
    }

    public Task SubscribeToClaims(object _) => Clients.Caller.SendAsync("SubscriptionConfirmed", new { topic = "Claims" });

    public async IAsyncEnumerable<object> StreamSnapshots(object _, [EnumeratorCancellation] CancellationToken cancelled)
    {
        yield return fixture.Snapshot;
        await Task.Delay(Timeout.Infinite, cancelled);
    }

    private static async Task Send(IClientProxy clients, Event[] events)
    {
        foreach (var (target, argument) in events) await clients.SendAsync(target, argument);
    }
}
