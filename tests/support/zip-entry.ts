import { inflateRawSync } from 'node:zlib';

/** The text of a file in a ZIP archive (APPNOTE.TXT, section 4.3). @throws Error if there is none of that name */
export function zipEntry(archive: Uint8Array, name: string): string {
  const bytes = Buffer.from(archive);
  const end = bytes.lastIndexOf('PK\u0005\u0006', undefined, 'latin1');
  let at = bytes.readUInt32LE(end + 16);
  for (let count = bytes.readUInt16LE(end + 10); count > 0; count--) {
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    const nameEnd = at + 46 + (nameBytes ?? 0);
    if (bytes.toString('utf8', at + 46, nameEnd) === name) return contentAt(bytes, at);
    at = nameEnd + (extraBytes ?? 0) + (commentBytes ?? 0);
  }
  throw new Error(`There is no ${name} in the archive`);
}

function contentAt(bytes: Buffer, entry: number): string {
  const compressed = bytes.readUInt32LE(entry + 20);
  const header = bytes.readUInt32LE(entry + 42);
  const start = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28);
  const content = bytes.subarray(start, start + compressed);
  return (bytes.readUInt16LE(entry + 10) === 0 ? content : inflateRawSync(content)).toString();
}
