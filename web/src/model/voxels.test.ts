import { expect, test } from "vitest";
import type { Dataset } from "../viewer/dataset";
import type { Vec } from "../viewer/geometry";
import { type Head, headsOf } from "../viewer/head";
import { ordered } from "../viewer/stack";
import type { Grid } from "../viewer/volume";
import { boxAround, factorsOf, filled, gather, half, highest, rangeOf, reduced, Reducer, within } from "./voxels";

// A head first scan with voxels of 2 × 3 × 5 mm.
const grid: Grid = { size: [512, 300, 256], origin: [-100, -50, 10], across: [2, 0, 0], along: [0, 3, 0], step: [0, 0, 5] };

test("of more than 256 values in a direction, means are made; each lies in the middle of its values", () => {
  expect(factorsOf([512, 300, 256])).toEqual([2, 2, 1]);
  expect(factorsOf([1, 257, 1025])).toEqual([1, 2, 5]);
  expect(reduced(grid)).toEqual({ size: [256, 150, 256], origin: [-99, -48.5, 10], across: [4, 0, 0], along: [0, 6, 0], step: [0, 0, 5] });
});

test("means are those of rescaled values; padding counts for nothing, and what is padding alone is none", () => {
  const reducer = new Reducer([512, 1, 3]), plain = { slope: 2, intercept: -1000 }; // slices are not merged, columns are, two by two
  const slice = (first: number, second: number): Int16Array => new Int16Array(512).fill(7).fill(first, 0, 1).fill(second, 1, 2);
  reducer.add(slice(100, 300), plain);
  reducer.add(slice(-2000, 300), { ...plain, padding: [-2000, -2000] });
  reducer.add(slice(-2000, -2000), { ...plain, padding: [-2000, -2000] });
  const [one, two, none] = [0, 1, 2].map((k) => reducer.values[256 * k]);
  expect([one, two]).toEqual([-600, -400]); // (100 + 300) / 2 * 2 - 1000; 300 * 2 - 1000
  expect(none).toBeNaN();
  expect(reducer.values[1]).toBe(-986);
});

test("slices are merged in the order in which they come, and the last with those that are left", () => {
  const reducer = new Reducer([1, 1, 257]);
  for (let k = 0; k < 257; k++) reducer.add([k], { slope: 1, intercept: 0 });
  expect(reducer.values.length).toBe(129);
  expect([reducer.values[0], reducer.values[1], reducer.values[128]]).toEqual([0.5, 2.5, 256]);
});

test.each([[0, 0], [-1, 0], [Number.NaN, 0], [1, 0x3c00], [7, 0x3c00], [0.5, 0x3800], [0.25, 0x3400], [0.75, 0x3a00], [2 ** -14, 0x0400], [2 ** -24, 1], [1 - 2 ** -11, 0x3bff]])("a share of %d is %d as a float of 16 bits", (share, bits) => {
  expect(half(share)).toBe(bits);
});

test("values in HU are told apart by 3 HU, over all of the range", () => {
  for (let hu = -1024; hu < 3068; hu++) expect(half((hu + 3 + 1024) / 4095)).toBeGreaterThan(half((hu + 1024) / 4095));
});

test("a block knows the largest share of its own, and of those that touch it", () => {
  const size = [20, 9, 1] as const, shares = new Uint16Array(20 * 9);
  shares[8] = 5; // the first column of the second block, the neighbour of the first
  shares[8 * 20 + 19] = 7; // the last row
  expect([...highest(shares, size)]).toEqual([5, 5, 7, 0, 0, 7]);
});

test("the range of values without unit leaves the most extreme out, and is never empty", () => {
  const values = Float32Array.from({ length: 10_000 }, (_, i) => i);
  values[9999] = 1e9;
  values[0] = Number.NaN;
  const { low, high } = rangeOf(values);
  expect(low).toBeGreaterThanOrEqual(0);
  expect(low).toBeLessThan(20);
  expect(high).toBeGreaterThan(9900);
  expect(high).toBeLessThan(10_000);
  expect(rangeOf(new Float32Array(8))).toEqual({ low: 0, high: 1 });
  expect(rangeOf(new Float32Array(8).fill(Number.NaN))).toEqual({ low: 0, high: 1 });
});

