using System.Text.Json;
using Microsoft.SqlServer.TransactSql.ScriptDom;

// Reads a JSON array of T-SQL texts from standard input and writes, text by text, what each version's grammar makes of it.
var texts = JsonSerializer.Deserialize<string[]>(Console.In.ReadToEnd()) ?? [];
var grammars = new Dictionary<string, Func<TSqlParser>>
{
    ["2016"] = () => new TSql130Parser(initialQuotedIdentifiers: true),
    ["2017"] = () => new TSql140Parser(initialQuotedIdentifiers: true),
    ["2019"] = () => new TSql150Parser(initialQuotedIdentifiers: true),
    ["2022"] = () => new TSql160Parser(initialQuotedIdentifiers: true),
    ["2025"] = () => new TSql170Parser(initialQuotedIdentifiers: true),
};

var readings = texts.Select(text => grammars.Select(grammar => Read(grammar.Key, grammar.Value(), text)));
Console.Out.Write(JsonSerializer.Serialize(readings, new JsonSerializerOptions(JsonSerializerDefaults.Web)));

static Reading Read(string version, TSqlParser parser, string text)
{
    var script = parser.Parse(new StringReader(text), out var errors) as TSqlScript;
    var statements = script?.Batches.SelectMany(batch => batch.Statements).Select(Kind) ?? [];
    return new Reading(version, [.. statements], [.. errors.Select(error => $"{error.Line}:{error.Column} {error.Message}")]);
}

// `select … into` is a SELECT to the grammar, and makes a table.
static string Kind(TSqlStatement statement) => statement is SelectStatement { Into: not null }
    ? "SelectIntoStatement"
    : statement.GetType().Name;

record Reading(string Version, string[] Statements, string[] Errors);
