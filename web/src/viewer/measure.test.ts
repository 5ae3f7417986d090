import { expect, test } from "vitest";
import type { Dataset } from "./dataset";
import { type Head, headsOf } from "./head";
import { isOn, make, type Measurement, moved, toSpace, toSpot, valuesOf } from "./measure";

const value = (...Value: unknown[]) => ({ Value });
const base: Dataset = {
  "00080018": value("1.2.3"), "00080060": value("CT"), "00280010": value(20), "00280011": value(30), "00280100": value(16), "00280101": value(16), "00280102": value(15), "00280103": value(1),
  "00280004": value("MONOCHROME2"), "00281052": value(-1024), "00281053": value(2), "00180050": value(3), "00200052": value("1.2.9"),
};
const placed: Dataset = { ...base, "00200032": value(-10, -20, 30), "00200037": value(1, 0, 0, 0, 1, 0), "00280030": value(0.5, 0.25) };

function headOf(d: Dataset): Head {
  const [head] = headsOf(d);
  if (!head) throw new Error("it is an image");
  return head;
}

const spots = (...all: [number, number][]) => all.map(([column, row]) => ({ column, row }));
const data = Int16Array.from({ length: 600 }, (_, i) => i % 30), pixels = { data, colour: false };
const of = (v: number): number => 2 * v - 1024;
const measured = (m: Measurement, h: Head) => valuesOf(m, h, pixels, of, "HU");

test("a length is in mm of the patient, by the spacing of each direction", () => {
  const h = headOf(placed);
  expect(measured(make("a", "length", h, spots([0, 0], [12, 8])), h)).toMatchObject({ length: 5, unit: "mm" }); // 3 mm, 4 mm
});

test("without a place in the patient it is in mm of the detector, and without spacing in pixels", () => {
  const plain = headOf(base), detector = headOf({ ...base, "00080060": value("DX"), "00181164": value(0.5, 0.25) });
  expect(measured(make("a", "length", plain, spots([0, 0], [3, 4])), plain)).toMatchObject({ length: 5, unit: "px" });
  expect(measured(make("a", "length", detector, spots([0, 0], [12, 8])), detector)).toMatchObject({ length: 5, unit: "mm-detector" });
  const corrected = headOf({ ...base, "00080060": value("DX"), "00280030": value(0.5, 0.25), "00280A02": value("FIDUCIAL") });
  expect(measured(make("a", "length", corrected, spots([0, 0], [12, 8])), corrected)).toMatchObject({ length: 5, unit: "mm" });
});

test("an angle is at its second point, in mm and not in pixels", () => {
  const h = headOf(placed);
  expect(measured(make("a", "angle", h, spots([4, 0], [0, 0], [0, 7])), h).angle).toBeCloseTo(90, 9);
  expect(measured(make("a", "angle", h, spots([4, 0], [0, 0], [4, 2])), h).angle).toBeCloseTo(45, 9); // 1 mm by 1 mm
  expect(measured(make("a", "angle", h, spots([4, 0], [0, 0], [0, 0])), h).angle).toBeCloseTo(90, 9); // no direction: no NaN
});

test("a rectangle's statistics are of the pixels inside", () => {
  const h = headOf(placed), v = measured(make("a", "rectangle", h, spots([1.5, 2], [4.2, 5])), h); // columns 2, 3, 4
  expect(v).toMatchObject({ count: 12, mean: -1018, least: -1020, most: -1016 });
  expect(v.deviation).toBeCloseTo(Math.sqrt((8 * 4) / 11), 9);
  expect(v.area).toBeCloseTo(2.7 * 0.25 * 3 * 0.5, 9);
});

test("an ellipse leaves its corners out, and its area is that of the ellipse", () => {
  const h = headOf(placed), v = measured(make("a", "ellipse", h, spots([0, 0], [10, 10])), h);
  expect(v.area).toBeCloseTo((Math.PI / 4) * 2.5 * 5, 9);
  expect(v.count).toBe(81); // of a circle of radius 5 around a pixel
  expect(v.mean).toBeCloseTo(of(5), 9);
});

test("a region beside the image has no statistics, a value neither", () => {
  const h = headOf(placed);
  expect(measured(make("a", "rectangle", h, spots([-9, -9], [-5, -5])), h)).toMatchObject({ count: 0 });
  expect(measured(make("a", "probe", h, spots([-9, 0])), h).value).toBeUndefined();
  expect(measured(make("a", "probe", h, spots([7.4, 3])), h).value).toBe(of(7));
});

