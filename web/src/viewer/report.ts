// Writes measurements as the node takes them, to be filed as a report.
import type { NewMark } from "../api/types";
import { type Spot, toImage, toPatient, type Vec } from "./geometry";
import type { Head } from "./head";
import { areaUnits, isOn, type Kind, type Measurement, shapeOf, toSpot, type Values, valuesOf } from "./measure";
import { valueOf } from "./pixels";
import type { Source } from "./stack";

const labels: Partial<Record<Kind, string>> = { length: "Length", axes: "Long and short axis", angle: "Angle", cobb: "Cobb angle", rectangle: "Rectangle", ellipse: "Ellipse", circle: "Circle", contour: "Freehand", probe: "Value", text: "Note" };

// written measures a mark anew and writes it. sources are the series that are here.
// Undefined: it cannot be kept, for its image is not here, it is nowhere in the patient, or
// it measures nothing.
export async function written(mark: Measurement, sources: readonly Source[], nth: number): Promise<NewMark | undefined> {
  const { kind } = mark, found = onOwn(mark, sources);
  if (mark.saved || kind === "outline" || !found) return mark.saved?.written;
  const { source, head, index } = found;
  const pixels = flatKinds.has(kind) ? undefined : await source.ask(index);
  const of = valueOf(head, source.tables(head)), suv = head.toSuv;
  const values = valuesWritten(kind, valuesOf(mark, head, pixels, suv ? (v) => of(v) * suv : of, suv ? "SUV" : head.unit));
  const flat = mark.instance !== "";
  if (!flat && (mark.reference === "" || !mark.plane)) return undefined;
  if (kind === "text" ? !cleaned(mark.text ?? "") : values.length === 0) return undefined;
  return {
    kind: kind === "circle" && !(flat && isSquare(head)) ? "ellipse" : kind, tracking: mark.id, label: `${labels[kind] ?? ""} ${nth}`, points: flat ? flatPoints(mark, head) : spatialPoints(mark, head),
    ...(flat ? { image: mark.instance, frame: mark.frame } : { space: mark.reference }),
    ...(kind === "text" ? { text: cleaned(mark.text ?? "") } : { values }),
  };
}

// flatKinds measure without pixels.
const flatKinds: ReadonlySet<Kind> = new Set(["length", "axes", "angle", "cobb", "text"]);

// isSquare tells an image on which what is round in mm is a CIRCLE, which is round in pixels (PS3.3 C.18.6.1.2).
const isSquare = ({ scale }: Head): boolean => !scale || Math.abs(scale.row / scale.column - 1) < 1e-4;

// cleaned is a note without what controls a terminal.
const cleaned = (text: string): string => text.replace(/[^\P{Cc}\n]/gu, " ").trim();

type Found = { source: Source; head: Head; index: number };

// onOwn finds the image that a mark was drawn on, or for one of a computed plane the picture
// that it lies in nearest to the middle.
function onOwn(mark: Measurement, sources: readonly Source[]): Found | undefined {
  let best: Found | undefined, least = Number.POSITIVE_INFINITY;
  for (const source of sources) {
    source.heads.forEach((head, index) => {
      const own = mark.instance !== "" && head.instance === mark.instance && head.frame === mark.frame;
      const off = own ? -1 : mark.instance === "" && isOn(mark, head) ? Math.abs(head.plane && mark.points[0] ? toImage(head.plane, mark.points[0]).off : 0) : Number.POSITIVE_INFINITY;
      if (off < least) [best, least] = [{ source, head, index }, off];
    });
  }
  return best;
}

// formed are the places that a region is written by, on its image (flat) or in the patient; undefined for what is
// written by its own points.
function formed(mark: Measurement, head: Head, flat: boolean): Spot[] | undefined {
  const shape = shapeOf(mark, head), { row: high = 1, column: wide = 1 } = flat ? {} : head.scale ?? {};
  if (!shape || (mark.kind === "circle" && flat && isSquare(head))) return undefined;
  if (shape.kind === "contour") return [...shape.line, ...shape.line.slice(0, 1)];
  const [a, b] = shape.corners;
  if (shape.kind === "rectangle") return [a, { column: b.column, row: a.row }, b, { column: a.column, row: b.row }, a];
  const column = (a.column + b.column) / 2, row = (a.row + b.row) / 2;
  const across = [{ column: a.column, row }, { column: b.column, row }], down = [{ column, row: a.row }, { column, row: b.row }];
  return Math.abs(a.column - b.column) * wide >= Math.abs(a.row - b.row) * high ? [...across, ...down] : [...down, ...across];
}

// The upper left corner of the first pixel is 0\0 (PS3.3 C.18.6.1.2); ours is its centre.
function flatPoints(mark: Measurement, head: Head): number[][] {
  const spots = formed(mark, head, true) ?? mark.points.map((point) => toSpot(head, mark, point));
  return spots.map(({ column, row }) => [column + 0.5, row + 0.5]);
}

function spatialPoints(mark: Measurement, head: Head): number[][] {
  const { plane } = head, spots = formed(mark, head, false);
  if (!plane) return [];
  return (spots ? spots.map(({ column, row }): Vec => toPatient(plane, column, row)) : mark.points).map((point) => [...point]);
}

// isNumber reports whether the node files a number: one that a float of 32 bits holds. JSON has no others, and null is read as 0.
const isNumber = (v: number | undefined): v is number => v !== undefined && Number.isFinite(Math.fround(v));

type NewValue = NonNullable<NewMark["values"]>[number];

function valuesWritten(kind: Kind, v: Values): NewValue[] {
  const pixels: NewValue["in"] = v.valueUnit === "HU" || v.valueUnit === "SUV" ? v.valueUnit : "1";
  const area = areaUnits[v.unit];
  const all = [[v.short === undefined ? "length" : "long", v.unit], ["short", v.unit], [kind === "cobb" ? "cobb" : "angle", "deg"], ["area", area], ["value", pixels], ["mean", pixels], ["deviation", pixels], ["least", pixels], ["most", pixels]] as const;
  return all.flatMap(([of, unit]) => {
    const number = v[of === "long" ? "length" : of === "cobb" ? "angle" : of];
    return isNumber(number) ? [{ of, in: unit, number }] : [];
  });
}
