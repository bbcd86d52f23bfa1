import { type DocumentPort, serveCollections } from '../../src/core/sources/mongo/embedded/serve.ts';

declare const self: DocumentPort;

const STATUSES = ['Open', 'InProgress', 'Closed'];

/** Serves 100,000 documents, and one that no date operator takes. */
serveCollections(
  {
    many: Array.from({ length: 100_000 }, (_, index) => ({
      _id: index.toString(16).padStart(24, '0'),
      status: STATUSES[index % STATUSES.length],
      at: new Date(Date.UTC(2026, 0, 1) + index * 60_000),
      text: 'x'.repeat(100),
    })),
    odd: [{ _id: '1', at: 'yesterday' }],
  },
  self,
  'a test of a Worker',
);
