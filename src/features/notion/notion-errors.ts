import { isHTTPResponseError, isNotionClientError } from '@notionhq/client';
import type { Instant } from '../../core/figures/calendar.ts';
import { errorOfAnswer, RefusedError, RetryLaterError } from '../../core/outlets/outlet-errors.ts';

/** A refusal in two parts: what happened, and what a person can do. */
export class AdvisedError extends RefusedError {
  constructor(
    readonly found: string,
    readonly advice: string,
  ) {
    super(`${found}; ${advice}`);
  }
}

/** 404 `object_not_found`: it does not exist, is deleted for good, or is not shared with the integration. */
export class NotFoundError extends AdvisedError {}

/** 400 `validation_error`: a page or database in the trash, or properties that people changed. */
export class InvalidRequestError extends AdvisedError {}

/** What an administrator can do about a refusal, by Notion's code (https://developers.notion.com/reference/status-codes). */
const ADVICE: Readonly<Record<string, string>> = {
  unauthorized: 'check NOTION_TOKEN: the token is wrong, or was revoked',
  restricted_resource:
    'allow the integration to read, insert and update content, in its settings under "Capabilities" at Notion',
  object_not_found:
    'share the page with the integration (the menu ••• of the page, "Connections"), and check NOTION_PAGE_ID',
  validation_error: 'restore the page of NOTION_PAGE_ID if it is in the trash, and undo changes to the database',
};
const OTHER_ADVICE = 'check NOTION_API_URL: the answer is not one that this version expects from Notion';

/** The advice follows the quote, and a status shows 300 characters of both. */
const LONGEST_QUOTE = 100;

export interface FailedCall {
  /** `write claims.summary.WinRate`. */
  readonly what: string;
  /** Left out of what is quoted: a proxy may echo a request. */
  readonly token: string;
  readonly now: Instant;
}

/** The error that a failed call of Notion's client stands for. Other errors stay as they are. */
export function errorOfCall(error: unknown, { what, token, now }: FailedCall): unknown {
  if (error instanceof SyntaxError) return new RetryLaterError(`Notion did not answer with JSON: ${what}`);
  if (!isNotionClientError(error)) return error;
  const quote = error.message.replaceAll(token, '…').slice(0, LONGEST_QUOTE);
  if (!isHTTPResponseError(error)) return new RetryLaterError(`Notion: ${what} failed (${quote})`);
  const { status, code } = error;
  const headers = error.headers instanceof Headers ? error.headers : new Headers();
  const message = `Notion did not ${what} (${status} ${code}: ${quote})`;
  const failure = errorOfAnswer({ status, headers, message }, now);
  if (failure instanceof RetryLaterError) return failure;
  const advice = ADVICE[code] ?? OTHER_ADVICE;
  if (code === 'object_not_found') return new NotFoundError(message, advice);
  return code === 'validation_error' ? new InvalidRequestError(message, advice) : new AdvisedError(message, advice);
}
