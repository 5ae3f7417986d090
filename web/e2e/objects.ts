// Synthetic series of an invented person, and what is drawn over them: each place of a
// picture has a value that a test knows.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { dicom, type Element, items } from "./dicom";

export const side = 128;

export type Stack = {
  study: string; series: string; modality: string; description: string; slices: number;
  date?: string; reference?: string; // frame of reference
  edge?: number; // rows and columns, if not side
  spacing?: number; gap?: number; from?: readonly [number, number, number]; // mm
  value?: (column: number, row: number, k: number) => number; // 16 bits
  more?: (k: number) => readonly Element[];
};

const ctImage = "1.2.840.10008.5.1.4.1.1.2", petImage = "1.2.840.10008.5.1.4.1.1.128", captured = "1.2.840.10008.5.1.4.1.1.7";
export const classOf = (modality: string): string => ({ CT: ctImage, PT: petImage })[modality] ?? captured;
export const instanceOf = (stack: Stack, k: number): string => `${stack.series}.${k + 1}`;

// sorted puts elements in the order of their tags; of two of one tag the last counts.
export const sorted = (elements: readonly Element[]): Element[] => [...new Map(elements.map((e) => [e[0], e])).values()].sort((a, b) => a[0] - b[0]);

// about is what every object of the person has.
export const about = (of: Pick<Stack, "study" | "series" | "modality" | "description" | "date">, sopClass: string, instance: string, number = 1): Element[] => [
  [0x00080016, "UI", sopClass], [0x00080018, "UI", instance], [0x00080020, "DA", of.date ?? "20240117"], [0x00080030, "TM", "101500"], [0x00080060, "CS", of.modality],
  [0x00081030, "LO", "Drawn study"], [0x0008103e, "LO", of.description], [0x00100010, "PN", "DRAWN^FIGURE"], [0x00100020, "LO", "DRAWN"], [0x00100030, "DA", "19700101"],
  [0x0020000d, "UI", of.study], [0x0020000e, "UI", of.series], [0x00200011, "IS", of.series.split(".").at(-1) ?? "1"], [0x00200013, "IS", String(number)],
];

// slice is one axial image of a stack, a square of pixels of 16 bits; HU of a CT.
export function slice(of: Stack, k: number): Buffer {
  const { spacing = 1, gap = 2, edge = side, from: [x, y, z] = [0, 0, 0], value = () => 0 } = of, pixels = Buffer.alloc(2 * edge * edge);
  for (let row = 0, at = 0; row < edge; row++) for (let column = 0; column < edge; column++, at += 2) pixels.writeUInt16LE(value(column, row, k) & 0xffff, at);
  return dicom(classOf(of.modality), instanceOf(of, k), sorted([
    ...about(of, classOf(of.modality), instanceOf(of, k), k + 1), [0x00080008, "CS", "ORIGINAL\\PRIMARY\\AXIAL"], [0x00180015, "CS", "CHEST"], [0x00180050, "DS", String(gap)],
    [0x00200032, "DS", `${x}\\${y}\\${z + k * gap}`], [0x00200037, "DS", "1\\0\\0\\0\\1\\0"], [0x00200052, "UI", of.reference ?? `${of.study}.9`],
    [0x00280002, "US", 1], [0x00280004, "CS", "MONOCHROME2"], [0x00280010, "US", edge], [0x00280011, "US", edge], [0x00280030, "DS", `${spacing}\\${spacing}`],
    [0x00280100, "US", 16], [0x00280101, "US", 12], [0x00280102, "US", 11], [0x00280103, "US", 0],
    [0x00281050, "DS", "40"], [0x00281051, "DS", "400"], [0x00281052, "DS", "-1024"], [0x00281053, "DS", "1"], [0x7fe00010, "OW", pixels], ...(of.more?.(k) ?? []),
  ]));
}

export const stackOf = (of: Stack): Buffer[] => Array.from({ length: of.slices }, (_, k) => slice(of, k));

