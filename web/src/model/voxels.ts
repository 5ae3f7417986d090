// A series as one block of values that a graphics processor can hold: at most 256 in each
// direction, where the slices lie in the patient.
import { add, type Vec } from "../viewer/geometry";
import { gridOf, type Grid, type NoVolume, toGrid } from "../viewer/volume";
import type { Head } from "../viewer/head";
import type { Stack } from "../viewer/stack";
import { percentiles } from "../viewer/window";
import type { Box } from "./pose";

export const mostSide = 256; // voxels: 2^24 of two bytes are 32 MB
export const blockSide = 8; // voxels

// Range is what the least and the largest share stand for, in HU of CT, else as rescaled.
export type Range = { low: number; high: number };

// Voxels are shares of a range, from 0 to 1, as floats of 16 bits (IEEE 754 binary16).
// blocks has the largest share of each cube of 8 voxels and of those that touch it, so that
// a ray can leap over what cannot be seen. box is around what is more than air or background;
// full is the size that the series has.
export type Voxels = { grid: Grid; box: Box; shares: Uint16Array<ArrayBuffer>; blocks: Uint16Array<ArrayBuffer>; range: Range; hounsfield: boolean; full: Grid["size"] };

type Size = Grid["size"];

// factorsOf is of how many values one is made, in each direction.
export const factorsOf = (size: Size): Size => size.map((n) => Math.ceil(n / mostSide)) as unknown as Size;

// reduced is the grid of means: each lies in the middle of what it is the mean of. A last
// one of fewer is taken to lie where a whole one would.
export function reduced(grid: Grid): Grid {
  const factors = factorsOf(grid.size), axes = [grid.across, grid.along, grid.step];
  const [across, along, step] = axes.map((v, i) => v.map((part) => part * (factors[i] ?? 1)) as unknown as Vec) as [Vec, Vec, Vec];
  const half = axes.map((v, i) => v.map((part) => (part * ((factors[i] ?? 1) - 1)) / 2) as unknown as Vec).reduce(add);
  return { size: grid.size.map((n, i) => Math.ceil(n / (factors[i] ?? 1))) as unknown as Size, origin: add(grid.origin, half), across, along, step };
}

type Meaning = Pick<Head, "slope" | "intercept" | "padding">;

// Reducer takes the slices of a grid one after another, and makes means of their values.
export class Reducer {
  readonly values: Float32Array<ArrayBuffer>;
  readonly #full: Size;
  readonly #small: Size;
  readonly #sums: Float64Array;
  readonly #counts: Uint16Array;
  #taken = 0;

