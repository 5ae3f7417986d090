// From a frame's bytes to a picture.
import type { Head, Layout } from "./head";
import { at, grayOf, grayOfLut, isWindow, type Lut, percentiles, presets, readLut, stretch, type Window } from "./window";

export type Samples = Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

// Pixels are the values of a frame, one after another, rows from the top; of colours red,
// green and blue of each.
// cells are what the values were cut out of, where more is in them.
export type Pixels = { data: Samples; colour: boolean; cells?: Samples };

// Tables are the lookup tables of a frame, read.
export type Tables = { modality?: Lut; voi: Lut[]; palette?: [Lut, Lut, Lut] };

export class Unreadable extends Error {}

// decode reads a frame of a layout: stored bits are cut out of their cells and their sign
// is made that of the number. Colours become red, green, blue of 8 bits.
export function decode(bytes: Uint8Array, l: Layout): Pixels {
  const count = l.rows * l.columns * l.samples;
  if (l.samples === 1) {
    if (l.allocated === 1) return { data: bits(bytes, count), colour: false };
    return { data: values(bytes, count, l), colour: false, ...(l.keepCells ? { cells: cells(bytes, count, l) } : {}) };
  }
  return { data: colours(bytes, l), colour: true };
}

function bits(bytes: Uint8Array, count: number): Uint8Array {
  if (bytes.length * 8 < count) throw new Unreadable("a frame is too short");
  const out = new Uint8Array(count);
  for (let i = 0; i < count; i++) out[i] = ((bytes[i >> 3] ?? 0) >> (i & 7)) & 1;
  return out;
}

function cells(bytes: Uint8Array, count: number, l: Layout): Samples {
  const size = l.allocated / 8;
  if (bytes.length < count * size) throw new Unreadable("a frame is too short");
  if (size === 1) return l.signed ? new Int8Array(bytes.buffer, bytes.byteOffset, count) : bytes.subarray(0, count);
  const buffer = bytes.byteOffset % size === 0 ? bytes.buffer : bytes.slice(0, count * size).buffer;
  const from = buffer === bytes.buffer ? bytes.byteOffset : 0;
  if (l.float) return size === 4 ? new Float32Array(buffer, from, count) : new Float64Array(buffer, from, count);
  if (size === 2) return l.signed ? new Int16Array(buffer, from, count) : new Uint16Array(buffer, from, count);
  if (size === 4) return l.signed ? new Int32Array(buffer, from, count) : new Uint32Array(buffer, from, count);
  throw new Unreadable("samples of 64 bits");
}

function values(bytes: Uint8Array, count: number, l: Layout): Samples {
  const all = cells(bytes, count, l);
  if (l.float || (l.stored === l.allocated && l.high === l.allocated - 1)) return all;
  const up = 31 - l.high, down = 32 - l.stored; // to the top of 32 bits, and back with the sign
  const out = all.slice();
  if (l.signed) for (let i = 0; i < count; i++) out[i] = ((out[i] ?? 0) << up) >> down;
  else for (let i = 0; i < count; i++) out[i] = ((out[i] ?? 0) << up) >>> down;
  return out;
}

function colours(bytes: Uint8Array, l: Layout): Uint8Array {
  const { rows, columns, samples } = l, n = rows * columns;
  if (l.allocated === 1 || (samples !== 3 && !(samples === 4 && l.photometric === "ARGB"))) throw new Unreadable("colours of this kind");
  const halved = l.photometric === "YBR_FULL_422" || l.photometric === "YBR_PARTIAL_422";
  const out = new Uint8Array(n * 3);
  if (halved && l.allocated === 8 && bytes.length < n * 3) {
    if (bytes.length < n * 2) throw new Unreadable("a frame is too short");
    for (let i = 0; i < n; i++) { // two luminances, blue, red
      const pair = (i >> 1) * 4;
      out[i * 3] = bytes[pair + (i & 1)] ?? 0;
      out[i * 3 + 1] = bytes[pair + 2] ?? 0;
      out[i * 3 + 2] = bytes[pair + 3] ?? 0;
    }
  } else {
    const all = values(bytes, n * samples, { ...l, signed: false, float: false });
    const [next, plane] = l.planar ? [1, n] : [samples, 1];
    const first = samples === 4 ? plane : 0, top = 2 ** l.stored - 1, shift = l.stored - 8;
    for (let i = 0; i < n; i++) {
      for (let c = 0; c < 3; c++) {
        const v = all[i * next + c * plane + first] ?? 0;
        out[i * 3 + c] = shift === 0 ? v : shift > 0 ? v >>> shift : Math.trunc((v * 255) / top);
      }
    }
  }
  if (l.photometric.startsWith("YBR_FULL")) fromYbr(out, 0, 1, 1.402, 0.344136, 0.714136, 1.772);
  else if (l.photometric.startsWith("YBR_PARTIAL")) fromYbr(out, 16, 1.16438, 1.59603, 0.391762, 0.812968, 2.01723);
  return out;
}

// fromYbr turns luminance and chrominance back to colours in place (PS3.3 C.7.6.3.1.2).
function fromYbr(out: Uint8Array, offset: number, k: number, red: number, greenBlue: number, greenRed: number, blue: number): void {
  const cut = (v: number): number => Math.min(255, Math.max(0, Math.round(v)));
  for (let i = 0; i + 2 < out.length; i += 3) {
    const y = ((out[i] ?? 0) - offset) * k, b = (out[i + 1] ?? 0) - 128, r = (out[i + 2] ?? 0) - 128;
    out[i] = cut(y + red * r);
    out[i + 1] = cut(y - greenBlue * b - greenRed * r);
    out[i + 2] = cut(y + blue * b);
  }
}

