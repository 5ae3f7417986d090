// Structure sets of radiotherapy (PS3.3 C.8.8.5, C.8.8.6): contours around regions.
import { paletteAt, type Rgb } from "./colour";
import { type Dataset, items, numberOf, numbers, text } from "./dataset";
import { cross, dot, length, sub, times, toImage, unit, type Vec } from "./geometry";
import type { Head } from "./head";
import type { NoOver } from "./seg";

export const structureSetClass = "1.2.840.10008.5.1.4.1.1.481.3";

// Contour is a closed line in one plane, in mm of the patient. instance is the image that
// it says it was drawn on, "" for none.
export type Contour = { points: readonly Vec[]; instance: string };
export type Roi = { number: number; name: string; colour: Rgb; reference: string; contours: readonly Contour[] };
export type Structures = { series: readonly string[]; rois: readonly Roi[]; lost: number }; // lost: contours that cannot be drawn

const mostRois = 1000, mostContours = 100_000, mostPoints = 2_000_000; // of one object
const flat = 0.5; // mm that a point may be off its contour's plane

// structuresOf reads a structure set, or says why it cannot be drawn. What is no closed
// contour in a plane is counted.
export function structuresOf(d: Dataset): Structures | NoOver {
  const named = new Map(items(d, "30060020").slice(0, mostRois).map((item) => [numberOf(item, "30060022"), item]));
  let contours = 0, points = 0, lost = 0;
  const read = (item: Dataset): Contour[] => {
    const contour = ++contours <= mostContours ? contourOf(item) : undefined;
    points += contour?.points.length ?? 0;
    if (contour && points <= mostPoints) return [contour];
    lost++;
    return [];
  };
  const rois = items(d, "30060039").slice(0, mostRois).flatMap((item, i): Roi[] => {
    const number = numberOf(item, "30060084"), about = named.get(number);
    if (number === undefined || !about) return [];
    return [{ number, name: text(about, "30060026"), reference: text(about, "30060024"), colour: colourOf(item) ?? paletteAt(i), contours: items(item, "30060040").flatMap(read) }];
  });
  return rois.some((roi) => roi.contours.length > 0) ? { series: seriesIn(d), rois, lost } : "contours";
}

// seriesIn lists the series that a structure set says it is of.
export const seriesIn = (d: Dataset): string[] => items(d, "30060010").flatMap((frame) => items(frame, "30060012")).flatMap((study) => items(study, "30060014"))
  .slice(0, 64).map((item) => text(item, "0020000E")).filter(Boolean);

function colourOf(d: Dataset): Rgb | undefined {
  const [r, g, b] = numbers(d, "3006002A");
  return r !== undefined && g !== undefined && b !== undefined && [r, g, b].every((v) => v >= 0 && v <= 255) ? [r, g, b] : undefined;
}

function contourOf(d: Dataset): Contour | undefined {
  if (!["CLOSED_PLANAR", "CLOSEDPLANAR_XOR"].includes(text(d, "30060042"))) return undefined;
  const data = numbers(d, "30060050"), n = data.length / 3, stated = numberOf(d, "30060046") ?? n;
  if (!Number.isInteger(n) || n < 3 || stated !== n || n > mostPoints) return undefined;
  const points = Array.from({ length: n }, (_, i): Vec => [data[3 * i] ?? 0, data[3 * i + 1] ?? 0, data[3 * i + 2] ?? 0]);
  return isFlat(points) ? { points, instance: text(items(d, "30060016")[0], "00081155") } : undefined;
}

// isFlat reports whether points lie in one plane, whose normal is that of the area that
// they go around.
function isFlat(points: readonly Vec[]): boolean {
  const [first] = points;
  if (!first) return false;
  let n: Vec = [0, 0, 0];
  points.forEach((p, i) => {
    const a = sub(p, first), b = sub(points[(i + 1) % points.length] ?? first, first), c = cross(a, b);
    n = [n[0] + c[0], n[1] + c[1], n[2] + c[2]];
  });
  if (length(n) < 1e-9) return true; // a line: it is in a plane, too
  const up = unit(n), middle = times(points.reduce((sum: Vec, p): Vec => [sum[0] + p[0], sum[1] + p[1], sum[2] + p[2]], [0, 0, 0]), 1 / points.length);
  return points.every((p) => Math.abs(dot(sub(p, middle), up)) <= flat);
}

// contoursOn returns those of a region that lie in an image, within half of its thickness:
// in a series that the structure set is of, those that name the image or none, else all of
// its frame of reference.
export function contoursOn({ series }: Structures, roi: Roi, head: Head): readonly Contour[] {
  const { plane } = head;
  if (!plane) return [];
  const near = Math.max(0.05, (head.thickness > 0 ? head.thickness : plane.columnSpacing) / 2);
  const inPlane = ({ points }: Contour): boolean => points.every((p) => Math.abs(toImage(plane, p).off) <= near);
  const same = roi.reference !== "" && roi.reference === head.reference, own = head.instance !== "" && series.includes(head.series);
  const named = ({ instance }: Contour): boolean => (own && instance !== "") || !same ? instance !== "" && instance === head.instance : true;
  return roi.contours.filter((contour) => named(contour) && inPlane(contour));
}