  constructor(size: Size) {
    this.#full = size;
    this.#small = size.map((n, i) => Math.ceil(n / (factorsOf(size)[i] ?? 1))) as unknown as Size;
    const plane = this.#small[0] * this.#small[1];
    this.values = new Float32Array(plane * this.#small[2]);
    this.#sums = new Float64Array(plane);
    this.#counts = new Uint16Array(plane);
  }

  // add takes stored values; those that are padding (PS3.3 C.7.5.1.1.2) count for nothing.
  add(stored: ArrayLike<number>, { slope, intercept, padding }: Meaning): void {
    const [nx, ny] = this.#full, [fx, fy, fz] = factorsOf(this.#full), wide = this.#small[0];
    for (let row = 0, i = 0; row < ny; row++) {
      const to = Math.floor(row / fy) * wide;
      for (let column = 0; column < nx; column++, i++) {
        const value = stored[i] ?? 0, at = to + Math.floor(column / fx);
        if (padding && value >= padding[0] && value <= padding[1]) continue;
        this.#sums[at] = (this.#sums[at] ?? 0) + slope * value + intercept;
        this.#counts[at] = (this.#counts[at] ?? 0) + 1;
      }
    }
    this.#taken++;
    if (this.#taken % fz === 0 || this.#taken === this.#full[2]) this.#put(Math.ceil(this.#taken / fz) - 1);
  }

  // put writes the means of the slices that were taken since; NaN of padding alone.
  #put(slice: number): void {
    const from = slice * this.#sums.length;
    for (let i = 0; i < this.#sums.length; i++) this.values[from + i] = (this.#sums[i] ?? 0) / (this.#counts[i] ?? 0);
    this.#sums.fill(0);
    this.#counts.fill(0);
  }
}

const hounsfieldRange: Range = { low: -1024, high: 3071 };
// rangeOf is what is shown of values that have no unit: all but the most extreme thousandth
// at either end.
export function rangeOf(values: Float32Array): Range {
  const [low, high] = percentiles(values, 0.001, 0.999);
  return high > low ? { low, high } : { low, high: low + 1 };
}

const view = new DataView(new ArrayBuffer(4)), leastNormal = 2 ** -14, smallest = 2 ** -24;

// half returns a share from 0 to 1 as a float of 16 bits, rounded to the nearest.
export function half(share: number): number {
  if (!(share > 0)) return 0; // NaN, too
  if (share >= 1) return 0x3c00;
  if (share < leastNormal) return Math.round(share / smallest);
  view.setFloat32(0, share);
  return (view.getUint32(0) - 0x38000000 + 0x1000) >> 13;
}

// highest returns the largest share of each block, and of its neighbours one voxel around.
// Floats of 16 bits that are not negative are ordered as their bits are.
export function highest(shares: Uint16Array, size: Size): Uint16Array<ArrayBuffer> {
  const count = blocksOf(size), out = new Uint16Array(count[0] * count[1] * count[2]), [nx, ny, nz] = size;
  const ends = (block: number, n: number): [number, number] => [Math.max(0, block * blockSide - 1), Math.min(n, (block + 1) * blockSide + 1)];
  for (let z = 0, i = 0; z < count[2]; z++) {
    for (let y = 0; y < count[1]; y++) {
      for (let x = 0; x < count[0]; x++, i++) {
        const [x0, x1] = ends(x, nx), [y0, y1] = ends(y, ny), [z0, z1] = ends(z, nz);
        let most = 0;
        for (let c = z0; c < z1; c++) for (let b = y0; b < y1; b++) for (let a = x0; a < x1; a++) most = Math.max(most, shares[a + nx * (b + ny * c)] ?? 0);
        out[i] = most;
      }
    }
  }
  return out;
}

export const blocksOf = (size: Size): Size => size.map((n) => Math.ceil(n / blockSide)) as unknown as Size;

// Part is from where to where in a grid, in each direction.
export type Part = { from: Size; to: Size };

// filled is the part of a grid whose shares are larger than a least one; all, if none is.
export function filled(shares: Uint16Array, size: Size, least: number): Part {
  const from = [...size] as [number, number, number], to = [-1, -1, -1] as [number, number, number];
  for (let k = 0, i = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      for (let x = 0; x < size[0]; x++, i++) {
        if ((shares[i] ?? 0) <= least) continue;
        if (x < from[0]) from[0] = x;
        if (x > to[0]) to[0] = x;
        if (j < from[1]) from[1] = j;
        if (j > to[1]) to[1] = j;
        if (k < from[2]) from[2] = k;
        to[2] = k;
      }
    }
  }
  return to[2] < 0 ? { from: [0, 0, 0], to: size.map((n) => n - 1) as unknown as Size } : { from, to };
}

// boxAround is what a part of a grid takes up in the patient, with the outer halves of the
// outermost voxels.
export function boxAround({ origin, across, along, step }: Grid, { from, to }: Part): Box {
  const low: number[] = [], high: number[] = [];
  for (const axis of [0, 1, 2] as const) {
    const ways = [across, along, step].map((v, i) => [((from[i] ?? 0) - 0.5) * v[axis], ((to[i] ?? 0) + 0.5) * v[axis]] as const);
    low.push(ways.reduce((sum, both) => sum + Math.min(...both), origin[axis]));
    high.push(ways.reduce((sum, both) => sum + Math.max(...both), origin[axis]));
  }
  return { low: low as unknown as Vec, high: high as unknown as Vec };
}

// within returns the matrix, row by row, from a place of the patient in mm to one in the
// block of voxels, which goes from 0 to 1 in each direction. Slices may be sheared.
export function within(grid: Grid): number[] {
  const { place, direction } = toGrid(grid), origin = place([0, 0, 0]), axes = ([[1, 0, 0], [0, 1, 0], [0, 0, 1]] as const).map(direction);
  const rows = ([0, 1, 2] as const).map((i) => [...axes.map((axis) => axis[i] / grid.size[i]), (origin[i] + 0.5) / grid.size[i]]);
  return [...rows.flat(), 0, 0, 0, 1];
}

const air = -500, background = 0.1; // HU, and a share: the most that either has

const breath = 16; // slices until the page gets a turn

// gather fetches all frames of a series in their order, and tells how many are here; or says
// why they are no volume. Frames are dropped by the stack's memory once they are taken.
export async function gather(stack: Pick<Stack, "heads" | "ask">, signal: AbortSignal, onFrame: (done: number, total: number) => void): Promise<Voxels | NoVolume> {
  const full = gridOf(stack.heads), { heads } = stack;
  if (typeof full === "string") return full;
  const reducer = new Reducer(full.size);
  for (const [k, head] of heads.entries()) {
    const { data } = await stack.ask(k);
    signal.throwIfAborted();
    reducer.add(data, head);
    onFrame(k + 1, heads.length);
  }
  const hounsfield = heads.every(({ unit }) => unit === "HU"), range = hounsfield ? hounsfieldRange : rangeOf(reducer.values);
  const grid = reduced(full), shares = new Uint16Array(reducer.values.length), slice = grid.size[0] * grid.size[1];
  for (let i = 0; i < shares.length; i++) {
    if (i % (slice * breath) === 0) await turn(signal);
    shares[i] = half(((reducer.values[i] ?? 0) - range.low) / (range.high - range.low));
  }
  await turn(signal);
  const box = boxAround(grid, filled(shares, grid.size, half(hounsfield ? (air - range.low) / (range.high - range.low) : background)));
  return { grid, box, shares, blocks: highest(shares, grid.size), range, hounsfield, full: full.size };
}

async function turn(signal: AbortSignal): Promise<void> {
  await new Promise((on) => { setTimeout(on); });
  signal.throwIfAborted();
}
