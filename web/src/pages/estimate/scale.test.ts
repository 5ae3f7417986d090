import { expect, test } from "vitest";
import { across, endOf, short, ticks } from "./scale";

const row = (examined: number, high: number) => ({ device: "d", examined, rate: 0, low: 0, high });

test("the plot ends at the least round rate beyond all intervals", () => {
  expect(endOf([row(10, .003), row(5, .03)])).toBe(.04);
  expect(endOf([row(10, .04)])).toBe(.04);
  expect(endOf([row(10, .7)])).toBe(1);
});

test("what nobody looked at does not stretch the plot", () => {
  expect(endOf([row(0, 1), row(10, .01)])).toBe(.01);
  expect(endOf([])).toBe(.01);
});

test("a rate lies on the plot, and never beyond it", () => {
  expect(across(.01, .04)).toBe(.25);
  expect(across(.9, .04)).toBe(1);
  expect(ticks(.4)).toEqual([0, .1, .2, expect.closeTo(.3), .4]);
});

test("a name that is cut says so", () => {
  expect(short("abc", 3)).toBe("abc");
  expect(short("abcd", 3)).toBe("ab…");
});
