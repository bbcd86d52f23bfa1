import { objectIdAt } from './identifiers.ts';
import { placeOddities } from './oddities.ts';
import { type Random, randomStream, type Weights, weighted } from './random.ts';
import { createRhythm } from './rhythm.ts';
import { type CompanySpec, sizeOf } from './spec.ts';

/** A document of `logs`. */
export type LogEntry = {
  _id: string;
  timestamp: Date;
  level: string;
  source: string;
  message: string;
};

const LOG_DAYS = 1;
/** Within one day the company does not grow. */
const SAME_LEVEL = 1;

const LINES: Weights<readonly [level: string, source: string, message: string]> = [
  [['Debug', 'PaymentService', 'Consulta ao Mercado Pago em # ms'], 20],
  [['Debug', 'VideoPipeline', 'Segmento # gravado'], 12],
  [['Information', 'AuthController', 'Login do usuário #'], 26],
  [['Information', 'PaymentService', 'Pagamento # aprovado'], 14],
  [['Information', 'SubscriptionService', 'Assinatura # renovada'], 8],
  [['Information', 'CourseController', 'Aula # concluída'], 10],
  [['Warning', 'PaymentService', 'Notificação # recebida mais de uma vez'], 4],
  [['Warning', 'CacheService', 'Redis respondeu em # ms'], 3],
  [['Error', 'MercadoPagoClient', 'Tempo esgotado na tentativa #'], 1.6],
  [['Error', 'VideoPipeline', 'Falha ao converter o vídeo #'], 0.8],
  [['Critical', 'Database', 'Conexão perdida por # s'], 0.05],
];
const chooseLine = weighted(LINES);

/** @param at milliseconds since 1970 */
export function logEntry(random: Random, at: number): LogEntry {
  const [level, source, message] = chooseLine(random);
  return {
    _id: objectIdAt(at, random),
    timestamp: new Date(at),
    level,
    source,
    message: message.replace('#', String(random.between(1, 5_000))),
  };
}

export function generateLogs(spec: CompanySpec): LogEntry[] {
  const random = randomStream(spec.seed, 'logs');
  const count = sizeOf('logs', spec);
  const makeOdd = placeOddities(count, ODDITIES);
  const instants = createRhythm(spec.anchor, LOG_DAYS, SAME_LEVEL).instants(random, count);
  return Array.from(instants, (at, index) => {
    const entry = logEntry(random, at);
    makeOdd(entry, index);
    return entry;
  });
}

const ODDITIES = ['Critical', ' error ', 'WARNING', 'Trace'].map((level) => (entry: LogEntry) => {
  entry.level = level;
});
