import { DAY_MS } from '../../core/figures/calendar.ts';
import { objectIdAt } from './identifiers.ts';
import { placeAmongNewest, placeOddities } from './oddities.ts';
import { randomStream, shares, weighted, weightedByAge } from './random.ts';
import { countUntil, type Rhythm } from './rhythm.ts';
import { type CompanySpec, sizeOf } from './spec.ts';
import { GONE_USER, type People, pickPerson } from './users.ts';

/** A document of `support_tickets`. An ObjectId is its 24 hexadecimal digits. */
export type Ticket = {
  _id: string;
  userId: string;
  context: string;
  explanation: string;
  status: string;
  createdAt: Date | null;
};

/** Subjects of tickets, with texts. */
export const TICKET_TOPICS: readonly (readonly [context: string, weight: number, explanations: readonly string[]])[] = [
  [
    'Pagamento',
    30,
    [
      'Paguei por Pix e o curso ainda não foi liberado.',
      'Meu cartão foi cobrado duas vezes.',
      'O boleto venceu, preciso de outro.',
      'Quero trocar o cartão da assinatura.',
    ],
  ],
  [
    'Acesso ao curso',
    24,
    [
      'Comprei o curso e ele não aparece na minha conta.',
      'A página da aula fica carregando sem parar.',
      'O acesso expirou antes do prazo.',
    ],
  ],
  ['Vídeo', 14, ['A aula trava no meio.', 'O som da aula está muito baixo.', 'O vídeo não abre no celular.']],
  ['Certificado', 12, ['Meu nome saiu errado no certificado.', 'Terminei o curso e não recebi o certificado.']],
  ['Reembolso', 10, ['Quero cancelar a compra dentro dos sete dias.', 'Quando cai o estorno?']],
  ['Conta', 8, ['Não recebo o e-mail de confirmação.', 'Quero mudar o e-mail da minha conta.']],
  ['Outro', 2, ['Vocês emitem nota fiscal?', 'Há desconto para turmas?']],
];

const chooseTopic = weighted(TICKET_TOPICS.map((topic) => [topic, topic[1]]));
/** Mix of statuses by age in days. */
const chooseStatus = weightedByAge([
  [0.5, shares({ Open: 75, InProgress: 18, Closed: 7 })],
  [2, shares({ Open: 28, InProgress: 37, Closed: 35 })],
  [6, shares({ Open: 4, InProgress: 11, Closed: 85 })],
  [Number.POSITIVE_INFINITY, shares({ Closed: 1 })],
]);

export function generateTickets(spec: CompanySpec, rhythm: Rhythm, people: People): Ticket[] {
  const random = randomStream(spec.seed, 'support_tickets');
  const count = sizeOf('tickets', spec);
  const makeOdd = placeOddities(count, ODDITIES);
  const makeRecent = placeAmongNewest(count, RECENT);
  return Array.from(rhythm.instants(random, count), (created, index) => {
    const person = pickPerson(random, Math.max(1, countUntil(people.joined, created)));
    const [context, , explanations] = chooseTopic(random);
    const ticket: Ticket = {
      _id: objectIdAt(created, random),
      userId: people.ids[person] ?? GONE_USER,
      context,
      explanation: random.pick(explanations),
      status: chooseStatus(random, (spec.anchor - created) / DAY_MS),
      createdAt: new Date(created),
    };
    makeOdd(ticket, index);
    makeRecent(ticket, index);
    return ticket;
  });
}

function withStatus(status: string) {
  return (ticket: Ticket) => {
    ticket.status = status;
  };
}

/** Even in a small company the newest tickets have every status, and spellings that only old clients send. */
const RECENT = ['Open', 'InProgress', ' open ', 'INPROGRESS', 'Closed'].map(withStatus);

const ODDITIES = [
  withStatus(' closed '),
  (ticket: Ticket) => {
    ticket.status = 'Archived';
    ticket.createdAt = null;
  },
  (ticket: Ticket) => {
    ticket.userId = GONE_USER;
  },
  (ticket: Ticket) => {
    ticket.createdAt = null;
  },
  (ticket: Ticket) => {
    ticket.context = '';
  },
];
