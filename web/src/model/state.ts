// What a page of a model shows, as its address says it: who opens the link again sees the
// same. Nothing of a person is in it.
import { length, sub, type Vec } from "../viewer/geometry";
import { leastZoom, mostZoom, type Pose, start } from "./pose";
import { type PresetName, presetNames } from "./presets";

export const kinds = ["bone", "skin", "threshold", "segment"] as const;
export type Kind = (typeof kinds)[number];

// Made is what the node makes a model of. level is the least value that belongs to it, in
// HU of CT, else as rescaled; of a segment it is 0, and outline says which it is.
export type Made = { kind: Kind; level: number; outline?: Outline | undefined };

// Outline is a segment of a segmentation: the record that it is of, and its number.
export type Outline = { record: string; segment: number };

// Layer is one model that is shown. opacity is in per cent.
export type Layer = Made & { colour: string; opacity: number };

export const axes = ["axial", "coronal", "sagittal"] as const;
export type CutAxis = (typeof axes)[number];

// Cut is a plane that takes a part away: what lies beyond at, in mm of the patient's
// coordinates, to the head, the front or the left; if turned, the rest.
export type Cut = { axis: CutAxis; at: number; turned: boolean };

// Mark is a distance between two points, in mm.
export type Mark = readonly [Vec, Vec];

// Rendering shows the series itself (volume rendering) in a model's place. shift is by how
// much the values of the preset are moved: HU, or per cent of the range where there is no unit.
export type Rendering = { preset: PresetName; shift: number };

// Shown is all of it. layers are one or two, none before one was asked for; lamp is from
// where the light comes, in degrees from the viewer to the right of the screen.
export type Shown = { rendering?: Rendering | undefined; layers: readonly Layer[]; triangles: number; pose: Pose; cut?: Cut | undefined; lamp: number; marks: readonly Mark[] };

export const triangleChoices = [50_000, 200_000, 500_000, 1_000_000];
export const mostMarks = 12, mostLamp = 80, leastLevel = -32768, mostLevel = 32767;
const farthest = 1e5; // mm
const farthestShift = 500;

export const usual: Shown = { layers: [], triangles: 200_000, pose: start, lamp: -25, marks: [] };

export const usualLevel: Record<Kind, number> = { bone: 250, skin: -300, threshold: 300, segment: 0 };
export const usualColour: Record<Kind, string> = { bone: "#e8dcc0", skin: "#d8a184", threshold: "#8fc7d8", segment: "#86c5a4" };

export const lengthOf = ([a, b]: Mark): number => length(sub(a, b));

// hidden reports whether a cut took a point away.
export function hidden(cut: Cut | undefined, [left, back, head]: Vec): boolean {
  if (!cut) return false;
  const beyond = { axial: head - cut.at, coronal: cut.at - back, sagittal: left - cut.at }[cut.axis];
  return (cut.turned ? -beyond : beyond) > 1e-3;
}

// cutPlane is a cut as a plane: what has dot(point, normal) >= at stays.
export function cutPlane({ axis, at, turned }: Cut): { normal: Vec; at: number } {
  const way = (axis === "coronal") === turned ? -1 : 1, normal = [0, 0, 0];
  normal[cutAlong[axis]] = way;
  return { normal: normal as unknown as Vec, at: way * at };
}

// cutAlong is the axis of patient coordinates that a cut moves along.
export const cutAlong: Record<CutAxis, 0 | 1 | 2> = { sagittal: 0, coronal: 1, axial: 2 };

const short = (n: number, digits: number): string => String(Number(n.toFixed(digits)));
const point = (p: Vec, digits = 2): string => p.map((n) => short(n, digits)).join();

