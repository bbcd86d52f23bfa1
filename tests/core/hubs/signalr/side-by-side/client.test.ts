import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { BUILD_WITHIN_MS, dotnetMissing } from '../../../../support/dotnet/sdk.ts';
import { unless } from '../../../../support/unless.ts';
import { converse } from './client-script.ts';
import { type ReferencePair, startReferencePair } from './reference-pair.ts';

describe.skipIf(dotnetMissing !== null)(unless(dotnetMissing, 'the official client, as with ASP.NET Core'), () => {
  let pair: ReferencePair;

  beforeAll(async () => {
    pair = await startReferencePair();
  }, BUILD_WITHIN_MS);

  afterAll(() => pair.stop());

  test.each(['WebSockets', 'ServerSentEvents', 'LongPolling'] as const)('sees the same over %s', async (transport) => {
    const [ours, theirs] = await Promise.all([pair.ours.url, pair.theirs.url].map((url) => converse(url, transport)));
    expect(ours).toEqual(theirs);
    expect(ours?.length).toBeGreaterThan(20);
    expect(pair.ours.errors).toEqual([]);
  });
});
