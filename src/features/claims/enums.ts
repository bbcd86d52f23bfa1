import { codeList } from '../../core/figures/codes.ts';

/** `Claims.Status`, by its number. */
export const CLAIM_STATUSES = ['Novo', 'EmAnalise', 'RespondidoPeloVendedor', 'ResolvidoGanhamos', 'ResolvidoPerdemos'];

/** A claim that nobody has decided yet. */
export const ACTIVE_STATUSES = [0, 1, 2];
export const WON_STATUS = 3;
export const LOST_STATUS = 4;

/** `Claims.Type`: text, or its ordinal as text in old rows. */
export const claimTypes = codeList({
  Mediations: ['0'],
  CancelPurchase: ['1'],
  Return: ['2'],
  CancelSale: ['3'],
  Change: ['4'],
});

/** `Claims.CurrentStage`. */
export const claimStages = codeList({ Claim: [], Dispute: [], Recontact: [], None: [] });
