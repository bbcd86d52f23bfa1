import { Type } from '@sinclair/typebox';
import type { HubDefinition } from '../../core/runtime/define-feature.ts';
import { ClaimAnalytics, ClaimByReason, ClaimSummary, type ClaimsData } from './schemas.ts';

export const claimsHub: HubDefinition<ClaimsData> = {
  events: [
    { target: 'UpdateSummary', schema: ClaimSummary, argument: ({ summary }) => summary },
    { target: 'UpdateAnalyticsList', schema: Type.Array(ClaimAnalytics), argument: ({ active }) => active },
    { target: 'UpdateClaimsByReason', schema: Type.Array(ClaimByReason), argument: ({ byReason }) => byReason },
  ],
};
