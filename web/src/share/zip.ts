// A ZIP file of stored entries (APPNOTE.TXT 4.3), of up to 4 GiB.
import { ShareError } from "./link";

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

// crc32 goes on from a value that it returned before; from 0 at first.
export function crc32(bytes: Uint8Array, before = 0): number {
  let c = ~before;
  for (const byte of bytes) c = (table[(c ^ byte) & 255] ?? 0) ^ (c >>> 8);
  return ~c >>> 0;
}

export type Entry = { name: string; size: number; bytes: () => Promise<Uint8Array<ArrayBuffer>> };

const most = 0xffffffff, mostEntries = 0xffff;
const year1980 = 0x21; // 1980-01-01: when they were written is in the files themselves

// zip packs files one after the other; the browser may keep what is done outside memory.
export async function zip(entries: readonly Entry[], progress: (done: number) => void): Promise<Blob> {
  const total = entries.reduce((sum, { name, size }) => sum + size + 76 + 2 * name.length, 22);
  if (total > most || entries.length > mostEntries) throw new ShareError("unsupported", "there is more than one ZIP file takes");
  const body: Blob[] = [], directory: Uint8Array<ArrayBuffer>[] = [];
  let at = 0;
  for (const [i, { name, bytes }] of entries.entries()) {
    const content = await bytes(), crc = crc32(content), label = new TextEncoder().encode(name);
    // needed: version 1.0; no flags; stored; time and date; CRC-32; sizes; length of the name; no extra field
    const common = packed([[10, 2], [0, 2], [0, 2], [0, 2], [year1980, 2], [crc, 4], [content.length, 4], [content.length, 4], [label.length, 2], [0, 2]]);
    body.push(new Blob([packed([[0x04034b50, 4]]), common, label, content]));
    directory.push(packed([[0x02014b50, 4], [10, 2]]), common, packed([[0, 2], [0, 2], [0, 2], [0, 4], [at, 4]]), label);
    at += 30 + label.length + content.length;
    progress(i + 1);
  }
  const size = directory.reduce((sum, piece) => sum + piece.length, 0);
  const end = packed([[0x06054b50, 4], [0, 2], [0, 2], [entries.length, 2], [entries.length, 2], [size, 4], [at, 4], [0, 2]]);
  return new Blob([...body, ...directory, end], { type: "application/zip" });
}

// packed writes numbers little endian, each with its bytes.
function packed(fields: readonly (readonly [value: number, bytes: 2 | 4])[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(fields.reduce((sum, [, bytes]) => sum + bytes, 0)), view = new DataView(out.buffer);
  let at = 0;
  for (const [value, bytes] of fields) {
    if (bytes === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += bytes;
  }
  return out;
}
