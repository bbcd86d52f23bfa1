import fc from 'fast-check';
import { code, instantNear, name, type Setting } from './arbitrary-values.ts';

/** Ids in no order of their own: neither by time nor by insertion. */
function objectId(count: number) {
  return fc
    .integer({ min: 0, max: count * 3 })
    .map((n) => ((n * 2_654_435_761) % 4_294_967_296).toString(16).padStart(24, '0'));
}

export function ticketDocuments({ now, timeZone, count }: Setting) {
  const document = fc.record({
    _id: objectId(count),
    userId: fc.constantFrom('A1', 'b2', 'nobody'),
    context: fc.constantFrom('Pagamento', 'pagamento', 'Pagamento ', 'Vídeo', 'Acesso', '', '__proto__', 'constructor'),
    explanation: name,
    status: code(['Open', 'InProgress', 'Closed'], 3),
    createdAt: fc.oneof(
      { weight: 8, arbitrary: instantNear(now, timeZone) },
      { weight: 1, arbitrary: fc.constantFrom(null, undefined, '2026-01-01T00:00:00.000Z', 'ontem', '31/12/2025', '') },
    ),
  });
  return fc.uniqueArray(document, { size: 'max', maxLength: count, selector: ({ _id }) => _id });
}

export function logDocuments({ now, timeZone, count }: Setting) {
  const document = fc.record({
    _id: objectId(count),
    timestamp: fc.oneof(instantNear(now, timeZone), fc.integer({ min: now - 90_000_000, max: now + 3_600_000 })),
    level: code(['Debug', 'Information', 'Warning', 'Error', 'Critical'], 5),
    source: fc.constant('Api'),
    message: name,
  });
  return fc.uniqueArray(document, { size: 'max', maxLength: count, selector: ({ _id }) => _id });
}
