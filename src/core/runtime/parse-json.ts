/** What a JSON text says; undefined for a text that is no JSON, which no JSON text says. */
export function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