// write says a state in letters that an address may have.
export function write({ rendering, layers, triangles, pose, cut, lamp, marks }: Shown): string {
  const parts = layers.map((layer, i) => `${i ? "n" : "m"}=${layer.kind},${layer.level},${layer.colour.slice(1)},${layer.opacity}${layer.outline ? `,${layer.outline.record},${layer.outline.segment}` : ""}`);
  if (rendering) parts.unshift(`w=${rendering.preset},${rendering.shift}`);
  if (!parts.length) return "";
  parts.push(`t=${triangles}`, `v=${short(pose.turn, 1)},${short(pose.rise, 1)},${short(pose.zoom, 3)}`);
  if (pose.centre) parts.push(`c=${point(pose.centre)}`);
  if (cut) parts.push(`cut=${cut.axis},${short(cut.at, 1)}${cut.turned ? ",turned" : ""}`);
  if (lamp !== usual.lamp) parts.push(`lamp=${lamp}`);
  if (marks.length) parts.push(`d=${marks.map(([a, b]) => `${point(a)},${point(b)}`).join()}`);
  return parts.join("&");
}

const within = (text: string | undefined, least: number, most: number, otherwise: number): number => {
  const n = Number(text);
  return text?.trim() && Number.isFinite(n) ? Math.max(least, Math.min(most, n)) : otherwise;
};

// read reads what was written. What is none of it is as usual: a link may come from anybody.
export function read(text: string): Shown {
  const found = new URLSearchParams(text), values = (name: string): string[] => found.get(name)?.split(",") ?? [];
  const layers = [layerOf(values("m")), layerOf(values("n"))].filter((layer) => layer !== undefined);
  const asked = Number(found.get("t")), [turn, rise, zoom] = values("v"), centre = vectors(values("c"))[0], cut = cutOf(values("cut")), points = vectors(values("d"));
  return {
    ...renderingOf(values("w")), layers, triangles: triangleChoices.includes(asked) ? asked : usual.triangles,
    pose: { turn: within(turn, -180, 180, 0), rise: within(rise, -90, 90, 0), zoom: within(zoom, leastZoom, mostZoom, 1), ...(centre && { centre }) },
    ...(cut && { cut }), lamp: within(found.get("lamp") ?? undefined, -mostLamp, mostLamp, usual.lamp),
    marks: Array.from({ length: Math.min(mostMarks, Math.floor(points.length / 2)) }, (_, i): Mark => [points[2 * i] as Vec, points[2 * i + 1] as Vec]),
  };
}

function renderingOf([preset, shift]: string[]): Pick<Shown, "rendering"> {
  const known = presetNames.find((one) => one === preset);
  return known ? { rendering: { preset: known, shift: Math.round(within(shift, -farthestShift, farthestShift, 0)) } } : {};
}

function layerOf([kind, level, colour, opacity, record, segment]: string[]): Layer | undefined {
  const known = kinds.find((one) => one === kind), outline = known === "segment" ? outlineOf(record, segment) : undefined;
  if (!known || (known === "segment" && !outline)) return undefined;
  return {
    kind: known, level: outline ? 0 : Math.round(within(level, leastLevel, mostLevel, usualLevel[known])), ...(outline && { outline }),
    colour: /^[\da-f]{6}$/.test(colour ?? "") ? `#${colour}` : usualColour[known], opacity: Math.round(within(opacity, 5, 100, 100)),
  };
}

function outlineOf(record = "", segment = ""): Outline | undefined {
  return /^i_[a-z2-7]{1,64}$/.test(record) && /^[1-9]\d{0,4}$/.test(segment) ? { record, segment: Number(segment) } : undefined;
}

function cutOf([axis, at, turned]: string[]): Cut | undefined {
  const known = axes.find((one) => one === axis);
  return known && { axis: known, at: within(at, -farthest, farthest, 0), turned: turned === "turned" };
}

// vectors reads points; none if one of them is none.
function vectors(values: readonly string[]): Vec[] {
  const numbers = values.map((value) => (value.trim() ? Number(value) : NaN));
  if (numbers.length % 3 || numbers.some((n) => !(Math.abs(n) <= farthest))) return [];
  return Array.from({ length: Math.min(numbers.length / 3, 2 * mostMarks) }, (_, i) => numbers.slice(3 * i, 3 * i + 3) as unknown as Vec);
}