// keep writes objects into a folder.
export async function keep(folder: string, objects: readonly Buffer[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  await Promise.all(objects.map((object, i) => writeFile(join(folder, `${i}.dcm`), object)));
}

// bits packs what a function says of each of some pixels, the first in the lowest bit.
export function bits(count: number, set: (i: number) => boolean): Buffer {
  const out = Buffer.alloc(Math.ceil(count / 16) * 2);
  for (let i = 0; i < count; i++) if (set(i)) out[i >> 3] = (out[i >> 3] ?? 0) | (1 << (i & 7));
  return out;
}

// Box is a rectangle of pixels of one slice: from is in it, to is not.
export type Box = { slice: number; from: readonly [column: number, row: number]; to: readonly [column: number, row: number] };

const within = ({ from, to }: Box, i: number): boolean => i % side >= from[0] && i % side < to[0] && Math.floor(i / side) >= from[1] && Math.floor(i / side) < to[1];

// named is a reference to an image of a stack.
const named = (of: Stack, k: number): readonly Element[] => [[0x00081150, "UI", classOf(of.modality)], [0x00081155, "UI", instanceOf(of, k)]];

// segmentation is one of boxes in a stack, a frame each (PS3.3 A.51). Fractions are half.
export function segmentation(of: Stack, series: string, segments: readonly { name: string; lab?: readonly number[]; boxes: readonly Box[] }[], fractional = false): Buffer {
  const frames = segments.flatMap(({ boxes }, s) => boxes.map((box) => ({ segment: s + 1, box }))), { spacing = 1, gap = 2, from: [x, y, z] = [0, 0, 0] } = of;
  const pixels = fractional ? Buffer.concat(frames.map(({ box }) => Buffer.from(Array.from({ length: side * side }, (_, i) => (within(box, i) ? 128 : 0)))))
    : bits(frames.length * side * side, (i) => within(frames[Math.floor(i / (side * side))]?.box as Box, i % (side * side)));
  const sopClass = "1.2.840.10008.5.1.4.1.1.66.4", depth = fractional ? 8 : 1, us = (...all: readonly number[]): Uint8Array => new Uint8Array(Uint16Array.from(all).buffer);
  return dicom(sopClass, `${series}.1`, sorted([
    ...about({ ...of, series, modality: "SEG", description: "Organs" }, sopClass, `${series}.1`), [0x00081115, "SQ", items([[0x0008114a, "SQ", items(...Array.from({ length: of.slices }, (_, k) => named(of, k)))], [0x0020000e, "UI", of.series]])],
    [0x00200052, "UI", of.reference ?? `${of.study}.9`], [0x00280002, "US", 1], [0x00280004, "CS", "MONOCHROME2"], [0x00280008, "IS", String(frames.length)],
    [0x00280010, "US", side], [0x00280011, "US", side], [0x00280100, "US", depth], [0x00280101, "US", depth], [0x00280102, "US", depth - 1], [0x00280103, "US", 0],
    [0x00620001, "CS", fractional ? "FRACTIONAL" : "BINARY"], ...(fractional ? [[0x00620010, "CS", "PROBABILITY"], [0x0062000e, "US", 255]] as const : []),
    [0x00620002, "SQ", items(...segments.map(({ name, lab }, i): Element[] => [[0x00620004, "US", i + 1], [0x00620005, "LO", name], ...(lab ? [[0x0062000d, "US", us(...lab)]] as const : [])]))],
    [0x52009229, "SQ", items([
      [0x00209116, "SQ", items([[0x00200037, "DS", "1\\0\\0\\0\\1\\0"]])],
      [0x00289110, "SQ", items([[0x00180050, "DS", String(gap)], [0x00280030, "DS", `${spacing}\\${spacing}`]])],
    ])],
    [0x52009230, "SQ", items(...frames.map(({ segment, box }): Element[] => [
      [0x00089124, "SQ", items([[0x00082112, "SQ", items(named(of, box.slice))]])],
      [0x00209113, "SQ", items([[0x00200032, "DS", `${x}\\${y}\\${z + box.slice * gap}`]])], [0x0062000a, "SQ", items([[0x0062000b, "US", segment]])],
    ]))],
    [0x7fe00010, fractional ? "OB" : "OW", pixels],
  ]));
}

// structures is a structure set of one region around boxes of a stack (PS3.3 A.19).
export function structures(of: Stack, series: string, name: string, colour: string, boxes: readonly Box[]): Buffer {
  const sopClass = "1.2.840.10008.5.1.4.1.1.481.3", reference = of.reference ?? `${of.study}.9`, { spacing = 1, gap = 2, from: [x, y, z] = [0, 0, 0] } = of;
  const around = ({ slice: k, from, to }: Box): string => [[from[0], from[1]], [to[0], from[1]], [to[0], to[1]], [from[0], to[1]]]
    .map(([column = 0, row = 0]) => [x + column * spacing, y + row * spacing, z + k * gap].join("\\")).join("\\");
  return dicom(sopClass, `${series}.1`, sorted([
    ...about({ ...of, series, modality: "RTSTRUCT", description: "Plan" }, sopClass, `${series}.1`), [0x30060002, "SH", "Contours"],
    [0x30060010, "SQ", items([[0x00200052, "UI", reference], [0x30060012, "SQ", items([[0x30060014, "SQ", items([[0x0020000e, "UI", of.series], [0x30060016, "SQ", items(...boxes.map((box) => named(of, box.slice)))]])]])]])],
    [0x30060020, "SQ", items([[0x30060022, "IS", "1"], [0x30060024, "UI", reference], [0x30060026, "LO", name]])],
    [0x30060039, "SQ", items([[0x3006002a, "IS", colour], [0x30060040, "SQ", items(...boxes.map((box): Element[] => [
      [0x30060016, "SQ", items(named(of, box.slice))],
      [0x30060042, "CS", "CLOSED_PLANAR"], [0x30060046, "IS", "4"], [0x30060050, "DS", around(box)],
    ]))], [0x30060084, "IS", "1"]])],
  ]));
}

const code = (value: string, meaning: string): Buffer => items([[0x00080100, "SH", value], [0x00080102, "SH", "UCUM"], [0x00080104, "LO", meaning]]);

// Lead is one of a waveform: its samples of 16 bits, and microvolts of one and of zero.
export type Lead = { name: string; microvolts: number; baseline: number; value: (second: number) => number };

export const unsampled = -32_768; // a value that stands for none

// waveform is a 12-lead ECG with fewer leads (PS3.3 A.34.3), sampled so often a second.
export function waveform(of: Pick<Stack, "study" | "series" | "description">, seconds: number, leads: readonly Lead[], hertz = 500): Buffer {
  const sopClass = "1.2.840.10008.5.1.4.1.1.9.1.1", samples = seconds * hertz, data = Buffer.alloc(2 * samples * leads.length);
  for (let i = 0, at = 0; i < samples; i++) for (const lead of leads) at = data.writeInt16LE(lead.value(i / hertz), at);
  return dicom(sopClass, `${of.series}.1`, sorted([
    ...about({ ...of, modality: "ECG" }, sopClass, `${of.series}.1`),
    [0x0040b020, "SQ", items([[0x00700006, "ST", "Drawn rhythm"]])],
    [0x54000100, "SQ", items([
      [0x003a0005, "US", leads.length], [0x003a0010, "UL", samples], [0x003a001a, "DS", String(hertz)], [0x003a0020, "SH", "RHYTHM"],
      [0x003a0200, "SQ", items(...leads.map(({ name, microvolts, baseline }): Element[] => [
        [0x003a0208, "SQ", code("x", `Lead ${name}`)], [0x003a0210, "DS", String(microvolts)], [0x003a0211, "SQ", code("uV", "microvolt")], [0x003a0212, "DS", "1"], [0x003a0213, "DS", String(baseline)],
      ]))],
      [0x54001004, "US", 16], [0x54001006, "CS", "SS"], [0x5400100a, "OW", Buffer.from(Int16Array.of(unsampled).buffer)], [0x54001010, "OW", data],
    ])],
  ]));
}

// enclosed is a document that says that it is a PDF (PS3.3 A.45.1); content has a character a byte.
export function enclosed(of: Pick<Stack, "study" | "series" | "description">, content: string): Buffer {
  const sopClass = "1.2.840.10008.5.1.4.1.1.104.1", bytes = Buffer.from(content, "latin1");
  return dicom(sopClass, `${of.series}.1`, sorted([
    ...about({ ...of, modality: "DOC" }, sopClass, `${of.series}.1`), [0x00420010, "ST", of.description], [0x00420011, "OB", Buffer.concat([bytes, Buffer.alloc(bytes.length % 2)])], [0x00420012, "LO", "application/pdf"],
  ]));
}

// film is a video of one stream (PS3.3 A.32.5, PS3.5 A.4.4) of so many pictures, 25 a second.
export function film(of: Pick<Stack, "study" | "series" | "description">, stream: Buffer, frames: number): Buffer {
  const sopClass = "1.2.840.10008.5.1.4.1.1.77.1.1.1", mpeg4 = "1.2.840.10008.1.2.4.102", even = Buffer.concat([stream, Buffer.alloc(stream.length % 2)]);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(even.length);
  const pixels = Buffer.concat([
    Buffer.from([0xe0, 0x7f, 0x10, 0, 0x4f, 0x42, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xff, 0, 0xe0, 0, 0, 0, 0, 0xfe, 0xff, 0, 0xe0]), size, even, Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]),
  ]);
  return Buffer.concat([dicom(sopClass, `${of.series}.1`, sorted([
    ...about({ ...of, modality: "ES" }, sopClass, `${of.series}.1`), [0x00181063, "DS", "40"], [0x00280002, "US", 3], [0x00280004, "CS", "YBR_PARTIAL_420"], [0x00280006, "US", 0], [0x00280008, "IS", String(frames)],
    [0x00280010, "US", 64], [0x00280011, "US", 64], [0x00280100, "US", 8], [0x00280101, "US", 8], [0x00280102, "US", 7], [0x00280103, "US", 0],
  ]), mpeg4), pixels]);
}
