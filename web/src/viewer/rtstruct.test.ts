// Structure sets: which contours lie in which image, and which are none.
import { expect, test } from "vitest";
import type { Dataset } from "./dataset";
import { type Head, headsOf } from "./head";
import { contoursOn, type Structures, structuresOf } from "./rtstruct";

const value = (...Value: unknown[]) => ({ Value });
const square = (z: number): number[] => [0, 0, z, 4, 0, z, 4, 4, z, 0, 4, z];
const contour = (data: unknown[], more: Dataset = {}): Dataset => ({ "30060042": value("CLOSED_PLANAR"), "30060046": value(data.length / 3), "30060050": { Value: data }, ...more });
const named = (instance: string): Dataset => ({ "30060016": value({ "00081155": value(instance) }) });

const object = (contours: readonly Dataset[], more: Dataset = {}): Dataset => ({
  "30060010": value({ "30060012": value({ "30060014": value({ "0020000E": value("1.7") }) }) }),
  "30060020": value({ "30060022": value(3), "30060024": value("1.5"), "30060026": value("Heart") }),
  "30060039": value({ "30060084": value(3), "3006002A": value(255, "128", 0), "30060040": { Value: [...contours] } }), ...more,
});

const imageAt = (z: number, instance = "1.2", series = "1.7", reference = "1.5"): Head => headsOf({
  "00080018": value(instance), "0020000E": value(series), "00200052": value(reference), "00280010": value(8), "00280011": value(8), "00280100": value(16), "00280101": value(16), "00280004": value("MONOCHROME2"),
  "00280030": value(1, 1), "00180050": value(2), "00200032": value(0, 0, z), "00200037": value(1, 0, 0, 0, 1, 0),
})[0] as Head;

const made = (d: Dataset): Structures => {
  const found = structuresOf(d);
  if (typeof found === "string") throw new Error(found);
  return found;
};
const on = (found: Structures, head: Head): number => found.rois.reduce((n, roi) => n + contoursOn(found, roi, head).length, 0);

test("regions have their names, colours and contours", () => {
  const found = made(object([contour(square(0)), contour(square(2).map(String))]));
  expect(found).toMatchObject({ series: ["1.7"], lost: 0, rois: [{ number: 3, name: "Heart", colour: [255, 128, 0], reference: "1.5" }] });
  expect(found.rois[0]?.contours.map(({ points }) => points[2])).toEqual([[4, 4, 0], [4, 4, 2]]);
});

test("a contour lies in the image that it names, else in those of its plane", () => {
  const free = made(object([contour(square(0)), contour(square(2))]));
  expect([0, 0.9, 2, 3.1, 50].map((z) => on(free, imageAt(z)))).toEqual([1, 1, 1, 0, 0]);
  expect(on(free, imageAt(0, "1.2", "1.7", "1.6"))).toBe(0); // of another frame of reference
  const own = made(object([contour(square(0.9), named("1.2"))]));
  expect(on(own, imageAt(0, "1.2"))).toBe(1);
  expect(on(own, imageAt(1, "1.3"))).toBe(0); // it names another of the series
  expect(on(own, imageAt(1, "1.4", "1.8"))).toBe(1); // of another series of the same frame of reference
  expect(on(own, imageAt(40, "1.2"))).toBe(0); // it names it, and does not lie in it
  expect(on(own, imageAt(0, "1.2", "1.7", ""))).toBe(1);
});

test("what is no closed contour in a plane is counted and not drawn", () => {
  const bad = [
    contour([0, 0, 0, 1, 1]), contour([0, 0, 0, 4, 0, 0]), contour([...square(0).slice(0, 11), "x"]), contour([0, 0, 0, 4, 0, 0, 4, 4, 9, 0, 4, 0]),
    contour(square(0), { "30060046": value(400_000) }), contour(square(0), { "30060042": value("POINT") }), contour([]), {},
  ];
  for (const one of bad) expect(structuresOf(object([one])), JSON.stringify(one)).toBe("contours");
  const found = made(object([contour(square(0)), ...bad]));
  expect([found.rois[0]?.contours.length, found.lost]).toEqual([1, bad.length]);
});

test("of too many contours the first are drawn and the others counted", () => {
  const one = contour(square(0)), found = made(object(Array.from({ length: 100_010 }, () => one)));
  expect([found.rois[0]?.contours.length, found.lost]).toEqual([100_000, 10]);
});

test("a region without a name of its own set is left out, and an object without regions says so", () => {
  expect(structuresOf(object([contour(square(0))], { "30060020": value() }))).toBe("contours");
  expect(structuresOf({})).toBe("contours");
  expect(structuresOf(object([], { "30060039": value(null, { "30060084": value("x") }) }))).toBe("contours");
});
