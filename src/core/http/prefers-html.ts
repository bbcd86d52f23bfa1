/**
 * Whether `Accept` names HTML and does not prefer JSON (RFC 9110, section 12.5.1). A client that accepts anything, such as
 * curl, does not name it.
 *
 * @param accept the header; null if there is none
 */
export function prefersHtml(accept: string | null): boolean {
  const html = weightOf('text/html', accept ?? '');
  return html > 0 && html >= weightOf('application/json', accept ?? '');
}

/** From 0 to 1; 0 if the type is not named. */
function weightOf(type: string, accept: string): number {
  for (const range of accept.toLowerCase().split(',')) {
    const [name, ...parameters] = range.split(';').map((part) => part.trim());
    if (name !== type) continue;
    const weight = parameters.find((parameter) => /^q\s*=/.test(parameter))?.split('=')[1];
    return weight === undefined ? 1 : Number.parseFloat(weight) || 0;
  }
  return 0;
}
