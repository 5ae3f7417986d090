// PET as colours: of which values, and in which unit.
import { expect, test } from "vitest";
import { hot, suvOf, wash } from "./fusion";
import type { Head } from "./head";

test("colours go from black over red and yellow to white", () => {
  expect([0, 0.25, 0.5, 0.75, 1].map(hot)).toEqual([[0, 0, 0], [128, 0, 0], [255, 0, 0], [255, 126, 0], [255, 254, 252]]);
  expect([hot(-3), hot(7)]).toEqual([hot(0), hot(1)]);
});

test("what is below the range or outside of the series is clear", () => {
  const out = new Uint32Array(6);
  wash(out, [0, 1, 2, 100, Number.NaN, Number.NEGATIVE_INFINITY], 2, { low: 2, high: 6 });
  const rgba = [...out].map((v) => [v & 255, (v >>> 8) & 255, (v >>> 16) & 255, v >>> 24]);
  expect(rgba).toEqual([[0, 0, 0, 0], [0, 0, 0, 0], [...hot(0.5), 255], [...hot(1), 255], [0, 0, 0, 0], [0, 0, 0, 0]]);
});

test("values are SUV where each image says the same of it", () => {
  const head = (toSuv?: number, unit = "BQML"): Head => ({ unit, ...(toSuv === undefined ? {} : { toSuv }) }) as Head;
  expect(suvOf([head(2), head(2)])).toEqual({ factor: 2, unit: "SUV" });
  expect(suvOf([head(2), head(3)])).toEqual({ factor: 1, unit: "BQML" });
  expect(suvOf([head(2), head()])).toEqual({ factor: 1, unit: "BQML" });
  expect(suvOf([head(undefined, "SUV"), head(undefined, "SUV")])).toEqual({ factor: 1, unit: "SUV" });
  expect(suvOf([head(undefined, "SUV"), head(undefined, "")])).toEqual({ factor: 1, unit: "" });
  expect(suvOf([])).toEqual({ factor: 1, unit: "" });
});
