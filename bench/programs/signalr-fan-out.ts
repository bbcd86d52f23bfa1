import { Type } from '@sinclair/typebox';
import { scriptFeatures } from '../../tests/core/hubs/scripted-features.ts';
import { startTestServer } from '../../tests/support/test-server.ts';
import { answerRequests } from '../support/answer.ts';

/** The full path of an event from the change to the sockets, with a feature that costs nothing to read. */
const { sources, features, scripts } = scriptFeatures('scripted');
let argument: unknown = null;
let emissions = 0;

const server = startTestServer({
  sources,
  features: features.map((feature) => ({
    ...feature,
    schema: Type.Unknown(),
    hub: { events: [{ target: 'Rows', schema: Type.Unknown(), argument: (data) => data }] },
    load: async () => ({ data: argument, unavailable: [] }),
  })),
  intervalMs: 1,
});

answerRequests({
  url: () => `${server.url.replace(/^http/, 'ws')}/hubs/scripted?protocol=signalr`,
  /** Emits an event given as JSON text. */
  emit(text) {
    argument = JSON.parse(String(text));
    scripts.scripted.show(++emissions);
  },
});
