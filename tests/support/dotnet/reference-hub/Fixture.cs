using System.Text.Json;

namespace GregBi.Reference;

/// <summary>An event, and its one argument.</summary>
public sealed record Event(string Target, JsonElement Argument);

/// <summary>What the hub sends, made by the tests, so that both servers send the same.</summary>
public sealed record Fixture(
    JsonElement InitialData, Event[] Initial, Event[] Manual, JsonElement Status, JsonElement Snapshot)
{
    public static Fixture Read(string path) =>
        JsonSerializer.Deserialize<Fixture>(File.ReadAllText(path), JsonSerializerOptions.Web)
        ?? throw new InvalidDataException($"{path} holds no fixture");
}
