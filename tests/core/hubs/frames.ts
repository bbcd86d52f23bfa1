import { FormatRegistry, type TSchema, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { Frame } from '../../support/hub-client.ts';

/** Every frame that a hub sends in the plain JSON dialect (contract, section 5), down to the last member. */

for (const [format, fits] of [
  ['date-time', (text: string) => new Date(text).toISOString() === text],
  ['uri', (text: string) => URL.canParse(text)],
  ['uuid', (text: string) => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(text)],
] as const) {
  if (!FormatRegistry.Has(format)) FormatRegistry.Set(format, fits);
}

const exactly = { additionalProperties: false };
const instant = Type.String({ format: 'date-time' });
const Text = Type.String({ minLength: 1 });

const ConnectedFrame = Type.Object(
  { type: Type.Literal('Connected'), hub: Text, clientId: Type.String({ format: 'uuid' }) },
  exactly,
);

/** @param data what the feature's snapshot holds */
function snapshotFrame(data: TSchema): TSchema {
  return Type.Object(
    {
      type: Type.Literal('Snapshot'),
      hub: Text,
      seq: Type.Integer({ minimum: 1 }),
      at: instant,
      reason: Type.Union([Type.Literal('Initial'), Type.Literal('Auto'), Type.Literal('Manual')]),
      status: Type.Union([Type.Literal('live'), Type.Literal('stale')]),
      unavailable: Type.Array(
        Type.Object({ figure: Text, column: Type.String({ pattern: '^\\w+\\.\\w+$' }) }, exactly),
      ),
      problems: Type.Array(
        Type.Object(
          {
            kind: Type.Union(['missing-column', 'unreadable-value', 'duplicate-key'].map((kind) => Type.Literal(kind))),
            table: Text,
            column: Text,
            rows: Type.Integer({ minimum: 0 }),
            example: Type.Union([Text, Type.Null()]),
          },
          exactly,
        ),
      ),
      data,
    },
    exactly,
  );
}

const Failing = { since: instant, reason: Text };
const StatusFrame = Type.Union([
  Type.Object({ type: Type.Literal('Status'), hub: Text, status: Type.Literal('stale'), ...Failing }, exactly),
  Type.Object({ type: Type.Literal('Status'), hub: Text, status: Type.Literal('none'), ...Failing }, exactly),
  Type.Object(
    {
      type: Type.Literal('Status'),
      hub: Text,
      status: Type.Union([Type.Literal('live'), Type.Literal('none')]),
      since: Type.Null(),
      reason: Type.Null(),
    },
    exactly,
  ),
]);

const PongFrame = Type.Object({ type: Type.Literal('Pong'), timestamp: Type.Unknown() }, exactly);
const NotificationFrame = Type.Object(
  {
    type: Type.Literal('Notification'),
    hub: Text,
    id: Type.Integer({ minimum: 1 }),
    severity: Type.Union([Type.Literal('info'), Type.Literal('warning'), Type.Literal('critical')]),
    title: Text,
    message: Text,
    at: instant,
    data: Type.Record(Type.String(), Type.Unknown()),
  },
  exactly,
);

const ErrorFrame = Type.Object(
  {
    type: Type.Literal('Error'),
    code: Type.Union(
      [
        'bad-json',
        'invalid-frame',
        'unknown-type',
        'unknown-method',
        'frame-too-large',
        'binary-frame',
        'busy',
        'internal',
      ].map((code) => Type.Literal(code)),
    ),
    message: Text,
  },
  exactly,
);

const UpdateProcessedFrame = Type.Union([
  Type.Object({ type: Type.Literal('UpdateProcessed'), hub: Text, status: Type.Literal('ok') }, exactly),
  Type.Object(
    { type: Type.Literal('UpdateProcessed'), hub: Text, status: Type.Literal('error'), message: Text },
    exactly,
  ),
]);

const SubscriptionConfirmedFrame = Type.Object(
  { type: Type.Literal('SubscriptionConfirmed'), hub: Text, topic: Text },
  exactly,
);

const FRAMES = new Map<string, TSchema>([
  ['Connected', ConnectedFrame],
  ['Status', StatusFrame],
  ['Notification', NotificationFrame],
  ['Pong', PongFrame],
  ['Error', ErrorFrame],
  ['UpdateProcessed', UpdateProcessedFrame],
  ['SubscriptionConfirmed', SubscriptionConfirmedFrame],
]);

/**
 * What is wrong with a frame; empty where nothing is.
 *
 * @param schemas of the snapshots' data, by hub
 */
export function flawsOf(frame: Frame, schemas: ReadonlyMap<string, TSchema>): string[] {
  const { type, hub } = frame;
  const data = schemas.get(String(hub));
  const schema = type === 'Snapshot' && data !== undefined ? snapshotFrame(data) : FRAMES.get(type);
  if (schema === undefined) return [`there is no frame of type ${type} from ${hub}`];
  const flaws = [...Value.Errors(schema, frame)].map(({ path, message }) => `${type}${path}: ${message}`);
  // The features' own schemas let more members pass than they name; the wire must not.
  const named = Value.Clean(schema, structuredClone(frame));
  return Bun.deepEquals(named, frame) ? flaws : [...flaws, `${type} has members that its schema does not name`];
}
