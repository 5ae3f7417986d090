// From stored values to gray (PS3.3 C.11.1, C.11.2).

export type Voi = "LINEAR" | "LINEAR_EXACT" | "SIGMOID";
export type Window = { center: number; width: number; voi: Voi; name?: string };

// Lut is a table: its first entry is for value first; entries have bits bits.
export type Lut = { first: number; bits: number; entries: Uint16Array | Uint8Array };

export const isWindow = (w: Window): boolean => Number.isFinite(w.center) && Number.isFinite(w.width) && (w.voi === "LINEAR" ? w.width >= 1 : w.width > 0);

const byte = (v: number): number => (v > 0 ? Math.min(255, Math.trunc(v)) : 0); // what is no number is 0

// grayOf returns the function of a window: values of the Modality LUT to 0…255.
export function grayOf({ center, width, voi }: Window): (v: number) => number {
  if (voi === "SIGMOID") return (v) => byte(255 / (1 + Math.exp((-4 * (v - center)) / width))); // C.11.2.1.3.1
  // C.11.2.1.2.1: from c - 0.5 - (w-1)/2 to c - 0.5 + (w-1)/2. C.11.2.1.3.2: from c - w/2 to c + w/2.
  const low = voi === "LINEAR" ? center - 0.5 - (width - 1) / 2 : center - width / 2;
  const span = voi === "LINEAR" ? width - 1 : width;
  if (span <= 0) return (v) => (v > low ? 255 : 0);
  return (v) => byte(((v - low) * 255) / span);
}

// at returns a table's entry; values beyond its ends have those of the ends.
export function at(lut: Lut, v: number): number {
  const i = Math.min(lut.entries.length - 1, Math.max(0, Math.round(v - lut.first)));
  return lut.entries[Number.isNaN(i) ? 0 : i] ?? 0;
}

// grayOfLut returns the function of a VOI LUT: the whole range of its entries is drawn
// (PS3.3 C.11.2.1.1).
export function grayOfLut(lut: Lut): (v: number) => number {
  const top = 2 ** lut.bits - 1;
  return (v) => Math.trunc((Math.min(at(lut, v), top) * 255) / top);
}

// stretch is the window that shows all between two values.
export const stretch = (low: number, high: number): Window => ({ center: (low + high) / 2, width: Math.max(high - low, Number.MIN_VALUE), voi: "LINEAR_EXACT" });

// readLut reads a table from its descriptor (how many entries, the first value, bits)
// and data: words, or bytes if there are not enough for words. undefined if it is none.
export function readLut(descriptor: readonly number[], data: Uint8Array, signed: boolean): Lut | undefined {
  const [count, first, bits] = descriptor;
  if (count === undefined || first === undefined || bits === undefined || !(bits >= 8 && bits <= 16)) return undefined;
  const n = (count & 0xffff) || 0x10000;
  const from = signed ? (first << 16) >> 16 : first & 0xffff;
  if (bits === 8 && data.length < 2 * n) return data.length < n ? undefined : { first: from, bits, entries: data.subarray(0, n) };
  if (data.length < 2 * n) return undefined;
  return { first: from, bits, entries: new Uint16Array(data.slice(0, 2 * n).buffer) };
}

// percentiles returns the values below which a share of low and of high lies, of at most
// some ten thousand samples.
export function percentiles(values: ArrayLike<number>, low: number, high: number): [number, number] {
  const step = Math.max(1, Math.floor(values.length / 20_000));
  const some: number[] = [];
  for (let i = 0; i < values.length; i += step) {
    const v = values[i] ?? 0;
    if (Number.isFinite(v)) some.push(v);
  }
  some.sort((a, b) => a - b);
  const pick = (share: number): number => some[Math.min(some.length - 1, Math.floor(share * some.length))] ?? 0;
  return [pick(low), pick(high)];
}

// presets are windows that radiologists use for CT, in Hounsfield units.
export const presets: readonly { key: string; window: Window }[] = [
  { key: "abdomen", window: { center: 40, width: 400, voi: "LINEAR" } },
  { key: "lung", window: { center: -600, width: 1500, voi: "LINEAR" } },
  { key: "bone", window: { center: 400, width: 1800, voi: "LINEAR" } },
  { key: "brain", window: { center: 40, width: 80, voi: "LINEAR" } },
  { key: "mediastinum", window: { center: 50, width: 350, voi: "LINEAR" } },
];
