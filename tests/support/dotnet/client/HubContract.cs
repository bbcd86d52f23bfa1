using Microsoft.AspNetCore.SignalR.Client;

namespace GregBi.Client;

/// <summary>The messages of a hub and their .NET types.</summary>
public abstract record HubContract(string[] InitialEvents, bool EmitsInitialData)
{
    public static HubContract Of(string hub) => hub switch
    {
        "claims" => new ClaimsHub(),
        "financial" => new FinancialHub(),
        _ => throw new ArgumentException($"No types for the hub {hub}"),
    };

    public virtual void Listen(HubConnection connection, Journal journal)
    {
        journal.Listen<Processed>(connection, "UpdateProcessed");
        journal.Listen<Confirmed>(connection, "SubscriptionConfirmed");
        journal.Listen<HubStatus>(connection, "Status");
    }

    /// <summary>Streams until the first item arrives, then cancels.</summary>
    public abstract Task StreamOne(HubConnection connection, Journal journal);

    protected static async Task StreamOne<TData>(HubConnection connection, Journal journal)
    {
        using var cancellation = new CancellationTokenSource(Journal.Patience);
        try
        {
            await foreach (var item in connection.StreamAsync<Snapshot<TData>>("StreamSnapshots", cancellation.Token))
            {
                journal.Write("item", item);
                await cancellation.CancelAsync();
            }
            journal.Write("stream ended", null);
        }
        catch (OperationCanceledException)
        {
            journal.Write("stream cancelled", null);
        }
    }
}

public sealed record ClaimsHub() : HubContract(["UpdateSummary", "UpdateAnalyticsList", "UpdateClaimsByReason"], false)
{
    public override void Listen(HubConnection connection, Journal journal)
    {
        base.Listen(connection, journal);
        journal.Listen<ClaimsData>(connection, "InitialData");
        journal.Listen<ClaimSummary>(connection, "UpdateSummary");
        journal.Listen<ClaimAnalytics[]>(connection, "UpdateAnalyticsList");
        journal.Listen<ClaimByReason[]>(connection, "UpdateClaimsByReason");
    }

    public override Task StreamOne(HubConnection connection, Journal journal) =>
        StreamOne<ClaimsData>(connection, journal);
}

public sealed record FinancialHub() : HubContract(["InitialData", "RevenueUpdate", "FinancialUpdate"], true)
{
    public override void Listen(HubConnection connection, Journal journal)
    {
        base.Listen(connection, journal);
        journal.Listen<FinancialInitialData>(connection, "InitialData");
        journal.Listen<RevenueUpdate>(connection, "RevenueUpdate");
        journal.Listen<FinancialUpdate>(connection, "FinancialUpdate");
    }

    public override Task StreamOne(HubConnection connection, Journal journal) =>
        StreamOne<FinancialData>(connection, journal);
}