test("PET is in SUV by body weight, decayed from the injection to the scan", () => {
  const pet: Dataset = {
    ...placed, "00080060": value("PT"), "00541001": value("BQML"), "00280051": value("DECY", "ATTN"), "00541102": value("START"), "00101030": value(70),
    "00080031": value("110000"), "00080032": value("110100"), "00540016": value({ "00181074": value(350e6), "00181075": value(6588), "00181072": value("101000.00") }),
  };
  expect(headOf(pet).toSuv).toBeCloseTo(70_000 / (350e6 * 2 ** (-3000 / 6588)), 12);
  expect(headOf({ ...pet, "00541102": value("ADMIN") }).toSuv).toBeCloseTo(70_000 / 350e6, 12);
  expect(headOf({ ...pet, "00280051": value("ATTN") }).toSuv).toBeUndefined();
  expect(headOf({ ...pet, "00101030": value(0) }).toSuv).toBeUndefined();
  expect(headOf({ ...pet, "00541001": value("CNTS") })).not.toHaveProperty("toSuv");
  expect(headOf({ ...pet, "00541001": value("GML") })).toMatchObject({ unit: "SUV" });
  expect(headOf({ ...pet, "00541001": value("GML") })).not.toHaveProperty("toSuv");
  const units = ["BW", "LBM", "LBMJAMES128", "LBMJANMA", "BSA", "IBW", "X"].map((type) => headOf({ ...pet, "00541001": value("GML"), "00541006": value(type) })?.unit);
  expect(units).toEqual(["SUV", "SUVlbm", "SUVlbm(James128)", "SUVlbm(Janma)", "SUVbsa", "SUVibw", "g/ml"]);
});

test("SUV decays from the moment of the injection, over midnight too, or is not said", () => {
  const dose = { "00181074": value(350e6), "00181075": value(6588) };
  const pet: Dataset = {
    ...placed, "00080060": value("PT"), "00541001": value("BQML"), "00280051": value("DECY", "ATTN"), "00541102": value("START"), "00101030": value(70),
    "00080021": value("20260302"), "00080031": value("001000"), "00080022": value("20260302"), "00080032": value("001200"),
  };
  const passed = (of: Dataset, more: Dataset = {}): number | undefined => {
    const { toSuv } = headOf({ ...pet, "00540016": value({ ...dose, ...of }), ...more });
    return toSuv && Math.round(6588 * Math.log2((toSuv * 350e6) / 70_000));
  };
  expect(passed({ "00181072": value("233000") })).toBe(2400);
  expect(passed({ "00181078": value("20260301233000.00") })).toBe(2400);
  expect(passed({ "00181078": value("20260228233000") })).toBe(2400 + 86_400); // the day is said, and counts
  expect(passed({ "00181072": value("001500") })).toBeUndefined(); // after the scan began
  expect(passed({ "00181078": value("20260302001500") })).toBeUndefined();
  expect(passed({ "00181078": value("20260301233000+0000") })).toBeUndefined(); // another clock's
  expect(passed({ "00181078": value("20260301233000+0800") }, { "00080201": value("+0800") })).toBe(2400);
  expect(passed({ "00181075": value(282_000), "00181072": value("000000") })).toBeUndefined(); // days before, for all that is known
  expect(passed({ "00181072": value("233000") }, { "00080031": value("080000") })).toBeUndefined(); // made after it was acquired
  expect(passed({})).toBeUndefined();
  expect(passed({ "00181074": value(0), "00181072": value("233000") })).toBeUndefined();
  expect(passed({ "00181075": value(0), "00181072": value("233000") })).toBeUndefined();
  expect(passed({ "00181075": value(1), "00181078": value("20200101000000") })).toBeUndefined(); // nothing is left of it
});

test("a measurement is drawn on its own image, and where another of the same frame of reference lies", () => {
  const h = headOf(placed), m = make("a", "length", h, spots([1, 1], [5, 5]));
  expect(isOn(m, h)).toBe(true);
  const near = headOf({ ...placed, "00080018": value("1.2.4"), "00200032": value(-10, -20, 30.1) }), far = headOf({ ...placed, "00080018": value("1.2.5"), "00200032": value(-10, -20, 33) });
  expect([isOn(m, near), isOn(m, far)]).toEqual([true, false]);
  expect(isOn(m, headOf({ ...placed, "00080018": value("1.2.6"), "00200052": value("1.2.8") }))).toBe(false);
  expect(isOn(make("b", "length", headOf(base), spots([1, 1], [2, 2])), h)).toBe(true); // the same image
});

test("points go to the image and back, and one moves alone", () => {
  const h = headOf(placed), m = make("a", "length", h, spots([3, 4], [5, 6]));
  expect(m.points.map((p) => toSpot(h, m, p)).map(({ column, row }) => [column, row])).toEqual([[3, 4], [5, 6]]);
  expect(moved(m, 1, toSpace(h, { column: 3, row: 4 })).points[1]).toEqual(m.points[0]);
  expect(JSON.parse(JSON.stringify(m))).toEqual(m);
});

