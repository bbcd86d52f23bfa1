import { codeList, foldText } from '../core/figures/codes.ts';

/** The codes of each code column (docs/contract.md, section 2): canonical spelling and aliases. */

export const paymentStatuses = codeList({
  approved: ['aprovado'],
  pending: ['pendente'],
  in_process: [],
  authorized: ['autorizado'],
  rejected: ['recusado'],
  cancelled: ['cancelado'],
  refunded: ['reembolsado'],
  charged_back: ['chargeback'],
  in_mediation: ['em disputa'],
  started: ['iniciando'],
});

export const subscriptionStatuses = codeList({
  pending: [],
  authorized: ['active'],
  paused: [],
  cancelled: [],
  rejected: [],
  refunded: [],
  refund_pending: [],
});

/** Anything but `Days` counts as `Months`. */
export const frequencyTypes = codeList({ Days: [], Months: [] });

/** Text, or its ordinal as text in old rows. */
export const claimTypes = codeList({
  Mediations: ['0'],
  CancelPurchase: ['1'],
  Return: ['2'],
  CancelSale: ['3'],
  Change: ['4'],
});

export const claimResourceTypes = codeList({ Payment: [], Order: [], Shipment: [], Purchase: [] });
export const claimStages = codeList({ Claim: [], Dispute: [], Recontact: [], None: [] });
export const ticketStatuses = codeList({ Open: [], InProgress: [], Closed: [] });

/** The most severe first. */
export const logLevels = codeList({ Critical: [], Error: [], Warning: [], Information: [], Debug: [] });

/** Payment methods have no list: letter case and surrounding blanks do not matter, and the lower-case text is reported. */
export const paymentMethods = { name: foldText };

/** Numeric codes by their number. */
export const CLAIM_STATUSES = [
  'Novo',
  'EmAnalise',
  'RespondidoPeloVendedor',
  'ResolvidoGanhamos',
  'ResolvidoPerdemos',
] as const;
export const CHARGEBACK_STATUSES = [
  'Novo',
  'AguardandoEvidencias',
  'EvidenciasEnviadas',
  'Ganhamos',
  'Perdemos',
] as const;
export const VIDEO_STATUSES = ['Processing', 'Available', 'Error'] as const;
