// Where the pixels are in a DICOM file (PS3.10 §7) of transfer syntax Explicit VR Little
// Endian (PS3.5 §7.1.2), which is what the node is asked for.
import { Unreadable } from "./pixels";

// Found is what a file says of its pixels.
// overlays are the Overlay Data of its planes, by group: "6000".
export type Found = { instance: string; photometric: string; planar: boolean; pixels: Uint8Array; overlays: ReadonlyMap<string, Uint8Array> };

const long = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"]);
const undefinedLength = 0xffffffff;
const item = 0xfffee000, itemEnd = 0xfffee00d, sequenceEnd = 0xfffee0dd;

type Element = { tag: number; vr: string; at: number; length: number }; // at: of the value

function elementAt(view: DataView, at: number): Element {
  if (at + 8 > view.byteLength) throw new Unreadable("a file is too short");
  const tag = ((view.getUint16(at, true) << 16) | view.getUint16(at + 2, true)) >>> 0;
  if (tag >>> 16 === 0xfffe) return { tag, vr: "", at: at + 8, length: view.getUint32(at + 4, true) };
  const vr = String.fromCharCode(view.getUint8(at + 4), view.getUint8(at + 5));
  if (!long.has(vr)) return { tag, vr, at: at + 8, length: view.getUint16(at + 6, true) };
  if (at + 12 > view.byteLength) throw new Unreadable("a file is too short");
  return { tag, vr, at: at + 12, length: view.getUint32(at + 8, true) };
}

// past returns where the element behind a sequence of no stated length begins.
function past(view: DataView, from: number): number {
  let at = from, depth = 1;
  while (depth > 0) {
    const e = elementAt(view, at);
    if (e.tag === itemEnd || e.tag === sequenceEnd) depth--;
    else if (e.length === undefinedLength) {
      if (e.tag !== item && e.vr !== "SQ") throw new Unreadable("an element of no length");
      depth++;
    }
    at = e.at + (e.length === undefinedLength ? 0 : e.length);
  }
  return at;
}

// readPart10 finds the pixels of a file. It throws Unreadable for what is none.
export function readPart10(file: Uint8Array): Found {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 132 || view.getUint32(128) !== 0x4449434d) throw new Unreadable("no DICOM file"); // DICM
  const found = { instance: "", photometric: "", planar: false }, overlays = new Map<string, Uint8Array>();
  const textAt = ({ at, length }: Element): string => new TextDecoder().decode(file.subarray(at, at + Math.min(length, 64))).replace(/[\0 ]+$/, "");
  for (let at = 132; at < file.length;) {
    const e = elementAt(view, at);
    if (e.length === undefinedLength) {
      if (e.vr !== "SQ") throw new Unreadable("an element of no length");
      at = past(view, e.at);
      continue;
    }
    at = e.at + e.length;
    if (at > file.length) throw new Unreadable("a file is too short");
    switch (e.tag) {
      case 0x00080018: found.instance = textAt(e); break;
      case 0x00280004: found.photometric = textAt(e); break;
      case 0x00280006: found.planar = e.length === 2 && view.getUint16(e.at, true) === 1; break;
      case 0x7fe00008: case 0x7fe00009: case 0x7fe00010: return { ...found, overlays, pixels: file.subarray(e.at, at) };
      default:
    }
    const group = e.tag >>> 16;
    if (group >= 0x6000 && group <= 0x601e && (e.tag & 0xffff) === 0x3000) overlays.set(group.toString(16).toUpperCase(), file.subarray(e.at, at));
  }
  throw new Unreadable("a file without pixels");
}
