using System.Text.Json;
using GregBi.Reference;
using Microsoft.AspNetCore.SignalR;

// ASP.NET Core SignalR with the methods and events of one of our hubs. It writes its address to standard output and runs
// until standard input ends. Arguments: the file with what it sends, and the milliseconds between pings.

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
// Nobody waits for a client that does not answer.
builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(2));
builder.Services.AddSingleton(Fixture.Read(args[0]));
builder.Services.AddSignalR(options =>
{
    options.EnableDetailedErrors = true;
    options.KeepAliveInterval = TimeSpan.FromMilliseconds(int.Parse(args[1]));
});

var app = builder.Build();
app.MapHub<ReferenceHub>("/hubs/reference", options => options.AllowStatefulReconnects = true);
// An event to every client, as a background service would send it.
app.MapPost("/emit/{target}", (string target, JsonElement argument, IHubContext<ReferenceHub> hub) =>
    hub.Clients.All.SendAsync(target, argument));

await app.StartAsync();
Console.WriteLine(app.Urls.Single());
await Console.In.ReadToEndAsync();
await app.StopAsync();
