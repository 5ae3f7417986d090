// What becomes visible of a volume, in which colours: transfer functions.
import type { Range } from "./voxels";

export const presetNames = ["bone", "skin", "vessels", "lung", "plain", "mip"] as const;
export type PresetName = (typeof presetNames)[number];

// Stop is a value, its colour, and its opacity from 0 to 1 along the length of one voxel of
// a series of 256. Between two stops all three change evenly; beyond the last they stay.
type Stop = readonly [value: number, colour: string, opacity: number];

// In HU of CT. The values where tissues begin are those of textbooks: lung about -850 to
// -500, fat -100, water 0, muscle 50, vessels with contrast from 150, bone from 200.
const hounsfield: Partial<Record<PresetName, readonly Stop[]>> = {
  bone: [[160, "#7a3b26", 0], [260, "#b0713f", 0.12], [420, "#e3c79a", 0.5], [900, "#f6ecd6", 0.8], [2000, "#ffffff", 0.95]],
  skin: [[-600, "#c98a6b", 0], [-350, "#dba583", 0.45], [-150, "#e6b596", 0.8], [-60, "#dcae7a", 0.85], [20, "#b0604f", 0.85], [120, "#c07a62", 0.85], [300, "#efe3c8", 0.95], [2000, "#ffffff", 1]],
  vessels: [[110, "#5e0f10", 0], [170, "#9c1c1c", 0.05], [260, "#d23b2c", 0.35], [420, "#f08a5d", 0.6], [700, "#f3dfc0", 0.7], [2000, "#ffffff", 0.9]],
  lung: [[-960, "#1c3a4a", 0], [-880, "#2f6275", 0.004], [-760, "#4a8ca0", 0.02], [-600, "#b56a60", 0.12], [-420, "#e0988a", 0.2], [-300, "#e6b3a2", 0]],
  mip: [[-50, "#000000", 1], [700, "#a0a0a0", 1], [2400, "#ffffff", 1]],
};

// In shares of the range, where values have no unit.
const others: Partial<Record<PresetName, readonly Stop[]>> = {
  plain: [[0.1, "#3a2420", 0], [0.22, "#7d4b3c", 0.06], [0.42, "#c48a6a", 0.3], [0.7, "#ecd0b0", 0.6], [1, "#ffffff", 0.9]],
  mip: [[0.06, "#000000", 1], [0.95, "#ffffff", 1]],
};

const stopsOf = (inHounsfield: boolean): Partial<Record<PresetName, readonly Stop[]>> => (inHounsfield ? hounsfield : others);

// presetsOf are the presets that values of a kind have.
export const presetsOf = (inHounsfield: boolean): PresetName[] => presetNames.filter((name) => stopsOf(inHounsfield)[name]);

// fitting is a preset, or the first where values of this kind have no such.
export const fitting = (name: PresetName, inHounsfield: boolean): PresetName => (stopsOf(inHounsfield)[name] ? name : inHounsfield ? "bone" : "plain");

// mostShift is by how much the values of a preset may be moved: HU, or per cent of the range.
export const mostShift = (inHounsfield: boolean): number => (inHounsfield ? 500 : 50);

// Of a projection (MIP) the largest value along a ray is shown, of the others all that a
// ray meets.
export const projects = (name: PresetName): boolean => name === "mip";

export const entries = 1024; // of a table

// table returns a preset's colours and opacities over the shares of a range, as RGBA of 8
// bits. shift moves its values up: then less is seen.
export function table(name: PresetName, inHounsfield: boolean, shift: number, range: Range): Uint8Array<ArrayBuffer> {
  const stops = stopsOf(inHounsfield)[fitting(name, inHounsfield)] ?? [], out = new Uint8Array(4 * entries);
  for (let i = 0; i < entries; i++) {
    const share = i / (entries - 1), value = inHounsfield ? range.low + share * (range.high - range.low) - shift : share - shift / 100;
    out.set(at(stops, value), 4 * i);
  }
  return out;
}

// at is a colour and opacity between stops; below the first nothing.
function at(stops: readonly Stop[], value: number): number[] {
  const above = stops.findIndex(([from]) => from > value), last = stops.at(-1);
  if (!last || above === 0) return [0, 0, 0, 0];
  const [to, end] = [stops[above] ?? last, stops[above < 0 ? stops.length - 1 : above - 1] ?? last], way = to[0] - end[0];
  const share = way > 0 ? (value - end[0]) / way : 0, [a, b] = [bytesOf(end), bytesOf(to)];
  return a.map((byte, i) => Math.round(byte + share * ((b[i] ?? 0) - byte)));
}

const bytesOf = ([, colour, opacity]: Stop): number[] => [1, 3, 5].map((from) => Number.parseInt(colour.slice(from, from + 2), 16)).concat(255 * opacity);

// floorOf is the largest share below which nothing of a table is seen.
export function floorOf(entriesOf: Uint8Array): number {
  let first = 0;
  while (first < entries && !entriesOf[4 * first + 3]) first++;
  return Math.max(0, first - 1) / (entries - 1);
}
