import { describe, expect, test } from 'bun:test';
import type { Notification } from '../../src/client/index.ts';
import { createFormat } from '../../src/web/format/format.ts';
import { notificationText } from '../../src/web/notifications/notification-text.ts';
import { pt } from '../../src/web/words/pt.ts';

const writing = {
  words: pt,
  format: createFormat('pt-BR', 'America/Sao_Paulo'),
  featureTitle: (name: string) => (name === 'claims' ? 'Reclamações' : name),
};

function textOf(hub: string, data: Notification['data']): string {
  const notification: Notification = {
    id: 1,
    hub,
    severity: 'warning',
    title: 'English title',
    message: 'English message',
    at: '2026-11-27T12:00:00.000Z',
    data,
  };
  const { title, detail } = notificationText(notification, writing);
  return `${title} | ${detail}`.replace(/[\u00a0\u202f]/g, ' ');
}

describe('a notification in Portuguese', () => {
  test.each([
    [
      'claims',
      { id: 17, claim_type: 'Mediations', days_open: 31, amount_at_risk: 99.9, panel_url: '' },
      'A reclamação 17 ficou crítica | Mediação, aberta há 31 dias, R$ 99,90 em risco',
    ],
    [
      'financial',
      { added: 2, amount: 10, TotalChargebacks: 402, TotalAmount: 59132.46 },
      '2 novos chargebacks | 402 no total, R$ 59.132,46',
    ],
    [
      'subscriptions',
      { before: 1000, after: 900, percent: 10 },
      'O MRR caiu 10% | De R$ 1.000,00 para R$ 900,00 por mês',
    ],
    [
      'support',
      { OldestOpenDays: 8, OpenTickets: 3, InProgressTickets: 2 },
      'O chamado mais antigo passou de 7 dias | Aberto há 8 dias; 5 em aberto ou em andamento',
    ],
    [
      'all',
      { source: 'sql', features: ['claims', 'other'], reason: 'x', lostAt: '' },
      'Banco SQL fora do ar | Sem atualização até voltar: Reclamações e other',
    ],
    [
      'all',
      { source: 'documents', features: ['support'], lostAt: '', seconds: 75 },
      'Banco de documentos de volta | Ficou fora do ar por 1 min',
    ],
  ])('%s %p', (hub, data, text) => {
    expect(textOf(hub, data)).toBe(text);
  });

  test('one that the page does not know keeps the words of the server', () => {
    expect(textOf('claims', { unheard: true })).toBe('English title | English message');
    expect(textOf('elsewhere', {})).toBe('English title | English message');
  });
});
