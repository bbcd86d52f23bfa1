import { type Document, ObjectId } from 'mongodb';

/** A document as the embedded engine has it: of an ObjectId its digits, which sort as it does. */
export function withDigits(document: Document): Document {
  const { _id: id } = document;
  return id instanceof ObjectId ? { ...document, _id: id.toHexString() } : document;
}
