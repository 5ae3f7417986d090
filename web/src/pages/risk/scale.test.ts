import { expect, test } from "vitest";
import { across, most, range } from "./scale";

test("the scale goes from one to the most by powers of ten", () => {
  expect([0, 1, 10, 100, most].map(across)).toEqual([0, 0, 0.25, 0.5, 1]);
});

test("a count that is told in steps stands for all up to the next step", () => {
  expect([0, 1, 5, 11, 500, 5000].map(range)).toEqual([[1, 4], [1, 4], [5, 10], [11, 19], [500, 999], [5000, 9999]]);
  expect(range(most)).toEqual([most, most]);
});
