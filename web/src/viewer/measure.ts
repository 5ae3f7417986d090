// Measurements: what they are, and what they measure. They are plain values, so that they
// can be kept, sent and written as DICOM SR (TID 1500) without what draws them.
import type { NewMark } from "../api/types";
import { add, cross, dot, length, normal, type Plane, type Spot, sub, times, toImage, toPatient, unit, type Vec } from "./geometry";
import type { Head } from "./head";
import type { Pixels } from "./pixels";
import { areaOf, boxOf, crossesItself, rowsIn, type Shape } from "./shape";

// A text is words at a place; an outline is a form of another program, which is only shown.
export type Kind = "length" | "axes" | "angle" | "cobb" | "rectangle" | "ellipse" | "circle" | "contour" | "probe" | "text" | "outline";

// pointsOf is how many points each kind has; of a contour from three to mostContour, of an outline any.
export const pointsOf: Record<Kind, number> = { length: 2, axes: 4, angle: 3, cobb: 4, rectangle: 2, ellipse: 2, circle: 2, contour: 0, probe: 1, text: 1, outline: 0 };

export const mostContour = 256; // points: as the node files them, without the first again at the end

const regions: ReadonlySet<Kind> = new Set(["rectangle", "ellipse", "circle", "contour", "outline"]);

// Measurement is one. Its points are in mm of the patient where space is "patient", with
// the frame of reference they are in; else (column, row, 0) of the image's pixels, whose
// centres are at whole numbers. An angle's second point is its corner; of two axes the ends
// of the long one come first, the short one crosses it at a right angle; a Cobb angle's are the ends of two
// lines, of one while the other is not drawn. A rectangle's and an ellipse's are two opposite corners of the box around
// it, along the image's rows, a circle's its centre and one on it, a contour's go around.
export type Measurement = {
  id: string; kind: Kind; points: readonly Vec[];
  space: "patient" | "pixels"; reference: string;
  instance: string; frame: number; series: string; // the image that it was drawn on; "" for a cut that was computed
  plane: Plane | null; // in which it was drawn
  text?: string; // the words of a text
  saved?: Saved; // in which document it is, just so
};

// Saved is what a document says of a measurement. own: of this program, to be changed.
export type Saved = { document: string; at: string; by: string; own: boolean; values: Values; lines: readonly string[]; written: NewMark };

// place puts a place of an image into the space of a measurement, and back.
export const toSpace = (h: Head, spot: Spot): Vec => (h.plane ? toPatient(h.plane, spot.column, spot.row) : [spot.column, spot.row, 0]);

export function toSpot(h: Head, m: Measurement, point: Vec): Spot {
  return m.space === "patient" && h.plane ? toImage(h.plane, point) : { column: point[0], row: point[1] };
}

// make begins a measurement on an image.
export function make(id: string, kind: Kind, h: Head, spots: readonly Spot[]): Measurement {
  return {
    id, kind, points: spots.map((spot) => toSpace(h, spot)), space: h.plane ? "patient" : "pixels", reference: h.reference,
    instance: h.instance, frame: h.frame, series: h.series, plane: h.plane ?? null,
  };
}

// isOn reports whether a measurement is to be drawn on an image: on its own, and where it
// lies in the plane of another of the same frame of reference, within half a slice.
export function isOn(m: Measurement, h: Head): boolean {
  if (m.instance !== "" && m.instance === h.instance && m.frame === h.frame) return true;
  if (m.space !== "patient" || !h.plane || !m.plane || m.reference === "" || m.reference !== h.reference) return false;
  const plane = h.plane, near = Math.max(0.05, Math.min(h.thickness, plane.columnSpacing * 2) / 2);
  if (regions.has(m.kind) && Math.abs(dot(normal(plane), normal(m.plane))) < 0.9994) return false;
  return m.points.every((point) => Math.abs(toImage(plane, point).off) <= near);
}

export type LengthUnit = "mm" | "mm-detector" | "mm-hand" | "px";
export const areaUnits = { "mm": "mm2", "mm-detector": "mm2-detector", "mm-hand": "mm2-hand", "px": "px2" } as const;
export type Values = {
  length?: number; short?: number; angle?: number; area?: number; unit: LengthUnit; // mm (of two axes the long one and the short one), degrees, mm²
  mean?: number; deviation?: number; least?: number; most?: number; count?: number; value?: number;
  valueUnit: string;
  lacks?: "line" | "crossing"; // why nothing is measured: a Cobb angle has one line, a contour crosses itself
};

