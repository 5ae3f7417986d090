// Planes in the patient's coordinates: millimetres, x to the left, y to the back, z to
// the head (PS3.3 C.7.6.2.1.1).

export type Vec = readonly [number, number, number];

export const add = (a: Vec, b: Vec): Vec => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const sub = (a: Vec, b: Vec): Vec => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const times = (a: Vec, k: number): Vec => [a[0] * k, a[1] * k, a[2] * k];
export const dot = (a: Vec, b: Vec): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const cross = (a: Vec, b: Vec): Vec => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
export const length = (a: Vec): number => Math.hypot(...a);
export const unit = (a: Vec): Vec => times(a, 1 / (length(a) || 1));

// Plane is where an image lies. right is the direction of growing columns, down that of
// growing rows; both are one long. A pixel's centre is at whole numbers.
export type Plane = { origin: Vec; right: Vec; down: Vec; columnSpacing: number; rowSpacing: number };

export const normal = (p: Plane): Vec => cross(p.right, p.down);

// planeOf reads Image Position, Image Orientation and Pixel Spacing (PS3.3 C.7.6.2);
// undefined if they are no plane.
export function planeOf(position: readonly number[], orientation: readonly number[], spacing: readonly number[]): Plane | undefined {
  const [x, y, z] = position, [rowSpacing, columnSpacing] = spacing, [a, b, c, d, e, f] = orientation;
  if (x === undefined || y === undefined || z === undefined || f === undefined || !(rowSpacing && rowSpacing > 0) || !(columnSpacing && columnSpacing > 0)) return undefined;
  const right: Vec = [a ?? 0, b ?? 0, c ?? 0], down: Vec = [d ?? 0, e ?? 0, f];
  const long = (v: Vec): boolean => Math.abs(length(v) - 1) < 0.01;
  if (!long(right) || !long(down) || Math.abs(dot(right, down)) > 0.01) return undefined;
  return { origin: [x, y, z], right: unit(right), down: unit(down), columnSpacing, rowSpacing };
}

// toPatient returns where a place of the image is in the patient.
export const toPatient = (p: Plane, column: number, row: number): Vec =>
  add(p.origin, add(times(p.right, column * p.columnSpacing), times(p.down, row * p.rowSpacing)));

// toImage returns the place of the image that is nearest to a point, and how far along
// the normal the point is from the plane, in mm.
export function toImage(p: Plane, point: Vec): { column: number; row: number; off: number } {
  const from = sub(point, p.origin);
  return { column: dot(from, p.right) / p.columnSpacing, row: dot(from, p.down) / p.rowSpacing, off: dot(from, normal(p)) };
}

// parallel reports whether two planes are, within about two degrees, either way round.
export const parallel = (a: Plane, b: Plane): boolean => Math.abs(dot(normal(a), normal(b))) > 0.9994;

const ends: readonly (readonly [string, string])[] = [["L", "R"], ["P", "A"], ["H", "F"]];
const least = 0.05; // part of a direction that is still named: about three degrees

// letters names a direction of the patient: that which it mostly points to first
// (PS3.3 C.7.6.1.1.1).
export function letters(direction: Vec): string {
  return direction.map((part, axis) => ({ part, axis }))
    .filter(({ part }) => Math.abs(part) > least)
    .sort((a, b) => Math.abs(b.part) - Math.abs(a.part))
    .map(({ part, axis }) => ends[axis]?.[part > 0 ? 0 : 1] ?? "").join("");
}

const other: Record<string, string> = { L: "R", R: "L", A: "P", P: "A", H: "F", F: "H" };

// opposite turns letters round.
export const opposite = (named: string): string => [...named].map((letter) => other[letter] ?? letter).join("");

export type Axis = "axial" | "coronal" | "sagittal" | "oblique";

// axisOf names a plane by what its normal is along.
export function axisOf(p: Plane): Axis {
  const [x, y, z] = normal(p).map(Math.abs) as [number, number, number];
  const most = Math.max(x, y, z);
  if (most < 0.9) return "oblique";
  return most === z ? "axial" : most === y ? "coronal" : "sagittal";
}

export type Spot = { column: number; row: number };

// crossing returns where the rectangle of one image cuts through another: a line in the
// other's pixels, or undefined. Two planes that are parallel do not cut.
export function crossing(of: Plane, rows: number, columns: number, on: Plane): [Spot, Spot] | undefined {
  if (parallel(of, on)) return undefined;
  const corners = [[-0.5, -0.5], [columns - 0.5, -0.5], [columns - 0.5, rows - 0.5], [-0.5, rows - 0.5]].map(([c, r]) => toPatient(of, c ?? 0, r ?? 0));
  const found: Spot[] = [];
  corners.forEach((a, i) => {
    const b = corners[(i + 1) % corners.length] ?? a;
    const from = toImage(on, a).off, to = toImage(on, b).off;
    if (from < 0 === to < 0 || found.length === 2) return;
    const { column, row } = toImage(on, add(a, times(sub(b, a), from / (from - to))));
    found.push({ column, row });
  });
  const [first, second] = found;
  return first && second ? [first, second] : undefined;
}

// View is how an image is turned on the screen: mirrored first, then turned by quarters
// clockwise.
export type Turn = { flip: boolean; quarters: number };

// onScreen returns which directions of the image point right and down on the screen, as
// (column, row).
export function onScreen({ flip, quarters }: Turn): { right: readonly [number, number]; down: readonly [number, number] } {
  const f = flip ? -1 : 1;
  switch (((quarters % 4) + 4) % 4) {
    case 1: return { right: [0, -1], down: [f, 0] };
    case 2: return { right: [-f, 0], down: [0, -1] };
    case 3: return { right: [0, 1], down: [-f, 0] };
    default: return { right: [f, 0], down: [0, 1] };
  }
}

export type Edges = { left: string; right: string; top: string; bottom: string };

// edges returns the letters at the four sides of the screen. row and column are the
// directions of the image: of growing columns and of growing rows, as letters.
export function edges(row: string, column: string, turn: Turn): Edges {
  const { right, down } = onScreen(turn);
  const name = ([c, r]: readonly [number, number]): string => (c > 0 ? row : c < 0 ? opposite(row) : r > 0 ? column : opposite(column));
  return { right: name(right), left: opposite(name(right)), bottom: name(down), top: opposite(name(down)) };
}
