/** `Chargebacks.Status`, by its number. */
export const CHARGEBACK_STATUSES = [
  'Novo',
  'AguardandoEvidencias',
  'EvidenciasEnviadas',
  'Ganhamos',
  'Perdemos',
] as const;