// readTables reads a frame's tables, whose bytes have been fetched where they were not in
// the metadata.
export function readTables(h: Head, fetched: ReadonlyMap<string, Uint8Array>): Tables {
  const read = (table: { descriptor: readonly number[]; data: { words?: Uint8Array; uri?: string } } | undefined, signed: boolean): Lut | undefined => {
    const data = table?.data.words ?? fetched.get(table?.data.uri ?? "");
    return table && data ? readLut(table.descriptor, data, signed) : undefined;
  };
  const modality = read(h.modalityLut, h.signed);
  const negative = !modality && (h.signed || h.intercept < 0 || h.slope < 0);
  const [red, green, blue] = (h.palette ?? []).map((table) => read(table, h.signed));
  return {
    ...(modality ? { modality } : {}), voi: h.voiLuts.flatMap((table) => read(table, negative) ?? []),
    ...(red && green && blue ? { palette: [red, green, blue] } : {}),
  };
}

// valueOf returns the Modality LUT of a frame (PS3.3 C.11.1).
export function valueOf(h: Head, tables: Tables): (stored: number) => number {
  const { slope, intercept } = h, { modality } = tables;
  return modality ? (v) => at(modality, v) : (v) => slope * v + intercept;
}

// opening returns how a frame is shown at first: as the file says, else for CT the soft
// tissues, for the others what is between percentiles, and what the frame holds.
export function opening(h: Head, pixels: Pixels, tables: Tables): Window {
  const [window] = h.windows, [usual] = presets;
  if (window && isWindow(window)) return window;
  if (h.unit === "HU" && usual) return usual.window;
  const value = valueOf(h, tables);
  const measured = Float64Array.from(sampled(h, pixels), value);
  const [low, high] = h.modality === "MR" || h.modality === "PT" || h.modality === "NM" ? percentiles(measured, 0.005, 0.995) : extent(measured);
  return high > low ? stretch(low, high) : stretch(...extent(measured));
}

const held = (h: Head, v: number): boolean => h.padding !== undefined && v >= h.padding[0] && v <= h.padding[1];

// sampled are the values that are no padding; all, if all are.
function sampled(h: Head, { data }: Pixels): ArrayLike<number> {
  if (!h.padding) return data;
  const some = Array.from(data as ArrayLike<number>).filter((v) => !held(h, v));
  return some.length > 0 ? some : data;
}

function extent(values: ArrayLike<number>): [number, number] {
  let low = Number.POSITIVE_INFINITY, high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const v = values[i] ?? 0;
    if (!Number.isFinite(v)) continue;
    if (v < low) low = v;
    if (v > high) high = v;
  }
  return low <= high ? [low, high] : [0, 0];
}

// Tone is how gray is made: a window, or a VOI LUT of the file.
export type Tone = { window: Window; lut?: number; invert: boolean };

// grayTable returns the gray of every cell of up to 16 bits, as RGBA of a canvas; cells of
// signed values are looked up by their bits.
export function grayTable(h: Head, tables: Tables, tone: Tone): Uint32Array {
  const gray = grayFor(h, tables, tone);
  const size = h.allocated === 16 ? 0x10000 : 0x100;
  const out = new Uint32Array(size);
  const [from, to] = h.signed ? [-(2 ** (h.stored - 1)), 2 ** (h.stored - 1)] : [0, 2 ** Math.max(1, h.stored)];
  for (let v = from; v < to; v++) out[v & (size - 1)] = rgba(gray(v));
  return out;
}

const rgba = (g: number): number => (0xff000000 | (g << 16) | (g << 8) | g) >>> 0;

function grayFor(h: Head, tables: Tables, { window, lut, invert }: Tone): (stored: number) => number {
  const value = valueOf(h, tables), table = lut === undefined ? undefined : tables.voi[lut];
  const gray = table ? grayOfLut(table) : grayOf(window);
  return h.inverse !== invert ? (v) => 255 - gray(value(v)) : (v) => gray(value(v));
}

// paint draws a frame into the words of an ImageData: rows*columns of them. table is that
// of grayTable for the same frame and tone, for cells of up to 16 bits.
export function paint(out: Uint32Array, h: Head, pixels: Pixels, tables: Tables, tone: Tone, table: Uint32Array | undefined): void {
  const { data } = pixels, n = h.rows * h.columns;
  if (pixels.colour) {
    const flip = tone.invert ? 0xffffff : 0;
    for (let i = 0, k = 0; i < n; i++, k += 3) out[i] = ((0xff000000 | ((data[k + 2] ?? 0) << 16) | ((data[k + 1] ?? 0) << 8) | (data[k] ?? 0)) ^ flip) >>> 0;
    return;
  }
  if (h.photometric === "PALETTE COLOR" && tables.palette) {
    paintPalette(out, data, n, tables.palette, tone.invert);
    return;
  }
  if (!table) {
    const gray = grayFor(h, tables, tone);
    for (let i = 0; i < n; i++) out[i] = rgba(gray(data[i] ?? 0));
    return;
  }
  const mask = table.length - 1;
  for (let i = 0; i < n; i++) out[i] = table[(data[i] as number) & mask] as number;
}

function paintPalette(out: Uint32Array, data: Samples, n: number, palette: [Lut, Lut, Lut], invert: boolean): void {
  const seen = new Map<number, number>(), flip = invert ? 0xffffff : 0;
  const colour = (v: number): number => {
    const [r, g, b] = palette.map((lut) => Math.min(255, at(lut, v) >> (lut.bits - 8))) as [number, number, number];
    return ((0xff000000 | (b << 16) | (g << 8) | r) ^ flip) >>> 0;
  };
  for (let i = 0; i < n; i++) {
    const v = data[i] ?? 0;
    let c = seen.get(v);
    if (c === undefined) seen.set(v, (c = colour(v)));
    out[i] = c;
  }
}
