import { byText } from './rules.ts';

/** Canonical spelling, then what else stands for it. */
type CodeList = readonly (readonly [canonical: string, ...aliases: string[]])[];

export const claimTypes: CodeList = [
  ['Mediations', '0'],
  ['CancelPurchase', '1'],
  ['Return', '2'],
  ['CancelSale', '3'],
  ['Change', '4'],
];

export const claimStages: CodeList = [['Claim'], ['Dispute'], ['Recontact'], ['None']];

export const paymentStatuses: CodeList = [
  ['approved', 'aprovado'],
  ['pending', 'pendente'],
  ['in_process'],
  ['authorized', 'autorizado'],
  ['rejected', 'recusado'],
  ['cancelled', 'cancelado'],
  ['refunded', 'reembolsado'],
  ['charged_back', 'chargeback'],
  ['in_mediation', 'em disputa'],
  ['started', 'iniciando'],
];

export const subscriptionStatuses: CodeList = [
  ['pending'],
  ['authorized', 'active'],
  ['paused'],
  ['cancelled'],
  ['rejected'],
  ['refunded'],
  ['refund_pending'],
];

export const frequencyTypes: CodeList = [['Days'], ['Months']];
export const ticketStatuses: CodeList = [['Open'], ['InProgress'], ['Closed']];
/** The worst first, as the contract lists them in the snapshot. */
export const logLevels: CodeList = [['Critical'], ['Error'], ['Warning'], ['Information'], ['Debug']];

const claimStatuses = ['Novo', 'EmAnalise', 'RespondidoPeloVendedor', 'ResolvidoGanhamos', 'ResolvidoPerdemos'];

/** A number outside the list goes under its digits; no code has no name. */
export function claimStatus(code: number | null): string {
  return code === null ? '' : (claimStatuses[code] ?? String(code));
}

/** Letter case and surrounding blanks never matter: two spellings are the same code when this is the same. */
function folded(text: string): string {
  return text.trim().toLowerCase();
}

/** The canonical spelling; a value outside the list keeps its own text, trimmed. */
export function canonical(list: CodeList, text: string): string {
  for (const spellings of list) {
    if (spellings.some((spelling) => folded(spelling) === folded(text))) return spellings[0];
  }
  return text.trim();
}

/**
 * Codes as groups are named: spellings outside the list that differ only in letter case and blanks are one group,
 * under the spelling that comes first in code-unit order.
 *
 * @param texts every spelling that occurs
 */
export function groupName(list: CodeList, text: string, texts: readonly string[]): string {
  const own = canonical(list, text);
  const spellings = texts.map((other) => canonical(list, other)).filter((other) => folded(other) === folded(own));
  return [own, ...spellings].sort(byText)[0] ?? own;
}

/** Methods of payment have no list: the trimmed, lower-case spelling is canonical. */
export function method(text: string): string {
  return folded(text);
}
