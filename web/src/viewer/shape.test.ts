import { expect, test } from "vitest";
import type { Spot } from "./geometry";
import { areaOf, boxOf, crossesItself, rowsIn, type Shape, thinned } from "./shape";

const spots = (...all: [number, number][]): Spot[] => all.map(([column, row]) => ({ column, row }));
const contour = (...all: [number, number][]): Shape => ({ kind: "contour", line: spots(...all) });
const one = { row: 1, column: 1 };

function inside(shape: Shape, rows = 20, columns = 20): string[] {
  const found: string[] = [];
  rowsIn(shape, rows, columns, (row, first, last) => { for (let c = first; c <= last; c++) found.push(`${c},${row}`); });
  return found;
}

test("the pixels in a contour are those whose centres are, in its hollows not", () => {
  expect(inside(contour([0.5, 0.5], [3.5, 0.5], [3.5, 2.5], [0.5, 2.5]))).toEqual(["1,1", "2,1", "3,1", "1,2", "2,2", "3,2"]);
  expect(inside(contour([0.5, 0.5], [5.5, 0.5], [5.5, 2.5], [4.5, 2.5], [4.5, 1.5], [1.5, 1.5], [1.5, 2.5], [0.5, 2.5]))).toEqual(["1,1", "2,1", "3,1", "4,1", "5,1", "1,2", "5,2"]); // a U
  expect(inside(contour([-9, -9], [40, -9], [40, 40], [-9, 40]), 3, 2)).toHaveLength(6); // no farther than the image
  expect(inside(contour([30, 30], [40, 30], [40, 40]))).toEqual([]);
  expect(inside(contour([1, 1], [Number.NaN, 5], [5, 5]))).toEqual([]);
});

test("each pixel is in one of two contours that share an edge", () => {
  const left = inside(contour([0, 0], [4.2, 0], [7.3, 9], [0, 9])), right = inside(contour([4.2, 0], [12, 0], [12, 9], [7.3, 9])), both = inside(contour([0, 0], [12, 0], [12, 9], [0, 9]));
  expect([...left, ...right].sort()).toEqual([...both].sort());
});

test("the area of a contour is by the size of a pixel, whichever way it goes round", () => {
  const triangle: [number, number][] = [[0, 0], [8, 0], [0, 6]];
  expect(areaOf(contour(...triangle), { row: 0.5, column: 0.25 })).toBeCloseTo(24 * 0.125, 12);
  expect(areaOf(contour(...triangle.reverse()), one)).toBeCloseTo(24, 12);
});

test("a circle is round in mm, and on pixels that are not square an ellipse", () => {
  const [center = { column: 0, row: 0 }, on = center] = spots([10, 10], [14, 10]); // 2 mm to the right
  expect(boxOf(center, on, { row: 1, column: 0.5 })).toEqual(spots([6, 8], [14, 12]));
  expect(areaOf({ kind: "ellipse", corners: boxOf(center, on, { row: 1, column: 0.5 }) }, { row: 1, column: 0.5 })).toBeCloseTo(Math.PI * 4, 12);
  expect(inside({ kind: "ellipse", corners: boxOf(center, { column: 15, row: 10 }, one) })).toHaveLength(81);
});

test("a line that crosses itself is told, one that only comes near is not", () => {
  expect(crossesItself(spots([0, 0], [9, 9], [9, 0], [0, 9]))).toBe(true);
  expect(crossesItself(spots([0, 0], [9, 0], [9, 9], [0, 9]))).toBe(false);
  expect(crossesItself(spots([0, 0], [9, 0], [5, 1], [9, 9]))).toBe(false);
  expect(crossesItself(spots([0, 0], [4, 0], [4, 4]))).toBe(false);
  expect(crossesItself([])).toBe(false);
});

test("a line by hand keeps its form with few points, and no more than asked for", () => {
  const round = Array.from({ length: 2000 }, (_, i): [number, number] => [100 * Math.cos((i * Math.PI) / 1000), 100 * Math.sin((i * Math.PI) / 1000)]);
  const kept = thinned(round, 1), area = areaOf({ kind: "contour", line: kept.map(([column, row]) => ({ column, row })) }, one);
  expect(kept.length).toBeLessThan(60);
  expect(area / (Math.PI * 10_000)).toBeGreaterThan(0.97);
  expect(thinned([[0, 0], [5, 0.5], [10, 0]], 1)).toEqual([[0, 0], [10, 0]]);
  expect(thinned([[0, 0], [5, 2], [10, 0]], 1)).toHaveLength(3);
  let seed = 1;
  const wild = Array.from({ length: 3000 }, (): [number, number] => [(seed = (seed * 16_807) % 2_147_483_647) % 997, (seed >> 3) % 991]);
  expect(thinned(wild, 1, 256).length).toBeLessThanOrEqual(256);
});
