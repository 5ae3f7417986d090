import { expect, test } from "vitest";
import { at, grayOf, grayOfLut, percentiles, readLut, stretch, type Window } from "./window";

// The pseudo-code of PS3.3 C.11.2.1.2.1, for 8 bits.
function linear(x: number, c: number, w: number): number {
  if (x <= c - 0.5 - (w - 1) / 2) return 0;
  if (x > c - 0.5 + (w - 1) / 2) return 255;
  return ((x - (c - 0.5)) / (w - 1) + 0.5) * 255;
}

// PS3.3 C.11.2.1.3.2.
function linearExact(x: number, c: number, w: number): number {
  if (x <= c - w / 2) return 0;
  if (x > c + w / 2) return 255;
  return ((x - c) / w + 0.5) * 255;
}

test("LINEAR is the standard's pseudo-code, cut to whole grays", () => {
  for (const [center, width] of [[40, 400], [2048, 4096], [2048, 1], [0, 100], [0, 1], [-600.5, 1499.5]] as const) {
    const gray = grayOf({ center, width, voi: "LINEAR" });
    let worst = 0;
    for (let x = -1500; x <= 4500; x++) worst = Math.max(worst, Math.abs(gray(x) - Math.floor(linear(x, center, width))));
    expect(worst, `${center}/${width}`).toBeLessThanOrEqual(width === 1 ? 0 : 1);
  }
});

test("the standard's own examples of LINEAR hold", () => {
  const gray = (center: number, width: number) => grayOf({ center, width, voi: "LINEAR" });
  expect([gray(2048, 4096)(0), gray(2048, 4096)(4095)]).toEqual([0, 255]);
  expect([gray(2048, 1)(2047), gray(2048, 1)(2048)]).toEqual([0, 255]);
  expect([gray(0, 100)(-50), gray(0, 100)(49)]).toEqual([0, 255]);
  expect([gray(0, 1)(-1), gray(0, 1)(0)]).toEqual([0, 255]);
});

test("LINEAR_EXACT is the standard's pseudo-code, cut to whole grays", () => {
  for (const [center, width] of [[40, 400], [0, 0.5], [1e-3, 2e-3]] as const) {
    const gray = grayOf({ center, width, voi: "LINEAR_EXACT" });
    for (let i = -300; i <= 300; i++) {
      const x = center + (i * width) / 200;
      expect(Math.abs(gray(x) - Math.floor(linearExact(x, center, width)))).toBeLessThanOrEqual(1);
    }
  }
});

test("SIGMOID is 255/(1+exp(-4(x-c)/w))", () => {
  const w: Window = { center: 800, width: 900, voi: "SIGMOID" };
  expect(grayOf(w)(800)).toBe(127);
  expect(grayOf(w)(800 + 225)).toBe(Math.floor(255 / (1 + Math.exp(-1))));
  expect([grayOf(w)(-1e9), grayOf(w)(1e9)]).toEqual([0, 255]);
});

test("what is no number is black", () => {
  for (const voi of ["LINEAR", "LINEAR_EXACT", "SIGMOID"] as const) expect(grayOf({ center: 0, width: 10, voi })(Number.NaN)).toBe(0);
});

test("a table's ends go on, and its whole range is drawn", () => {
  const lut = readLut([3, 0x10000 - 2, 12], new Uint8Array(Uint16Array.of(0, 2048, 4095).buffer), true);
  if (!lut) throw new Error("it is a table");
  expect([-9, -2, -1, 0, 9].map((v) => at(lut, v))).toEqual([0, 0, 2048, 4095, 4095]);
  expect([-2, -1, 0].map(grayOfLut(lut))).toEqual([0, 127, 255]);
});

test("a table that its bytes do not hold is none", () => {
  expect(readLut([4, 0, 16], new Uint8Array(7), false)).toBeUndefined();
  expect(readLut([0, 0, 16], new Uint8Array(7), false)).toBeUndefined();
  expect(readLut([1, 0, 99], new Uint8Array(7), false)).toBeUndefined();
  expect(readLut([], new Uint8Array(7), false)).toBeUndefined();
});

test("what is stretched goes from black to white", () => {
  const gray = grayOf(stretch(-3, 7));
  expect([gray(-3), gray(2), gray(7)]).toEqual([0, 127, 255]);
  expect([0, 5, 6].map(grayOf(stretch(5, 5)))).toEqual([0, 0, 255]);
});

test("percentiles leave out the ends", () => {
  const values = Float32Array.from({ length: 1000 }, (_, i) => i);
  expect(percentiles(values, 0.01, 0.99)).toEqual([10, 990]);
  expect(percentiles([], 0.01, 0.99)).toEqual([0, 0]);
});