test("a box is around what is filled, with the halves of the outermost voxels; around all where nothing is", () => {
  const size = [4, 3, 2] as const, shares = new Uint16Array(24), small = { ...grid, size };
  expect(filled(shares, size, 0)).toEqual({ from: [0, 0, 0], to: [3, 2, 1] });
  shares[1 + 4 * 2] = 9;
  shares[2 + 4 * 1 + 12] = 9;
  const part = filled(shares, size, 8);
  expect(part).toEqual({ from: [1, 1, 0], to: [2, 2, 1] });
  expect(boxAround(small, part)).toEqual({ low: [-99, -48.5, 7.5], high: [-95, -42.5, 17.5] });
  expect(boxAround({ ...small, across: [-2, 0, 0] }, part)).toEqual({ low: [-105, -48.5, 7.5], high: [-101, -42.5, 17.5] });
});

const apply = (m: number[], p: Vec): number[] => [0, 1, 2].map((row) => (m[4 * row] ?? 0) * p[0] + (m[4 * row + 1] ?? 0) * p[1] + (m[4 * row + 2] ?? 0) * p[2] + (m[4 * row + 3] ?? 0));

test("a place of the patient is found in the block, of a tilted gantry and of columns from left to right, too", () => {
  expect(apply(within(grid), [-100, -50, 10])).toEqual([0.5 / 512, 0.5 / 300, 0.5 / 256].map((n) => expect.closeTo(n, 9) as number));
  const tilted: Grid = { size: [10, 20, 30], origin: [90, 0, 0], across: [-2, 0, 0], along: [0, 3, 0], step: [0, 1.5, 4] };
  // value (4, 6, 8): 90 - 8, 6*3 + 8*1.5, 8*4
  expect(apply(within(tilted), [82, 30, 32])).toEqual([4.5 / 10, 6.5 / 20, 8.5 / 30].map((n) => expect.closeTo(n, 9) as number));
});

const scanned = (count: number, z: (k: number) => number, more: Dataset = {}): Head[] => ordered(Array.from({ length: count }, (_, k): Dataset => {
  const value = (...Value: unknown[]) => ({ Value });
  return {
    "00080018": value(`1.2.${k}`), "0020000E": value("1.2"), "00080060": value("MR"), "00200013": value(k + 1), "00280010": value(2), "00280011": value(2), "00280100": value(16), "00280101": value(16),
    "00280102": value(15), "00280103": value(1), "00280004": value("MONOCHROME2"), "00200032": value(0, 0, z(k)), "00200037": value(1, 0, 0, 0, 1, 0), "00280030": value(2, 2), "00200052": value("1.2.9"), ...more,
  };
}).flatMap(headsOf));

const stackOf = (heads: Head[]): Parameters<typeof gather>[0] => ({ heads, ask: (k) => Promise.resolve({ data: new Int16Array(4).fill(100 * k), colour: false }) });

test("frames are gathered by where they lie, and how many are here is told", async () => {
  const told: string[] = [], found = await gather(stackOf(scanned(5, (k) => 3 * k)), new AbortController().signal, (done, total) => { told.push(`${done}/${total}`); });
  if (typeof found === "string") throw new Error(found);
  expect(told).toEqual(["1/5", "2/5", "3/5", "4/5", "5/5"]);
  expect([found.range, found.hounsfield, found.full]).toEqual([{ low: 0, high: 400 }, false, [2, 2, 5]]);
  expect([0, 4, 8, 12, 16].map((i) => found.shares[i])).toEqual([0, 0.25, 0.5, 0.75, 1].map(half));
  expect(found.box).toEqual({ low: [-1, -1, 1.5], high: [3, 3, 13.5] }); // the darkest slice is background
});

test.each<[string, Head[]]>([
  ["few", scanned(2, (k) => k)], ["gaps", scanned(5, (k) => (k === 2 ? 2.6 : k))], ["planes", scanned(5, () => 7)], ["planes", scanned(5, (k) => k, { "00200037": {} })],
  ["colour", scanned(5, (k) => k, { "00280002": { Value: [3] }, "00280004": { Value: ["RGB"] } })], ["few", []],
])("what is no volume says so before anything of it is fetched: %s", async (why, heads) => {
  const ask = (): never => { throw new Error("it is not asked for"); };
  expect(await gather({ heads, ask }, new AbortController().signal, () => {})).toBe(why);
});

test("who leaves ends the gathering", async () => {
  const stop = new AbortController(), asked: number[] = [], { heads, ask } = stackOf(scanned(5, (k) => k));
  const gathered = gather({ heads, ask: (k) => { asked.push(k); if (k === 1) stop.abort(); return ask(k); } }, stop.signal, () => {});
  await expect(gathered).rejects.toThrow(/abort/i);
  expect(asked).toEqual([0, 1]);
});
