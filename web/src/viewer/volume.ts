// A series as one block of values, and cuts through it.
import { cross, dot, length, type Plane, sub, times, type Vec } from "./geometry";
import type { Head } from "./head";

export type Values = Int16Array | Uint16Array | Uint8Array | Float32Array;

// Grid is where the values of a volume are in the patient: value (i, j, k) is at
// origin + i*across + j*along + k*step, in mm.
export type Grid = { size: readonly [number, number, number]; origin: Vec; across: Vec; along: Vec; step: Vec };

export type Volume = Grid & { values: Values; outside: number };

// Why a series is no volume.
export type NoVolume = "few" | "planes" | "sizes" | "gaps" | "colour" | "memory";

const mostBytes = 768 << 20;

// gridOf places a series' frames in space; or says why that cannot be done. Slices may be
// sheared against each other (a tilted gantry); between them must be the same distance,
// within a twentieth.
export function gridOf(heads: readonly Head[]): Grid | NoVolume {
  const [first] = heads, last = heads.at(-1);
  if (heads.length < 3 || !first || !last) return "few";
  if (heads.some((h) => h.samples !== 1 || h.photometric === "PALETTE COLOR" || h.modalityLut || h.allocated === 1)) return "colour";
  if (heads.some((h) => h.rows !== first.rows || h.columns !== first.columns)) return "sizes";
  if (!first.plane || !last.plane) return "planes";
  const { plane } = first, n = cross(plane.right, plane.down), step = times(sub(last.plane.origin, plane.origin), 1 / (heads.length - 1)), gap = dot(step, n);
  if (Math.abs(gap) < 1e-3) return "planes";
  for (const [k, h] of heads.entries()) {
    if (!h.plane || dot(h.plane.right, plane.right) < 0.9999 || dot(h.plane.down, plane.down) < 0.9999) return "planes";
    if (length(sub(sub(h.plane.origin, plane.origin), times(step, k))) > Math.abs(gap) / 20 + 0.01) return "gaps";
  }
  if (first.rows * first.columns * heads.length * 2 > mostBytes) return "memory";
  return {
    size: [first.columns, first.rows, heads.length], origin: plane.origin,
    across: times(plane.right, plane.columnSpacing), along: times(plane.down, plane.rowSpacing), step,
  };
}

// toGrid returns the function from mm to (i, j, k), for places and for directions.
export function toGrid(g: Grid): { place: (p: Vec) => Vec; direction: (v: Vec) => Vec } {
  const a = cross(g.along, g.step), b = cross(g.step, g.across), c = cross(g.across, g.along), whole = dot(g.across, a);
  const direction = (v: Vec): Vec => [dot(v, a) / whole, dot(v, b) / whole, dot(v, c) / whole];
  return { direction, place: (p) => direction(sub(p, g.origin)) };
}

export type Blend = "mean" | "max" | "min";
export type Cut = { plane: Plane; rows: number; columns: number; samples: number; between: number; blend: Blend }; // between: mm from one sample of a slab to the next

// reslice samples a cut through a volume, between its values by their distance in three
// directions. Of a slab each pixel is the mean, the largest or the least along the normal.
export function reslice(v: Volume, cut: Cut): Values {
  const { plane, rows, columns, samples, between, blend } = cut;
  const grid = toGrid(v), n = cross(plane.right, plane.down);
  const start = grid.place(plane.origin), right = grid.direction(times(plane.right, plane.columnSpacing));
  const down = grid.direction(times(plane.down, plane.rowSpacing)), deep = grid.direction(times(n, between));
  const make = v.values.constructor as new (length: number) => Values;
  const out = new make(rows * columns), whole = !(v.values instanceof Float32Array);
  const sample = sampler(v);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, at++) {
      let x = start[0] + column * right[0] + row * down[0] - (deep[0] * (samples - 1)) / 2;
      let y = start[1] + column * right[1] + row * down[1] - (deep[1] * (samples - 1)) / 2;
      let z = start[2] + column * right[2] + row * down[2] - (deep[2] * (samples - 1)) / 2;
      let sum = 0, count = 0, most = Number.NEGATIVE_INFINITY, least = Number.POSITIVE_INFINITY;
      for (let s = 0; s < samples; s++, x += deep[0], y += deep[1], z += deep[2]) {
        const value = sample(x, y, z);
        if (Number.isNaN(value)) continue; // outside
        sum += value;
        count++;
        if (value > most) most = value;
        if (value < least) least = value;
      }
      const found = count === 0 ? v.outside : blend === "max" ? most : blend === "min" ? least : sum / count;
      out[at] = whole ? Math.round(found) : found;
    }
  }
  return out;
}

