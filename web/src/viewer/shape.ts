// Regions on an image: what is inside, and how a line drawn by hand is kept. Places are of pixels, whose
// centres are at whole numbers.
import type { Spot } from "./geometry";

// Shape is a region: a box, what is round in it, or a line around (an edge from the last point to the first).
export type Shape = { kind: "rectangle" | "ellipse"; corners: readonly [Spot, Spot] } | { kind: "contour"; line: readonly Spot[] };

type Size = { row: number; column: number }; // of a pixel

// boxOf is the box around a circle, by its centre and a point of it: round in mm, or where these are not known in pixels.
export function boxOf(center: Spot, on: Spot, { row, column }: Size): [Spot, Spot] {
  const radius = Math.hypot((on.column - center.column) * column, (on.row - center.row) * row), [a, b] = [radius / column, radius / row];
  return [{ column: center.column - a, row: center.row - b }, { column: center.column + a, row: center.row + b }];
}

// areaOf is that of a shape, in the squares of the size of a pixel.
export function areaOf(shape: Shape, { row, column }: Size): number {
  if (shape.kind === "contour") return Math.abs(turning(shape.line)) * row * column;
  const [a, b] = shape.corners, box = Math.abs(b.column - a.column) * column * Math.abs(b.row - a.row) * row;
  return shape.kind === "ellipse" ? (Math.PI / 4) * box : box;
}

// turning is the area in a line, less than 0 if it goes the other way round.
const turning = (line: readonly Spot[]): number => line.reduce((sum, a, i) => { const b = line[(i + 1) % line.length] ?? a; return sum + (a.column * b.row - b.column * a.row) / 2; }, 0);

const slack = 1e-9; // pixels: a centre on the edge is inside

// rowsIn calls take with each stretch of pixels, of an image of a size, whose centres are inside: the row, its
// first and its last column.
export function rowsIn(shape: Shape, rows: number, columns: number, take: (row: number, first: number, last: number) => void): void {
  const spots = shape.kind === "contour" ? shape.line : shape.corners, at = spots.map((spot) => spot.row);
  const bottom = Math.min(rows - 1, Math.floor(Math.max(...at) + slack));
  for (let row = Math.max(0, Math.ceil(Math.min(...at) - slack)); row <= bottom; row++) {
    for (const [left, right] of stretches(shape, row)) {
      const first = Math.max(0, Math.ceil(left - slack)), last = Math.min(columns - 1, Math.floor(right + slack));
      if (first <= last) take(row, first, last);
    }
  }
}

// stretches are where a row is inside, as pairs of columns.
function stretches(shape: Shape, row: number): [number, number][] {
  if (shape.kind === "contour") return crossings(shape.line, row);
  const [a, b] = shape.corners, left = Math.min(a.column, b.column), right = Math.max(a.column, b.column);
  if (shape.kind === "rectangle") return [[left, right]];
  const tall = Math.abs(a.row - b.row) / 2, off = tall > 0 ? (row - (a.row + b.row) / 2) / tall : 0, half = ((right - left) / 2) * Math.sqrt(Math.max(0, 1 - off * off));
  return Math.abs(off) > 1 + slack ? [] : [[(left + right) / 2 - half, (left + right) / 2 + half]];
}

// crossings pairs where a line cuts a row. An end of an edge counts for one of the two that meet there.
function crossings(line: readonly Spot[], row: number): [number, number][] {
  const cuts: number[] = [];
  for (const [i, a] of line.entries()) {
    const b = line[(i + 1) % line.length] ?? a;
    if (a.row <= row !== b.row <= row) cuts.push(a.column + ((row - a.row) / (b.row - a.row)) * (b.column - a.column));
  }
  cuts.sort((x, y) => x - y);
  return Array.from({ length: Math.floor(cuts.length / 2) }, (_, i) => [cuts[2 * i] ?? 0, cuts[2 * i + 1] ?? 0]);
}

// crossesItself reports whether two edges of a line around a region, which do not follow each other, meet: what is
// inside of such a line cannot be told.
export function crossesItself(line: readonly Spot[]): boolean {
  const edge = (i: number): [Spot, Spot] => [line[i] as Spot, line[(i + 1) % line.length] as Spot];
  for (let i = 0; i < line.length; i++) {
    for (let j = i + 2; j < line.length; j++) if (!(i === 0 && j === line.length - 1) && meet(edge(i), edge(j))) return true;
  }
  return false;
}

function meet([a, b]: [Spot, Spot], [c, d]: [Spot, Spot]): boolean {
  const side = (p: Spot, q: Spot, r: Spot): number => Math.sign((q.column - p.column) * (r.row - p.row) - (q.row - p.row) * (r.column - p.column));
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

type Place = readonly [number, number];

// thinned leaves out the points of a line that are no farther than some way off what is drawn without them
// (Ramer, Douglas and Peucker), and with most as many more as there must be fewer.
export function thinned(line: readonly Place[], off: number, most = Number.POSITIVE_INFINITY): Place[] {
  const need = needed(line, off), kept = line.filter((_, i) => need.has(i));
  return kept.length > most ? thinned(line, off * 1.5, most) : kept;
}

function needed(line: readonly Place[], off: number): Set<number> {
  const keep = new Set([0, line.length - 1]), waiting: [number, number][] = [[0, line.length - 1]];
  for (let span = waiting.pop(); span; span = waiting.pop()) {
    const [from, to] = span, a = line[from], b = line[to];
    let best = -1, farthest = off;
    for (let i = from + 1; a && b && i < to; i++) {
      const way = wayTo(a, b, line[i] ?? a);
      if (way > farthest) [best, farthest] = [i, way];
    }
    if (best < 0) continue;
    keep.add(best);
    waiting.push([from, best], [best, to]);
  }
  return keep;
}

// wayTo is how far a place is from the line between two others; from one of them, if they are the same.
function wayTo([ax, ay]: Place, [bx, by]: Place, [x, y]: Place): number {
  const dx = bx - ax, dy = by - ay, long = Math.hypot(dx, dy);
  return long === 0 ? Math.hypot(x - ax, y - ay) : Math.abs(dx * (y - ay) - dy * (x - ax)) / long;
}
