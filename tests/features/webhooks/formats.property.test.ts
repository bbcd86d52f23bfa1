import { describe, expect, test } from 'bun:test';
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import fc from 'fast-check';
import type { Notification } from '../../../src/core/notifications/notification.ts';
import { webhookMessage } from '../../../src/features/webhooks/message.ts';

const strict = { additionalProperties: false };

/** Slack, "Text object": 1 to 3,000 characters; `verbatim` for `mrkdwn` only, `emoji` for `plain_text` only. */
const Markdown = Type.Object(
  {
    type: Type.Literal('mrkdwn'),
    text: Type.String({ minLength: 1, maxLength: 3_000 }),
    verbatim: Type.Optional(Type.Boolean()),
  },
  strict,
);
/**
 * Slack, "Sending messages using incoming webhooks", "Header block" (150 characters, plain text), "Section block", "Context
 * block" (10 elements), and "Blocks" (50 in a message): docs.slack.dev/reference/block-kit/blocks.
 */
const SlackMessage = Type.Object(
  {
    text: Type.String({ minLength: 1, maxLength: 40_000 }),
    blocks: Type.Array(
      Type.Union([
        Type.Object(
          {
            type: Type.Literal('header'),
            text: Type.Object(
              {
                type: Type.Literal('plain_text'),
                text: Type.String({ minLength: 1, maxLength: 150 }),
                emoji: Type.Optional(Type.Boolean()),
              },
              strict,
            ),
          },
          strict,
        ),
        Type.Object({ type: Type.Literal('section'), text: Markdown }, strict),
        Type.Object(
          { type: Type.Literal('context'), elements: Type.Array(Markdown, { minItems: 1, maxItems: 10 }) },
          strict,
        ),
      ]),
      { minItems: 1, maxItems: 50 },
    ),
  },
  strict,
);

/** adaptivecards.io/schemas/adaptive-card.json: `RichTextBlock` and `TextRun` (since 1.2) in a card of 1.4. */
const RichTextBlock = Type.Object(
  {
    type: Type.Literal('RichTextBlock'),
    inlines: Type.Array(
      Type.Object(
        {
          type: Type.Literal('TextRun'),
          text: Type.String(),
          color: Type.Optional(
            Type.Union(
              ['default', 'dark', 'light', 'accent', 'good', 'warning', 'attention'].map((name) => Type.Literal(name)),
            ),
          ),
          weight: Type.Optional(Type.Union(['lighter', 'default', 'bolder'].map((name) => Type.Literal(name)))),
          size: Type.Optional(
            Type.Union(['small', 'default', 'medium', 'large', 'extraLarge'].map((name) => Type.Literal(name))),
          ),
          isSubtle: Type.Optional(Type.Boolean()),
        },
        strict,
      ),
      { minItems: 1 },
    ),
  },
  strict,
);
/** support.microsoft.com, "Create incoming webhooks with Workflows for Microsoft Teams". */
const TeamsMessage = Type.Object(
  {
    type: Type.Literal('message'),
    attachments: Type.Array(
      Type.Object(
        {
          contentType: Type.Literal('application/vnd.microsoft.card.adaptive'),
          contentUrl: Type.Null(),
          content: Type.Object(
            {
              $schema: Type.Literal('http://adaptivecards.io/schemas/adaptive-card.json'),
              type: Type.Literal('AdaptiveCard'),
              version: Type.Literal('1.4'),
              body: Type.Array(RichTextBlock, { minItems: 1 }),
            },
            strict,
          ),
        },
        strict,
      ),
      { minItems: 1, maxItems: 1 },
    ),
  },
  strict,
);
/** learn.microsoft.com/connectors/teams, "Known issues and limitations": about 28 KB. */
const TEAMS_LIMIT_BYTES = 28 * 1024;

const AT = '2026-03-15T12:00:00.000Z';
const notification = (content: Partial<Notification> = {}): Notification => ({
  ...{ id: 1_773_576_000_000, hub: 'claims', severity: 'critical', title: 'Claim 17 turned critical' },
  ...{ message: 'open for 31 days', at: AT, data: {} },
  ...content,
});

