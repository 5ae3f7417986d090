import { expect, test } from "vitest";
import { entries, fitting, floorOf, presetsOf, type PresetName, table } from "./presets";

const range = { low: -1024, high: 3071 };

// at is the entry of a value in HU: there is one for each four.
const at = (colours: Uint8Array, hu: number): number[] => { const i = Math.round(((hu + 1024) / 4095) * (entries - 1)); return [...colours.subarray(4 * i, 4 * i + 4)]; };
const opacity = (preset: PresetName, hu: number, shift = 0): number => (at(table(preset, true, shift, range), hu)[3] ?? 0) / 255;

test("what each preset of CT shows and hides", () => {
  // air, lung, fat, muscle, vessel with contrast, spongy and hard bone
  const seen = (preset: PresetName): boolean[] => [-1000, -550, -100, 50, 300, 400, 1200].map((hu) => opacity(preset, hu) > 0.02);
  expect(seen("bone")).toEqual([false, false, false, false, true, true, true]);
  expect(seen("skin")).toEqual([false, true, true, true, true, true, true]);
  expect(seen("vessels")).toEqual([false, false, false, false, true, true, true]);
  expect(seen("lung")).toEqual([false, true, false, false, false, false, false]);
  expect(presetsOf(true)).toEqual(["bone", "skin", "vessels", "lung", "mip"]);
  expect(presetsOf(false)).toEqual(["plain", "mip"]);
});

test("between two stops colour and opacity change evenly", () => {
  // Bone: #b0713f, 0.12 at 260 HU and #e3c79a, 0.5 at 420; the entry nearest to 340 is at 339.
  const share = (339 - 260) / 160, between = [[0xb0, 0xe3], [0x71, 0xc7], [0x3f, 0x9a], [0.12 * 255, 0.5 * 255]].map(([a = 0, b = 0]) => a + share * (b - a));
  at(table("bone", true, 0, range), 340).forEach((byte, i) => { expect(Math.abs(byte - (between[i] ?? 0))).toBeLessThanOrEqual(2); });
});

test("a shift moves the threshold by so many HU, or per cent of the range", () => {
  expect(opacity("bone", 400)).toBeCloseTo(opacity("bone", 500, 100), 1);
  expect(opacity("bone", 240, 100)).toBe(0);
  expect(opacity("bone", 100, -100)).toBeGreaterThan(0);
  const plain = (shift: number): number => floorOf(table("plain", false, shift, { low: 0, high: 900 }));
  expect(plain(10) - plain(0)).toBeCloseTo(0.1, 2);
});

test("below the floor nothing is seen, and right above it something", () => {
  for (const preset of presetsOf(true)) {
    const colours = table(preset, true, 0, range), floor = Math.round(floorOf(colours) * (entries - 1));
    for (let i = 0; i <= floor; i++) expect(colours[4 * i + 3]).toBe(0);
    expect(colours[4 * (floor + 1) + 3]).toBeGreaterThan(0);
  }
});

test("a projection is brighter where a value is larger, and never clear above its floor", () => {
  const colours = table("mip", true, 0, range), gray = Array.from({ length: entries }, (_, i) => colours[4 * i] ?? 0);
  expect(gray).toEqual([...gray].sort((a, b) => a - b));
  expect([at(colours, -1000)[0], at(colours, 3000)[0]]).toEqual([0, 255]);
});

test("a preset that values of a kind do not have gives way to one that they have", () => {
  expect([fitting("lung", true), fitting("lung", false), fitting("plain", true), fitting("mip", false)]).toEqual(["lung", "plain", "bone", "mip"]);
  expect(table("lung", false, 0, range)).toEqual(table("plain", false, 0, range));
});
