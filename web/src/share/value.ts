// A value that lies in a DICOM file (PS3.10 §7) and is too large for its attributes: a
// document, a film, samples of a waveform. The file is a Blob, which the browser may keep
// outside memory; of it only heads of elements are read, and the value is cut out.
import { Problem } from "../api/client";

// Path leads to a value: its tag; or a sequence's tag, the place of an item, and so on.
export type Path = readonly number[];

const long = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"]);
const undefinedLength = 0xffffffff, itemTag = 0xfffee000, itemEnd = 0xfffee00d, sequenceEnd = 0xfffee0dd;
const implicitLittleEndian = "1.2.840.10008.1.2"; // PS3.5 §A.1
const unread = new Set(["1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.2"]); // deflated, and big endian
const windowBytes = 64 << 10, mostElements = 1 << 20, mostFragments = 1 << 16;

type Element = { tag: number; vr: string; at: number; length: number }; // at: of the value

const broken = (): Problem => new Problem({ class: "corrupt" });

// Heads reads heads of elements anywhere in a file, some of it at a time.
class Heads {
  implicit = false;
  #from = 0;
  #view = new DataView(new ArrayBuffer(0));
  #left = mostElements;

  constructor(readonly file: Blob, private readonly signal: AbortSignal) {}

  async bytes(at: number, length: number): Promise<DataView> {
    this.signal.throwIfAborted();
    if (at + length > this.file.size) throw broken();
    if (at < this.#from || at + length > this.#from + this.#view.byteLength) {
      this.#view = new DataView(await this.file.slice(at, at + Math.max(length, windowBytes)).arrayBuffer());
      this.#from = at;
    }
    return new DataView(this.#view.buffer, at - this.#from, length);
  }

  async element(at: number): Promise<Element> {
    if (--this.#left < 0) throw broken();
    const head = await this.bytes(at, 8), tag = ((head.getUint16(0, true) << 16) | head.getUint16(2, true)) >>> 0;
    if (tag >>> 16 === 0xfffe || this.implicit) {
      const length = head.getUint32(4, true);
      return { tag, vr: tag >>> 16 !== 0xfffe && length === undefinedLength ? "SQ" : "", at: at + 8, length };
    }
    const vr = String.fromCharCode(head.getUint8(4), head.getUint8(5));
    if (!long.has(vr)) return { tag, vr, at: at + 8, length: head.getUint16(6, true) };
    return { tag, vr, at: at + 12, length: (await this.bytes(at + 8, 4)).getUint32(0, true) };
  }

  // past is where what follows an element begins.
  async past(of: Element): Promise<number> {
    if (of.length !== undefinedLength) return of.at + of.length;
    let at = of.at;
    for (let depth = 1; depth > 0;) {
      const e = await this.element(at);
      if (e.tag === itemEnd || e.tag === sequenceEnd) depth--;
      else if (e.length === undefinedLength) depth++;
      at = e.at + (e.length === undefinedLength ? 0 : e.length);
    }
    return at;
  }

  // find looks for a tag from a place on, in what ends at another, or at an item's end.
  async find(tag: number, from: number, end: number): Promise<Element> {
    for (let at = from; at < end;) {
      const e = await this.element(at);
      if (e.tag === tag) return e;
      if (e.tag > tag) break; // they are in the order of their tags (PS3.5 §7.1)
      at = await this.past(e);
    }
    throw new Problem({ class: "not-found" });
  }

  // item is the one at a place of a sequence.
  async item(of: Element, place: number): Promise<Element> {
    const end = of.length === undefinedLength ? this.file.size : of.at + of.length;
    for (let at = of.at, n = 0; at < end; n++) {
      const e = await this.element(at);
      if (e.tag !== itemTag) break;
      if (n === place) return e;
      at = await this.past(e);
    }
    throw new Problem({ class: "not-found" });
  }
}

// syntaxOf reads the transfer syntax, and where the data set begins.
async function syntaxOf(heads: Heads): Promise<{ syntax: string; start: number }> {
  if ((await heads.bytes(128, 4)).getUint32(0) !== 0x4449434d) throw broken(); // DICM
  let syntax = "", at = 132;
  for (; at < heads.file.size;) {
    const e = await heads.element(at);
    if (e.tag >>> 16 !== 2) break;
    if (e.length > windowBytes) throw broken();
    if (e.tag === 0x00020010) syntax = new TextDecoder().decode(await heads.bytes(e.at, e.length)).replace(/[\0 ]+$/, "");
    at = e.at + e.length;
  }
  return { syntax, start: at };
}

// valueIn cuts a value out of a file: bytes in fragments are put together. It rejects with
// a Problem for a file that cannot be read, or that has no such value.
export async function valueIn(file: Blob, path: Path, signal: AbortSignal): Promise<Blob> {
  const heads = new Heads(file, signal), { syntax, start } = await syntaxOf(heads);
  if (unread.has(syntax)) throw new Problem({ class: "unsupported" });
  heads.implicit = syntax === implicitLittleEndian;
  let found = await heads.find(path[0] ?? 0, start, file.size);
  for (let i = 1; i + 1 < path.length; i += 2) {
    const item = await heads.item(found, path[i] ?? 0);
    found = await heads.find(path[i + 1] ?? 0, item.at, item.length === undefinedLength ? file.size : item.at + item.length);
  }
  if (found.length === undefinedLength) return fragments(heads, found);
  if (found.at + found.length > file.size) throw broken();
  return file.slice(found.at, found.at + found.length);
}

// fragments are those of encapsulated data, without the table of offsets that is their
// first item (PS3.5 §A.4).
async function fragments(heads: Heads, of: Element): Promise<Blob> {
  const parts: Blob[] = [];
  for (let at = of.at, n = 0; ; n++) {
    const e = await heads.element(at);
    if (e.tag === sequenceEnd) return new Blob(parts);
    if (e.tag !== itemTag || e.at + e.length > heads.file.size || n > mostFragments) throw broken();
    if (n > 0) parts.push(heads.file.slice(e.at, e.at + e.length));
    at = e.at + e.length;
  }
}