// millimetres returns points as they lie in mm, and the unit that this makes.
function millimetres(m: Measurement, h: Head): { points: Vec[]; unit: LengthUnit } {
  if (m.space === "patient") return { points: [...m.points], unit: "mm" };
  const { scale } = h;
  if (!scale) return { points: [...m.points], unit: "px" };
  return { points: m.points.map(([c, r]) => [c * scale.column, r * scale.row, 0]), unit: scale.from === "detector" ? "mm-detector" : scale.from === "hand" ? "mm-hand" : "mm" };
}

// angleAt returns the angle at the second of three points, in degrees.
export function angleAt([a, corner, b]: readonly Vec[]): number {
  if (!a || !corner || !b) return 0;
  const cosine = dot(unit(sub(a, corner)), unit(sub(b, corner)));
  return (Math.acos(Math.min(1, Math.max(-1, cosine))) * 180) / Math.PI;
}

// between returns the angle of two lines that have no direction, in degrees: 90 at most.
function between(a: Vec, b: Vec, c: Vec, d: Vec): number {
  const angle = angleAt([sub(b, a), [0, 0, 0], sub(d, c)]);
  return Math.min(angle, 180 - angle);
}

// valuesOf measures. value turns a stored value into what is shown; pixels may not be
// there yet, then only lengths are known.
export function valuesOf(m: Measurement, h: Head, pixels: Pixels | undefined, value: (stored: number) => number, valueUnit: string): Values {
  const { points, unit: lengthUnit } = millimetres(m, h), [a, b, c, d] = points;
  const found: Values = { unit: lengthUnit, valueUnit };
  if (m.kind === "length" && a && b) return { ...found, length: length(sub(a, b)) };
  if (m.kind === "axes" && a && b && c && d) return { ...found, length: length(sub(b, a)), short: length(sub(d, c)) };
  if (m.kind === "cobb") return a && b && c && d ? { ...found, angle: between(a, b, c, d) } : { ...found, lacks: "line" };
  if (m.kind === "text" || m.kind === "outline") return found;
  if (m.kind === "angle") return { ...found, angle: angleAt(points) };
  const drawn = pixels && !pixels.colour ? pixels : undefined, [spot] = m.points.map((point) => toSpot(h, m, point));
  if (m.kind === "probe") return spot && drawn ? { ...found, ...probe(h, drawn, spot, value) } : found;
  const shape = shapeOf(m, h);
  if (!shape) return found;
  if (shape.kind === "contour" && crossesItself(shape.line)) return { ...found, lacks: "crossing" };
  return { ...found, area: areaOf(shape, sizeOf(h)), ...(drawn ? regionOf(m, shape, h, drawn, value) : {}) };
}

const counted = new WeakMap<Measurement, { head: Head; scale: Head["scale"]; pixels: Pixels; values: Partial<Values> }>();

// regionOf counts the pixels of a region once: it is asked for with each drawing, and may have as many as the image.
function regionOf(m: Measurement, shape: Shape, head: Head, pixels: Pixels, value: (stored: number) => number): Partial<Values> {
  const held = counted.get(m), { scale } = head;
  if (held?.head === head && held.scale === scale && held.pixels === pixels) return held.values;
  const values = region(shape, head, pixels, value);
  counted.set(m, { head, scale, pixels, values });
  return values;
}

// sizeOf is that of a pixel in mm, or 1 where that is not known.
const sizeOf = ({ scale }: Head): { row: number; column: number } => ({ row: scale?.row ?? 1, column: scale?.column ?? 1 });

// shapeOf is a region on an image; undefined for what is none.
export function shapeOf(m: Measurement, h: Head): Shape | undefined {
  const spots = m.points.map((point) => toSpot(h, m, point)), [one, two] = spots;
  if (m.kind === "contour") return spots.length > 2 ? { kind: "contour", line: spots } : undefined;
  if (!one || !two) return undefined;
  if (m.kind === "circle") return { kind: "ellipse", corners: boxOf(one, two, sizeOf(h)) };
  return m.kind === "rectangle" || m.kind === "ellipse" ? { kind: m.kind, corners: [one, two] } : undefined;
}

