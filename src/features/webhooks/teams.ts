import type { Notification } from '../../core/notifications/notification.ts';
import { SEVERITY_LABELS } from './severity.ts';

/**
 * A message may have 28 KB (learn.microsoft.com/connectors/teams, "Known issues and limitations"). In UTF-8 within JSON a
 * UTF-16 unit takes 6 bytes at most: these two texts together stay below 27 KB.
 */
const LONGEST_TITLE = 500;
const LONGEST_MESSAGE = 4_000;

/** The colours of Adaptive Cards. */
const COLORS: { readonly [Severity in Notification['severity']]: string } = {
  info: 'accent',
  warning: 'warning',
  critical: 'attention',
};

/**
 * The body for a workflow of Teams with the trigger "When a Teams webhook request is received": a message with an Adaptive
 * Card (support.microsoft.com, "Create incoming webhooks with Workflows for Microsoft Teams").
 *
 * Texts are runs of a `RichTextBlock`, which show no Markdown: a `TextBlock` would make links and headings of what it
 * contains (learn.microsoft.com/adaptive-cards/schema-explorer/text-run).
 */
export function teamsMessage({ id, hub, severity, title, message, at }: Notification) {
  const label = SEVERITY_LABELS[severity];
  const block = (run: Readonly<Record<string, unknown>>) => ({
    type: 'RichTextBlock',
    inlines: [{ type: 'TextRun', ...run }],
  });
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            block({
              text: `${label}: ${shorten(title, LONGEST_TITLE)}`,
              ...{ weight: 'bolder', size: 'medium', color: COLORS[severity] },
            }),
            block({ text: shorten(message, LONGEST_MESSAGE) }),
            block({ text: `${hub} · ${at} · ${id}`, size: 'small', isSubtle: true }),
          ],
        },
      },
    ],
  };
}

/** Shortens a text to so many UTF-16 units, without cutting a character in two. */
function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
