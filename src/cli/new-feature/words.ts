/** Portuguese for common column names. Other names stay as they are, for a person to translate. */
const PORTUGUESE: Readonly<Record<string, string>> = {
  Category: 'Categoria',
  Level: 'Nível',
  Method: 'Método',
  Status: 'Situação',
  Type: 'Tipo',
  status: 'Situação',
};

/** The title of a column: `FeatureCategoria` becomes `Feature categoria`. */
export function wordsOf(column: string): { readonly en: string; readonly pt: string } {
  const words = column.replaceAll(/([a-z0-9])([A-Z])/g, (_, before, after) => `${before} ${after.toLowerCase()}`);
  const en = words.charAt(0).toUpperCase() + words.slice(1);
  return { en, pt: PORTUGUESE[column] ?? en };
}

/** A text as a TypeScript literal. */
export function quoted(text: string): string {
  return text.includes("'") ? JSON.stringify(text) : `'${text}'`;
}

/** A title as a TypeScript literal. */
export function titleLiteral(en: string, pt: string, good?: 'up'): string {
  return `{ en: ${quoted(en)}, pt: ${quoted(pt)}${good === undefined ? '' : `, good: '${good}'`} }`;
}

/** A part of a template, or nothing if the slice does not need it. */
export function when(condition: string | boolean | null, text: string): string {
  return condition === null || condition === false ? '' : text;
}
