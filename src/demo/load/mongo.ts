import { type Db, type Document, ObjectId } from 'mongodb';

const PER_INSERT = 1_000;

/** The collections of those named that hold a document. */
export async function collectionsWithDocuments(database: Db, names: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const name of names) if ((await database.collection(name).findOne()) !== null) found.push(name);
  return found;
}

export async function emptyCollections(database: Db, names: readonly string[]): Promise<void> {
  for (const name of names) await database.collection(name).deleteMany({});
}

/** @param onProgress receives each collection and its number of documents */
export async function copyCollections(
  collections: Readonly<Record<string, readonly Document[]>>,
  database: Db,
  onProgress: (text: string) => void = () => {},
): Promise<void> {
  for (const [name, documents] of Object.entries(collections)) {
    onProgress(`${name}: ${documents.length} documents`);
    for (let start = 0; start < documents.length; start += PER_INSERT) {
      await database
        .collection(name)
        .insertMany(documents.slice(start, start + PER_INSERT).map(storedForm), { ordered: false });
    }
  }
}

/** As the back end stores it: of an ObjectId the generator has the digits. */
export function storedForm(document: Document): Document {
  const { _id: id } = document;
  return typeof id === 'string' && ObjectId.isValid(id) ? { ...document, _id: new ObjectId(id) } : document;
}
