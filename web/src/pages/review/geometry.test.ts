import { expect, test } from "vitest";
import { boxOf, covers, cross, middle, stepped, within } from "./geometry";

const size = { columns: 320, rows: 240 };

test("a point is never outside of the picture", () => {
  expect(within([-3, 5.4], size)).toEqual([0, 5]);
  expect(within([400, 240.6], size)).toEqual([320, 240]);
});

test("a box is the same from whichever corner it is drawn", () => {
  const box = { x0: 10, y0: 20, x1: 30, y1: 50 };
  for (const [from, to] of [[[10, 20], [30, 50]], [[30, 50], [10, 20]], [[10, 50], [30, 20]]] as const) expect(boxOf(from, to)).toEqual(box);
});

test("what has no area is no box", () => {
  expect(covers(boxOf([5, 5], [5, 9]))).toBe(false);
  expect(covers(boxOf([5, 5], [9, 5]))).toBe(false);
  expect(covers(boxOf([5, 5], [6, 6]))).toBe(true);
});

test("arrows move by a pixel, with Shift by ten, and stop at the edge", () => {
  expect(middle(size)).toEqual([160, 120]);
  expect(stepped([160, 120], "ArrowLeft", false, size)).toEqual([159, 120]);
  expect(stepped([160, 120], "ArrowDown", true, size)).toEqual([160, 130]);
  expect(stepped([5, 0], "ArrowLeft", true, size)).toEqual([0, 0]);
  expect(stepped([5, 0], "ArrowUp", false, size)).toEqual([5, 0]);
  for (const key of ["Enter", "a", "constructor"]) expect(stepped([5, 5], key, false, size)).toBeNull();
});

test("the cursor is as large as the picture asks for", () => {
  expect(cross([10, 20], size)).toBe("M2 20H18M10 12V28");
});
