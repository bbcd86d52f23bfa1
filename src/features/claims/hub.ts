import { Type } from '@sinclair/typebox';
import { formatReais } from '../../core/figures/money.ts';
import type { HubDefinition } from '../../core/runtime/define-feature.ts';
import { notificationRule } from '../../core/runtime/notification-rule.ts';
import { ClaimAnalytics, ClaimByReason, ClaimSummary, type ClaimsData } from './schemas.ts';

/** A claim turns critical. One notification per claim, even if it is decided, reopened and turns critical again. */
const claimCritical = notificationRule({
  name: 'claim-critical',
  memory: Type.Array(Type.Integer()),
  remember: ({ active }: ClaimsData) => active.filter(({ is_critical }) => is_critical).map(({ id }) => id),
  occurrences(before, { data }) {
    const known = new Set(before);
    const turned = data.active.filter(({ id, is_critical }) => is_critical && !known.has(id));
    return turned.toReversed().map(({ id, claim_type, days_open, amount_at_risk, panel_url }) => ({
      key: String(id),
      severity: 'critical',
      title: `Claim ${id} turned critical`,
      message: `${claim_type}, open for ${days_open} days, ${formatReais(amount_at_risk)} at risk`,
      data: { id, claim_type, days_open, amount_at_risk, panel_url },
    }));
  },
});

export const claimsHub: HubDefinition<ClaimsData> = {
  events: [
    { target: 'UpdateSummary', schema: ClaimSummary, argument: ({ summary }) => summary },
    { target: 'UpdateAnalyticsList', schema: Type.Array(ClaimAnalytics), argument: ({ active }) => active },
    { target: 'UpdateClaimsByReason', schema: Type.Array(ClaimByReason), argument: ({ byReason }) => byReason },
  ],
  notificationRules: [claimCritical],
};
