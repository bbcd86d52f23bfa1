using GregBi.Client;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

// One session with a hub, as the .NET back end would have it. Writes observations to standard output, one JSON line each.
// Arguments: the hub's address, the transport, the encoding, and a token where one is needed.

var journal = new Journal();
var arguments = ConnectionArguments.Parse(args);
await using var connection = Connecting.Build(arguments, journal);
var hub = HubContract.Of(arguments.Hub);
hub.Listen(connection, journal);

var closed = new TaskCompletionSource();
connection.Closed += error =>
{
    journal.Write("closed", new { error = error?.Message });
    closed.SetResult();
    return Task.CompletedTask;
};

using var patience = new CancellationTokenSource(Journal.Patience);
try
{
    await connection.StartAsync(patience.Token);
}
catch (Exception refusal)
{
    journal.Write("refused", new { error = refusal.GetType().Name, refusal.Message });
    return;
}

journal.Write("started", new { state = connection.State.ToString() });
await journal.Saw(hub.InitialEvents);

await Invoke("GetInitialData");
await journal.Saw("InitialData", hub.EmitsInitialData ? 2 : 1);
await journal.Saw(hub.InitialEvents, 2);

await Invoke("ForceUpdate");
await journal.Saw("UpdateProcessed");
await journal.Saw(hub.InitialEvents, 3);

await Invoke("SubscribeToStatus");
await journal.Saw("Status");

await Invoke("NoSuchMethod");
await Invoke("StreamSnapshots");

await hub.StreamOne(connection, journal);
// The connection survives the cancellation.
await Invoke("SubscribeToTheEnd", new { });

await connection.StopAsync();
await closed.Task.WaitAsync(Journal.Patience);

async Task Invoke(string method, params object[] options)
{
    try
    {
        await connection.InvokeCoreAsync(method, options, patience.Token);
        journal.Write("completed", new { method });
    }
    catch (HubException error)
    {
        journal.Write("failed", new { method, error.Message });
    }
}
