import type { Notification } from '../../core/notifications/notification.ts';
import { SEVERITY_LABELS } from './severity.ts';

/** Slack, "Header block": 150 characters. */
const LONGEST_HEADER = 150;
/** Slack, "Text object": 3,000 characters. */
const LONGEST_TEXT = 3_000;

/**
 * The body for an incoming webhook of Slack (docs.slack.dev/messaging/sending-messages-using-incoming-webhooks). `text` is
 * what a notification of Slack and a screen reader show in place of the blocks.
 */
export function slackMessage({ id, hub, severity, title, message, at }: Notification) {
  const label = SEVERITY_LABELS[severity];
  const text = (content: string) => ({
    type: 'mrkdwn',
    text: escaped(content, LONGEST_TEXT),
    // Names of channels and addresses in a text become no links.
    verbatim: true,
  });
  return {
    text: escaped(`${label}: ${title}`, LONGEST_TEXT),
    blocks: [
      {
        type: 'header',
        text: { type: 'plain_text', text: escaped(`${label}: ${title}`, LONGEST_HEADER), emoji: false },
      },
      // A text object needs at least one character.
      { type: 'section', text: text(message === '' ? title || '-' : message) },
      { type: 'context', elements: [text(`${hub} · ${at} · ${id}`)] },
    ],
  };
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * Escapes what Slack reads as a mention or a link (docs.slack.dev/messaging/formatting-message-text, "Escaping text"), and
 * cuts between characters, so that no half of an entity is left.
 */
function escaped(text: string, most: number): string {
  const characters = [...text].map((character) => ENTITIES[character] ?? character);
  const whole = characters.join('');
  if (whole.length <= most) return whole;
  let kept = '';
  for (const character of characters) {
    if (kept.length + character.length > most - 1) break;
    kept += character;
  }
  return `${kept}…`;
}
