import { signal } from '@preact/signals';

const NAME = 'greg-bi.token';

/** The access token, kept for this tab only and never part of an address. */
export const token = signal<string | undefined>(keptToken());

export function setToken(value: string | undefined): void {
  token.value = value;
  try {
    if (value === undefined) sessionStorage.removeItem(NAME);
    else sessionStorage.setItem(NAME, value);
  } catch {
    // Storage is refused: the token lasts as long as the page.
  }
}

function keptToken(): string | undefined {
  try {
    return sessionStorage.getItem(NAME) ?? undefined;
  } catch {
    return undefined;
  }
}
