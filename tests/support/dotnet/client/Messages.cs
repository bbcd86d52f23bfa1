namespace GregBi.Client;

// Members are named as on the wire, since MessagePack binds by the exact name. Money is double: a whole amount comes as
// an integer, any other as a float, and double takes both. Dates are text in both encodings.

public sealed record Processed(string status, string? message);

public sealed record Confirmed(string topic);

public sealed record HubStatus(string hub, string status, string? since, string? reason);

public sealed record Unavailable(string figure, string column);

public sealed record Problem(string kind, string table, string column, int rows, string? example);

public sealed record Snapshot<TData>(
    string hub, long seq, string at, string status, Unavailable[] unavailable, Problem[] problems, TData data);

public sealed record ClaimSummary(
    int TotalClaims, int OpenedClaims, int CriticalClaims, double TotalAmountAtRisk, double DisputeRate, double WinRate,
    double AverageDaysOpen, double? AverageResolutionDays);

public sealed record ClaimAnalytics(
    int id, long mp_claim_id, double amount_at_risk, string claim_type, string internal_status, int days_open,
    string panel_url, bool is_critical, string? current_stage, string? user_name, string? user_email,
    string date_created);

public sealed record ClaimByReason(string Reason, int Count, double TotalAmount, double Percentage);

public sealed record ClaimByStatus(string Status, int Count, double TotalAmount, double AverageDaysOpen);

public sealed record ClaimTrend(string Period, int ClaimsOpened, double AmountAtRisk);

public sealed record ClaimsData(
    ClaimSummary summary, ClaimAnalytics[] active, ClaimByReason[] byReason, ClaimByStatus[] byStatus,
    ClaimTrend[] trend);

public sealed record PaymentSummary(
    int TotalPayments, int TotalApproved, int TotalPending, int TotalCancelled, int UniqueCustomers, double AvgTicket,
    double ApprovalRate);

public sealed record RevenueMetrics(
    double TotalRevenue, double MonthlyRevenue, double YearlyRevenue, int TotalTransactions,
    double AverageTransactionValue, string TopPaymentMethod, Dictionary<string, double> PaymentMethodDistribution);

public sealed record RevenueByDay(string Date, double Amount, int Count);

public sealed record ChargebackSummary(
    int TotalChargebacks, double TotalAmount, int Novo, int AguardandoEvidencias, int EvidenciasEnviadas, int Ganhamos,
    int Perdemos, double WinRate);

public sealed record FinancialData(
    PaymentSummary payments, RevenueMetrics revenue, RevenueByDay[] revenueByDay, ChargebackSummary chargebacks);

public sealed record FinancialInitialData(
    PaymentSummary paymentSummary, RevenueMetrics revenue, ChargebackSummary chargebacks);

public sealed record RevenueUpdate(RevenueMetrics revenue, string type);

public sealed record FinancialUpdate(
    PaymentSummary paymentSummary, RevenueMetrics revenue, ChargebackSummary chargebacks, string type);