// sampler returns the function that gives the value at a place of the grid, NaN outside.
function sampler({ values, size: [nx, ny, nz] }: Volume): (x: number, y: number, z: number) => number {
  const slice = nx * ny, edge = 0.5, at = (i: number): number => values[i] as number;
  return (x, y, z) => {
    if (!(x >= -edge && y >= -edge && z >= -edge && x <= nx - edge && y <= ny - edge && z <= nz - edge)) return Number.NaN;
    const cx = x < 0 ? 0 : x > nx - 1 ? nx - 1 : x, cy = y < 0 ? 0 : y > ny - 1 ? ny - 1 : y, cz = z < 0 ? 0 : z > nz - 1 ? nz - 1 : z;
    const i = cx | 0, j = cy | 0, k = cz | 0, fx = cx - i, fy = cy - j, fz = cz - k;
    const a = i + j * nx + k * slice, dx = i + 1 < nx ? 1 : 0, dy = j + 1 < ny ? nx : 0, dz = k + 1 < nz ? slice : 0;
    const v00 = at(a) + fx * (at(a + dx) - at(a)), v10 = at(a + dy) + fx * (at(a + dy + dx) - at(a + dy));
    const low = v00 + fy * (v10 - v00);
    if (fz === 0) return low;
    const b = a + dz, v01 = at(b) + fx * (at(b + dx) - at(b)), v11 = at(b + dy) + fx * (at(b + dy + dx) - at(b + dy));
    return low + fz * (v01 + fy * (v11 - v01) - low);
  };
}

// Box is what a volume takes up, along the patient's axes.
export type Box = { least: Vec; most: Vec };

export function boxOf(g: Grid): Box {
  const least = [1, 1, 1].map(() => Number.POSITIVE_INFINITY), most = [1, 1, 1].map(() => Number.NEGATIVE_INFINITY);
  for (let corner = 0; corner < 8; corner++) {
    for (let axis = 0; axis < 3; axis++) {
      const p = (g.origin[axis] ?? 0) + [g.across, g.along, g.step].reduce((sum, v, i) => sum + (corner & (1 << i) ? ((g.size[i] ?? 1) - 1) * (v[axis] ?? 0) : 0), 0);
      least[axis] = Math.min(least[axis] ?? p, p);
      most[axis] = Math.max(most[axis] ?? p, p);
    }
  }
  return { least: least as unknown as Vec, most: most as unknown as Vec };
}

export type Direction = "axial" | "coronal" | "sagittal";

// The patient's left is on the right of the screen, the front or the head is above.
const facing: Record<Direction, { right: Vec; down: Vec }> = {
  axial: { right: [1, 0, 0], down: [0, 1, 0] },
  coronal: { right: [1, 0, 0], down: [0, 0, -1] },
  sagittal: { right: [0, 1, 0], down: [0, 0, -1] },
};

// planesOf lists the cuts of a direction from one end of a box to the other, as far apart
// as pixels are: axial ones from the head down, coronal ones from the front, sagittal ones
// from the right.
export function planesOf(box: Box, direction: Direction, spacing: number): { planes: Plane[]; rows: number; columns: number } {
  const { right, down } = facing[direction], n = cross(right, down);
  const along = (v: Vec): [number, number] => {
    const ends = [dot(box.least, v), dot(box.most, v)];
    return [Math.min(...ends), Math.max(...ends)];
  };
  const [x0, x1] = along(right), [y0, y1] = along(down), [z0, z1] = along(n);
  const count = (a: number, b: number): number => Math.max(1, Math.round((b - a) / spacing) + 1);
  const planes = Array.from({ length: count(z0, z1) }, (_, i): Plane => {
    const z = z0 + i * spacing;
    const origin = [0, 1, 2].map((axis) => (right[axis] ?? 0) * x0 + (down[axis] ?? 0) * y0 + (n[axis] ?? 0) * z) as unknown as Vec;
    return { origin, right, down, columnSpacing: spacing, rowSpacing: spacing };
  });
  if (n[2] > 0 || n[0] < 0) planes.reverse();
  return { planes, rows: count(y0, y1), columns: count(x0, x1) };
}
