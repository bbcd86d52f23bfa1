import { canonical, claimStages, claimStatus, claimTypes, groupName } from '../../oracle/codes.ts';
import { brl, fraction, mean, percentage, rounded, sum } from '../../oracle/exact.ts';
import type { Answer, ClaimRow, Company, PaymentRow } from '../../oracle/rows.ts';
import {
  byText,
  day,
  grouped,
  isoOrNull,
  lastMonths,
  monthOf,
  newestFirst,
  sorted,
  wholeDaysSince,
} from '../../oracle/rules.ts';
import { defaultZone } from '../../oracle/zones.ts';

const panel = 'https://www.mercadopago.com.br/developers/panel/notifications/claims/';

const won = 3;
const lost = 4;

/** The contract's section 3, "claims". */
export function claimsOracle(company: Company, now: number, timeZone: string = defaultZone): Answer {
  const claims = company.Claims;
  const noUpdatedAt = company.missing.has('Claims.UpdatedAt');
  const daysOpen = (claim: ClaimRow) => wholeDaysSince(claim.DataCreated, now);
  const isCritical = (claim: ClaimRow) => isActive(claim) && daysOpen(claim) > 30;
  const amount = (claim: ClaimRow) => paymentOf(company, claim)?.Amount ?? 0;
  const total = (some: readonly ClaimRow[]) => rounded(sum(some.map((claim) => brl(amount(claim)))));
  const meanDaysOpen = (some: readonly ClaimRow[]) => rounded(mean(some.map((claim) => fraction(daysOpen(claim)))));

  const active = claims.filter(isActive);
  const gained = claims.filter(({ Status }) => Status === won);
  const resolved = claims.filter(({ Status }) => Status === won || Status === lost);
  const disputed = new Set(claims.map((claim) => paymentOf(company, claim)).filter((payment) => payment !== undefined));
  const resolutions = resolved.flatMap(({ UpdatedAt, DataCreated }) =>
    UpdatedAt === null || DataCreated === null || noUpdatedAt ? [] : [fraction(UpdatedAt - DataCreated, day)],
  );
  const types = claims.map(({ Type }) => Type);

  return {
    data: {
      summary: {
        TotalClaims: claims.length,
        OpenedClaims: active.length,
        CriticalClaims: claims.filter(isCritical).length,
        TotalAmountAtRisk: total(active),
        DisputeRate: percentage(disputed.size, company.Payments.length),
        WinRate: percentage(gained.length, resolved.length),
        AverageDaysOpen: meanDaysOpen(active),
        AverageResolutionDays: resolutions.length === 0 ? null : rounded(mean(resolutions)),
      },
      active: sorted(
        active,
        newestFirst(({ DataCreated }) => DataCreated),
        (left, right) => right.Id - left.Id,
      ).map((claim) => {
        const user = company.AspNetUsers.find(({ Id }) => Id === claim.UserId);
        return {
          id: claim.Id,
          mp_claim_id: claim.MpClaimId,
          amount_at_risk: rounded(brl(amount(claim))),
          claim_type: canonical(claimTypes, claim.Type),
          internal_status: claimStatus(claim.Status),
          days_open: daysOpen(claim),
          panel_url: `${panel}${claim.MpClaimId ?? ''}`,
          is_critical: isCritical(claim),
          current_stage: claim.CurrentStage === null ? null : canonical(claimStages, claim.CurrentStage),
          user_name: user?.Name ?? null,
          user_email: user?.Email ?? null,
          date_created: isoOrNull(claim.DataCreated),
        };
      }),
      byReason: sorted(
        grouped(claims, ({ Type }) => groupName(claimTypes, Type, types)).map(([Reason, some]) => ({
          Reason,
          Count: some.length,
          TotalAmount: total(some),
          Percentage: percentage(some.length, claims.length),
        })),
        (left, right) => right.Count - left.Count,
        (left, right) => byText(left.Reason, right.Reason),
      ),
      byStatus: sorted(
        grouped(claims, ({ Status }) => Status),
        ([left], [right]) => (left ?? -Infinity) - (right ?? -Infinity),
      ).map(([code, some]) => ({
        Status: claimStatus(code),
        Count: some.length,
        TotalAmount: total(some),
        AverageDaysOpen: meanDaysOpen(some),
      })),
      trend: lastMonths(now, 12, timeZone).map((Period) => {
        const opened = claims.filter(({ DataCreated }) => monthOf(DataCreated, timeZone) === Period);
        return { Period, ClaimsOpened: opened.length, AmountAtRisk: total(opened) };
      }),
    },
    unavailable: noUpdatedAt ? [{ figure: 'summary.AverageResolutionDays', column: 'Claims.UpdatedAt' }] : [],
  };
}

function isActive({ Status }: ClaimRow): boolean {
  return Status === 0 || Status === 1 || Status === 2;
}

function paymentOf(company: Company, { ResourceId }: ClaimRow): PaymentRow | undefined {
  if (ResourceId === null) return undefined;
  const candidates = company.Payments.filter(({ PaymentId }) => PaymentId === ResourceId);
  const named = candidates.length > 0 ? candidates : company.Payments.filter((row) => row.ExternalId === ResourceId);
  return sorted(named, (left, right) => byText(left.Id, right.Id))[0];
}