test("what is no image, or cannot be one, has no frames", () => {
  for (const wrong of [{}, { "00280010": value(0) }, { "00280010": value(1e9) }, { "00280100": value(7) }, { "00280101": value(99) }, { "00280010": value("x") }, { "00280002": value(77) }]) {
    expect(headsOf({ ...("00280010" in wrong || Object.keys(wrong).length ? base : {}), ...wrong })).toEqual([]);
  }
});

test("two axes are as long as they are, and the short one stays across the long one", () => {
  const h = headOf(placed), m = make("a", "axes", h, spots([0, 10], [16, 10], [8, 8], [8, 14])); // mm: 0.25 a column, 0.5 a row
  expect(measured(m, h)).toMatchObject({ length: 4, short: 3, unit: "mm" });
  const across = (one: Measurement): number => { const [a, b, c, d] = one.points; return a && b && c && d ? (b[0] - a[0]) * (d[0] - c[0]) + (b[1] - a[1]) * (d[1] - c[1]) + (b[2] - a[2]) * (d[2] - c[2]) : Number.NaN; };
  const turned = moved(m, 1, toSpace(h, { column: 8, row: 16 }));
  expect(across(turned)).toBeCloseTo(0, 9);
  expect(measured(turned, h).short).toBeCloseTo(3, 9); // as it was
  const wider = moved(m, 3, toSpace(h, { column: 12, row: 18 })); // its foot goes along, its other end with it
  expect(across(wider)).toBeCloseTo(0, 9);
  expect(measured(wider, h).short).toBeCloseTo(5, 9);
  expect(wider.points[2]?.[0]).toBeCloseTo(wider.points[3]?.[0] ?? Number.NaN, 9);
  const beyond = moved(m, 2, toSpace(h, { column: 29, row: 8 })); // never beside the long axis
  expect(beyond.points[2]?.[0]).toBeCloseTo(toSpace(h, { column: 16, row: 8 })[0], 9);
  for (const p of moved(m, 1, m.points[0] ?? [0, 0, 0]).points) expect(p.every(Number.isFinite)).toBe(true);
});

test("a Cobb angle is of two lines whichever way they were drawn, 90 at most", () => {
  const h = headOf(placed), level: [number, number][] = [[0, 0], [12, 0]], steep: [number, number][] = [[0, 9], [4, 11]]; // 1 mm by 1 mm
  for (const lines of [[...level, ...steep], [...steep, ...level], [...level, ...steep.toReversed()], [...level.toReversed(), ...steep]]) expect(measured(make("a", "cobb", h, spots(...lines)), h).angle).toBeCloseTo(45, 9);
  expect(measured(make("a", "cobb", h, spots(...level)), h)).toEqual({ unit: "mm", valueUnit: "HU", lacks: "line" });
});

test("a circle's values are of what is round in mm, and it goes with its centre", () => {
  const h = headOf(placed), circle = make("a", "circle", h, spots([10, 10], [18, 10])), v = measured(circle, h); // 2 mm
  expect(v.area).toBeCloseTo(Math.PI * 4, 9);
  expect(v.mean).toBeCloseTo(of(10), 9);
  expect(v).toMatchObject({ least: of(2), most: of(18) });
  const gone = moved(circle, 0, toSpace(h, { column: 14, row: 8 }));
  expect(gone.points.map((p) => toSpot(h, gone, p)).map(({ column, row }) => [column, row])).toEqual([[14, 8], [22, 8]]);
  expect(moved(circle, 1, toSpace(h, { column: 10, row: 14 })).points[0]).toEqual(circle.points[0]);
});

test("a contour's values are of what is inside; one that crosses itself has none", () => {
  const h = headOf(placed), v = measured(make("a", "contour", h, spots([1.5, 2.5], [4.5, 2.5], [4.5, 5.5], [1.5, 5.5])), h); // columns 2, 3, 4
  expect(v).toMatchObject({ count: 9, mean: of(3), least: of(2), most: of(4) });
  expect(v.area).toBeCloseTo(9 * 0.125, 9);
  expect(measured(make("a", "contour", h, spots([0, 0], [9, 9], [9, 0], [0, 9])), h)).toEqual({ unit: "mm", valueUnit: "HU", lacks: "crossing" });
});

test("the pixels of a region are counted once, until it, its image or its scale is another", () => {
  const h = headOf(placed), mark = make("a", "rectangle", h, spots([1, 1], [4, 4]));
  let read = 0;
  const ask = (m: Measurement, head: Head, from = pixels) => { const before = read; valuesOf(m, head, from, (v) => { read++; return v; }, "HU"); return read - before; };
  expect([ask(mark, h), ask(mark, h), ask({ ...mark }, h), ask(mark, h, { ...pixels }), ask(mark, headOf(placed))]).toEqual([16, 0, 16, 16, 16]);
  h.scale = { row: 1, column: 1, from: "hand" };
  expect(ask(mark, h)).toBe(16);
});
