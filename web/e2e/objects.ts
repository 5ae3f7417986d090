// Synthetic series of an invented person, and what is drawn over them: each place of a
// picture has a value that a test knows.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { dicom, type Element } from "./dicom";

export const side = 128;

export type Stack = {
  study: string; series: string; modality: string; description: string; slices: number;
  date?: string; reference?: string; // frame of reference
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

// slice is one axial image of a stack, side by side pixels of 16 bits; HU of a CT.
export function slice(of: Stack, k: number): Buffer {
  const { spacing = 1, gap = 2, from: [x, y, z] = [0, 0, 0], value = () => 0 } = of, pixels = Buffer.alloc(2 * side * side);
  for (let row = 0, at = 0; row < side; row++) for (let column = 0; column < side; column++, at += 2) pixels.writeUInt16LE(value(column, row, k) & 0xffff, at);
  return dicom(classOf(of.modality), instanceOf(of, k), sorted([
    ...about(of, classOf(of.modality), instanceOf(of, k), k + 1), [0x00080008, "CS", "ORIGINAL\\PRIMARY\\AXIAL"], [0x00180015, "CS", "CHEST"], [0x00180050, "DS", String(gap)],
    [0x00200032, "DS", `${x}\\${y}\\${z + k * gap}`], [0x00200037, "DS", "1\\0\\0\\0\\1\\0"], [0x00200052, "UI", of.reference ?? `${of.study}.9`],
    [0x00280002, "US", 1], [0x00280004, "CS", "MONOCHROME2"], [0x00280010, "US", side], [0x00280011, "US", side], [0x00280030, "DS", `${spacing}\\${spacing}`],
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
