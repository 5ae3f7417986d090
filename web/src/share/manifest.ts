// What a share shows: its manifest, which is part 0, and which the node never reads.
import { unturned } from "../words/unturned";
import { fromBase64url, type Bytes, type Link, maxParts, partBytes, PartBuffer, ShareError } from "./link";

// FileEntry is one file. The files lie in the parts one after the other.
export type FileEntry = {
  size: number; // bytes, at least 1
  type?: string; // media type; none is application/dicom
  number?: number;
  frames?: number;
  rows?: number;
  columns?: number;
};

// SeriesEntry is one series, its files in the order in which they are shown.
export type SeriesEntry<File extends FileEntry = FileEntry> = { modality?: string; label?: string; files: File[] };

// About is what the owner says of what is shown.
export type About<File extends FileEntry = FileEntry> = { label?: string; note?: string; series: SeriesEntry<File>[] };

export type Manifest = About & { parts: string[] };

const version = 1;
const least = 4 << 10; // plain bytes of a manifest
const most = 4 << 20;
const hashBytes = 32;
const head = 1 + hashBytes; // version and synthetic value
const over = head + 16;

export function filesOf<File extends FileEntry>(about: About<File>): File[] {
  return about.series.flatMap((series) => series.files);
}

// partsFor is how many parts hold so many bytes: at least one, and from 16 on a number
// whose binary form has four digits that may be 1, so that sizes tell less.
export function partsFor(size: number): number {
  const parts = Math.max(1, Math.ceil(size / partBytes));
  const unit = 2 ** Math.max(0, Math.floor(Math.log2(parts)) - 3);
  return Math.ceil(parts / unit) * unit;
}

// sizeOf is the bytes of all files; a ShareError if there is none, or they are too many.
export function sizeOf(about: About): number {
  let total = 0;
  for (const { size } of filesOf(about)) {
    if (!Number.isSafeInteger(size) || size < 1) throw new ShareError("invalid", "a file without bytes");
    total += size;
  }
  if (total < 1 || total > maxParts * partBytes) throw new ShareError("invalid", "a share has no such size");
  return total;
}

// lean leaves out what is not said, so that the same words are the same bytes everywhere.
function lean(about: About, parts: string[]): Manifest {
  const kept = (value: string | number | undefined) => (value === "" || value === 0 ? undefined : value);
  const file = (f: FileEntry) => ({
    size: f.size, type: kept(f.type), number: kept(f.number), frames: kept(f.frames), rows: kept(f.rows), columns: kept(f.columns),
  });
  const series = about.series.map((s) => ({ modality: kept(s.modality), label: kept(s.label), files: s.files.map(file) }));
  return { label: kept(about.label), note: kept(about.note), series, parts } as Manifest;
}

// sealManifest pads a manifest with spaces to one of few sizes, and seals it.
export async function sealManifest(link: Link, about: About, parts: string[]): Promise<Bytes> {
  const text = new TextEncoder().encode(JSON.stringify(lean(about, parts)));
  let size = least;
  while (size < text.length) size *= 2;
  if (size > most) throw new ShareError("invalid", "there is more to say of it than a share takes");
  const buffer = new PartBuffer(size);
  buffer.plain.fill(0x20);
  buffer.plain.set(text);
  const synthetic = await link.synthetic(buffer.numbered(0));
  const sealed = new Uint8Array(size + over);
  sealed[0] = version;
  sealed.set(synthetic, 1);
  sealed.set(await link.seal(0, synthetic, buffer.plain), head);
  return sealed;
}

// openManifest opens a manifest and checks all that is counted by it.
export async function openManifest(link: Link, sealed: Bytes): Promise<{ manifest: Manifest; synthetic: Bytes[] }> {
  const plainSize = sealed.length - over;
  if (plainSize < least || plainSize > most || !Number.isInteger(Math.log2(plainSize))) throw broken("a manifest has no such size");
  if (sealed[0] !== version) throw new ShareError("unsupported", "this share is of a later version");
  const plain = await link.open(0, sealed.slice(1, head), sealed.subarray(head));
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(plain));
  } catch {
    throw broken("the manifest is no JSON");
  }
  const manifest = manifestOf(value);
  if (manifest.parts.length !== partsFor(sizeOf(manifest))) throw broken("the files and the parts do not belong together");
  const synthetic = manifest.parts.map((text) => {
    const bytes = fromBase64url(text, hashBytes);
    if (bytes === undefined) throw broken("a part has no synthetic value");
    return bytes;
  });
  return { manifest, synthetic };
}

const broken = (why: string) => new ShareError("corrupt", why);

const words = (value: unknown): string | undefined => { const said = text(value); return said === undefined ? said : unturned(said); };

// manifestOf reads what somebody with the link has written, who may be anybody.
function manifestOf(value: unknown): Manifest {
  const all = fields(value);
  const series = items(all["series"]).map((one) => {
    const s = fields(one);
    const files = items(s["files"]).map((each) => {
      const f = fields(each);
      return { size: number(f["size"]) ?? 0, type: text(f["type"]), number: number(f["number"]), frames: number(f["frames"]), rows: number(f["rows"]), columns: number(f["columns"]) };
    });
    return { modality: text(s["modality"]), label: words(s["label"]), files };
  });
  const parts = items(all["parts"]).map((part) => text(part) ?? "");
  const about = { label: words(all["label"]), note: words(all["note"]), series };
  try {
    sizeOf(about as About);
  } catch {
    throw broken("the files have no such sizes");
  }
  return lean(about as About, parts);
}

function fields(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw broken("the manifest has another shape");
  return value as Record<string, unknown>;
}

function items(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw broken("the manifest has another shape");
  return value;
}

function text(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw broken("the manifest has another shape");
  return value;
}

function number(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Number.isSafeInteger(value)) throw broken("the manifest has another shape");
  return value as number;
}
