import { type Db, type Document, ObjectId } from 'mongodb';

const DOCUMENTS_PER_INSERT = 1_000;

/** Which of these collections are not empty. */
export async function collectionsWithDocuments(database: Db, names: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const name of names) if ((await database.collection(name).findOne()) !== null) found.push(name);
  return found;
}

export async function emptyCollections(database: Db, names: readonly string[]): Promise<void> {
  for (const name of names) await database.collection(name).deleteMany({});
}

/** @param onProgress called with each collection and its number of documents */
export async function copyCollections(
  collections: Readonly<Record<string, readonly Document[]>>,
  database: Db,
  onProgress: (text: string) => void = () => {},
): Promise<void> {
  for (const [name, documents] of Object.entries(collections)) {
    onProgress(`${name}: ${documents.length} documents`);
    for (let start = 0; start < documents.length; start += DOCUMENTS_PER_INSERT) {
      await database
        .collection(name)
        .insertMany(documents.slice(start, start + DOCUMENTS_PER_INSERT).map(storedForm), { ordered: false });
    }
  }
}

/** A document as the back end stores it, with ObjectIds made from the hexadecimal digits of the generator. */
export function storedForm(document: Document): Document {
  const { _id: id } = document;
  return typeof id === 'string' && ObjectId.isValid(id) ? { ...document, _id: new ObjectId(id) } : document;
}