function bodyOf<Schema extends TSchema>(schema: Schema, format: 'slack' | 'teams', content: Notification) {
  const { body, headers } = webhookMessage(content, { format, secrets: [], id: '1', at: 0 });
  expect(Object.keys(headers).sort()).toEqual(['content-type', 'user-agent']);
  const message: unknown = JSON.parse(body);
  const [error] = Value.Errors(schema, message);
  expect(error).toBeUndefined();
  return { message: Value.Decode(schema, message) as Static<Schema>, bytes: Buffer.byteLength(body) };
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 5_000, size: 'max' }),
  fc.constantFrom('', '&'.repeat(5_000), '<!channel>', '🔥'.repeat(3_000), '\u0000'.repeat(9_000), '\\"'.repeat(9_000)),
);
const anyNotification = fc
  .record({
    title: anyText,
    message: anyText,
    severity: fc.constantFrom('info' as const, 'warning' as const, 'critical' as const),
  })
  .map(notification);

describe('a message for Slack', () => {
  test('shows the severity in a word and a sign, then the text', () => {
    const { message } = bodyOf(SlackMessage, 'slack', notification());
    expect(message).toEqual({
      text: '🔴 Critical: Claim 17 turned critical',
      blocks: [
        {
          type: 'header',
          text: { type: 'plain_text', text: '🔴 Critical: Claim 17 turned critical', emoji: false },
        },
        { type: 'section', text: { type: 'mrkdwn', text: 'open for 31 days', verbatim: true } },
        {
          type: 'context',
          elements: [{ type: 'mrkdwn', text: `claims · ${AT} · 1773576000000`, verbatim: true }],
        },
      ],
    });
  });

  test('mentions nobody and links nothing', () => {
    const { message } = bodyOf(
      SlackMessage,
      'slack',
      notification({ title: '<!channel>', message: 'a & <b|c> &amp;' }),
    );
    expect(JSON.stringify(message)).toContain('&lt;!channel&gt;');
    expect(JSON.stringify(message)).toContain('a &amp; &lt;b|c&gt; &amp;amp;');
  });

  test('is valid whatever the texts are, with no half of an entity or of a character', () => {
    fc.assert(
      fc.property(anyNotification, (content) => {
        const { message } = bodyOf(SlackMessage, 'slack', content);
        const texts = [message.text, ...message.blocks.flatMap((block) => ('text' in block ? [block.text.text] : []))];
        for (const text of texts) {
          expect(text.replaceAll(/&(?:amp|lt|gt);/g, '')).not.toMatch(/[&<>]/);
          expect(text).toBe(text.toWellFormed());
        }
      }),
    );
  });
});

describe('a message for Teams', () => {
  test.each([
    ['info', '🔵 Info', 'accent'],
    ['warning', '🟠 Warning', 'warning'],
    ['critical', '🔴 Critical', 'attention'],
  ] as const)('shows %s in a word, a sign and a colour, then the text', (severity, label, color) => {
    const { message } = bodyOf(TeamsMessage, 'teams', notification({ severity, message: '[a](https://b) **c**' }));
    expect(message.attachments[0]?.content.body.flatMap(({ inlines }) => inlines)).toEqual([
      { type: 'TextRun', text: `${label}: Claim 17 turned critical`, weight: 'bolder', size: 'medium', color },
      { type: 'TextRun', text: '[a](https://b) **c**' },
      { type: 'TextRun', text: `claims · ${AT} · 1773576000000`, size: 'small', isSubtle: true },
    ]);
  });

  test('is valid and below 28 KB whatever the texts are', () => {
    fc.assert(
      fc.property(anyNotification, (content) => {
        const { message, bytes } = bodyOf(TeamsMessage, 'teams', content);
        expect(bytes).toBeLessThan(TEAMS_LIMIT_BYTES);
        for (const { inlines } of message.attachments[0]?.content.body ?? []) {
          for (const { text } of inlines) expect(text).toBe(text.toWellFormed());
        }
      }),
    );
  });
});
