// DICOM JSON as the node gives it (PS3.18 Annex F), read with care: it is what some
// program wrote into a file once.
import { unturned } from "../words/unturned";

export type Attribute = { vr?: string; Value?: unknown[]; InlineBinary?: string; BulkDataURI?: string };

// Dataset is one object or one item of a sequence, by tag: "00280010".
export type Dataset = { readonly [tag: string]: Attribute | undefined };

const values = (d: Dataset | undefined, tag: string): readonly unknown[] => {
  const found = d?.[tag]?.Value;
  return Array.isArray(found) ? found : [];
};

// numbers returns the finite numbers of an attribute; none if one of them is none.
export function numbers(d: Dataset | undefined, tag: string): number[] {
  const all = values(d, tag).map((v) => (typeof v === "string" && v.trim() ? Number(v) : v));
  return all.every((v): v is number => typeof v === "number" && Number.isFinite(v)) ? all : [];
}

export const numberOf = (d: Dataset | undefined, tag: string): number | undefined => numbers(d, tag)[0];

export function text(d: Dataset | undefined, tag: string): string {
  const [first] = values(d, tag);
  return typeof first === "string" ? unturned(first).trim() : "";
}

export const texts = (d: Dataset | undefined, tag: string): string[] => values(d, tag).filter((v): v is string => typeof v === "string").map((v) => unturned(v).trim());

// personName is the alphabetic form of a PN, its parts with spaces between.
export function personName(d: Dataset | undefined, tag: string): string {
  const [first] = values(d, tag);
  const name = typeof first === "object" && first !== null && "Alphabetic" in first ? first.Alphabetic : "";
  return typeof name === "string" ? unturned(name).split("^").filter(Boolean).join(" ") : "";
}

// items returns those of a sequence, each at its place: an empty one is null (PS3.18 F.2.5).
export function items(d: Dataset | undefined, tag: string): Dataset[] {
  return values(d, tag).map((v) => (typeof v === "object" && v !== null ? (v as Dataset) : {}));
}

// Bulk is a value that is not in the JSON: where to ask for it. most is how many bytes of it
// are of use, where that is known.
export type Bulk = { words?: Uint8Array; uri?: string; most?: number };

// bulk returns a binary value: its bytes, little endian, or where they are. Numbers of
// 16 bits are written as bytes.
export function bulk(d: Dataset | undefined, tag: string): Bulk | undefined {
  const found = d?.[tag];
  if (!found) return undefined;
  if (typeof found.InlineBinary === "string") return { words: fromBase64(found.InlineBinary) };
  if (typeof found.BulkDataURI === "string") return { uri: found.BulkDataURI };
  const listed = numbers(d, tag);
  return listed.length > 0 ? { words: new Uint8Array(Uint16Array.from(listed).buffer) } : undefined;
}

function fromBase64(coded: string): Uint8Array {
  try {
    return Uint8Array.from(atob(coded), (c) => c.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}
