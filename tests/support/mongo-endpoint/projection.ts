import type { Document } from 'mongodb';

/**
 * The named fields of a document, `_id` always (MongoDB manual, "Project Fields to Return"). Only inclusion, which is what
 * the feed asks for; a name with a dot reaches into a document.
 */
export function project(document: Document, projection: Document): Document {
  const projected: Document = '_id' in document ? { _id: document._id } : {};
  for (const path of Object.keys(projection)) {
    const [head = '', ...rest] = path.split('.');
    if (!Object.hasOwn(document, head) || head === '_id') continue;
    const value: unknown = document[head];
    if (rest.length === 0) projected[head] = value;
    else if (typeof value === 'object' && value !== null) {
      projected[head] = { ...projected[head], ...only(value, rest.join('.')) };
    }
  }
  return projected;
}

function only(value: Document, path: string): Document {
  const [head = '', ...rest] = path.split('.');
  if (!Object.hasOwn(value, head)) return {};
  return rest.length === 0 ? { [head]: value[head] } : { [head]: only(value[head], rest.join('.')) };
}