function probe(h: Head, pixels: Pixels, at: Spot, value: (stored: number) => number): Partial<Values> {
  const column = Math.round(at.column), row = Math.round(at.row);
  if (column < 0 || row < 0 || column >= h.columns || row >= h.rows) return {};
  const found = value(pixels.data[row * h.columns + column] ?? Number.NaN);
  return Number.isFinite(found) ? { value: found } : {};
}

// region is the statistics of the pixels whose centres lie inside.
function region(shape: Shape, h: Head, { data }: Pixels, value: (stored: number) => number): Partial<Values> {
  let count = 0, mean = 0, squares = 0, least = Number.POSITIVE_INFINITY, most = Number.NEGATIVE_INFINITY;
  rowsIn(shape, h.rows, h.columns, (row, first, last) => {
    for (let at = row * h.columns + first; at <= row * h.columns + last; at++) {
      const v = value(data[at] ?? 0);
      if (!Number.isFinite(v)) continue;
      const from = v - mean; // Welford: no loss of digits
      mean += from / ++count;
      squares += from * (v - mean);
      least = Math.min(least, v);
      most = Math.max(most, v);
    }
  });
  return count > 0 ? { count, mean, deviation: count > 1 ? Math.sqrt(squares / (count - 1)) : 0, least, most } : { count };
}

// changed is a measurement of which no document has what it is now.
function changed(m: Measurement, change: Partial<Measurement>): Measurement {
  const { saved: _, ...plain } = m;
  return { ...plain, ...change };
}

// moved is the measurement with one point elsewhere. Of two axes the short one stays across the long one, and a circle
// goes with its centre.
export function moved(m: Measurement, index: number, point: Vec): Measurement {
  const was = m.points[index], by = m.kind === "circle" && index === 0 && was ? sub(point, was) : undefined;
  const points = m.points.map((p, i) => (i === index ? point : by ? add(p, by) : p));
  return changed(m, { points: m.kind === "axes" ? crossed(m, points, index) : points });
}

// crossed puts the short axis at a right angle: where its own point was moved to, else at the same part of the long
// axis, as far to each side as it was. All in the plane of the long axis' first point.
function crossed(m: Measurement, points: readonly Vec[], index: number): readonly Vec[] {
  const [a, b, c, d] = points, [wasA, wasB] = m.points;
  if (!a || !b || !c || !d || !wasA || !wasB) return points;
  const up: Vec = m.plane ? normal(m.plane) : [0, 0, 1];
  const frame = (from: Vec, to: Vec): { along: Vec; across: Vec; long: number } => { const along = unit(sub(to, from)); return { along, across: cross(up, along), long: length(sub(to, from)) }; };
  const was = frame(wasA, wasB), now = frame(a, b), own = index > 1, moved = index === 3 ? d : c;
  const part = Math.min(1, Math.max(0, dot(sub(moved, wasA), was.along) / (was.long || 1)));
  const at = add(a, times(now.along, part * now.long)), side = (p: Vec): Vec => add(at, times(now.across, dot(sub(p, own ? a : wasA), own ? now.across : was.across)));
  return [a, b, side(c), side(d)];
}

// unsaved is a measurement that measures something else than its document says.
export const unsaved = (m: Measurement): Measurement => changed(m, {});

// filedByHand are the values of a document that were measured by a line of known length: who reads it does not have that.
export const filedByHand = ({ saved }: Measurement): Values | undefined => (saved?.values.unit === "mm-hand" ? saved.values : undefined);

// said is a text with other words.
export const said = (m: Measurement, text: string): Measurement => changed(m, { text });

// settled is a measurement that a document places by pixels, in the space of its image.
export function settled(m: Measurement, h: Head): Measurement {
  if (m.instance !== h.instance || m.frame !== h.frame || m.space !== "pixels" || m.plane || !h.plane) return m;
  return { ...m, points: m.points.map(([column, row]) => toSpace(h, { column, row })), space: "patient", reference: h.reference, series: h.series, plane: h.plane };
}
