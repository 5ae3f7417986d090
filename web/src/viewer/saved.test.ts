// What is saved and read again, and what others may have written.
import { beforeEach, expect, test, vi } from "vitest";
import type { NewMark, NewReport, NewKeyImages } from "../api/types";
import type { Dataset } from "./dataset";
import { Desk } from "./desk";
import type { Feed } from "./feed";
import type { Head } from "./head";
import { isOn, make, type Measurement, moved, settled, toSpot, valuesOf } from "./measure";
import { namesOf, Notebook } from "./notebook";
import { written } from "./report";
import { budget, current, documentOf, documentsOf } from "./saved";
import type { Source } from "./stack";

beforeEach(() => { vi.stubGlobal("document", { createElement: () => ({}), getElementById: () => null }); });

type Attribute = { vr?: string; Value?: unknown[] };
const value = (...Value: unknown[]): Attribute => ({ Value });
const code = (meaning: string, scheme: string, word: string): Attribute => value({ "00080100": value(meaning), "00080102": value(scheme), "00080104": value(word) });
const item = (kind: string, name: Attribute, more: Dataset, ...inner: Dataset[]): Dataset => ({ "0040A040": value(kind), "0040A010": value("CONTAINS"), "0040A043": name, ...more, ...(inner.length ? { "0040A730": value(...inner) } : {}) });

const image = (uid: string, frame?: number): Dataset => item("IMAGE", value(), { "00081199": value({ "00081155": value(uid), ...(frame ? { "00081160": value(frame) } : {}) }) });
const place = (graphic: string, points: readonly (readonly number[] | null)[], on: Dataset | string): Dataset =>
  item(typeof on === "string" ? "SCOORD3D" : "SCOORD", code("111030", "DCM", "Image Region"), { "00700022": { Value: points.flatMap((p) => p ?? []) }, "00700023": value(graphic), ...(typeof on === "string" ? { "30060024": value(on) } : {}) }, ...(typeof on === "string" ? [] : [on]));
const num = (name: Attribute, n: number, unit: string, ...inner: Dataset[]): Dataset => item("NUM", name, { "0040A300": value({ "0040A30A": value(n), "004008EA": code(unit, "UCUM", unit) }) }, ...inner);

const names: Record<string, Attribute> = {
  length: code("410668003", "SCT", "Length"), long: code("103339001", "SCT", "Long axis"), short: code("103340004", "SCT", "Short axis"), angle: code("1483009", "SCT", "Angle"), cobb: code("285285000", "SCT", "Cobb angle"), area: code("42798000", "SCT", "Area"),
  mean: code("112031", "DCM", "Attenuation Coefficient"), value: code("112031", "DCM", "Attenuation Coefficient"),
};
const derived: Record<string, Attribute> = { mean: code("373098007", "SCT", "Mean"), deviation: code("386136009", "SCT", "Standard Deviation"), least: code("255605001", "SCT", "Minimum"), most: code("56851009", "SCT", "Maximum") };
const units: Record<string, string> = { HU: "[hnsf'U]", px: "{pixels}", px2: "{pixels}" };
const graphics: Record<string, [string, string]> = { length: ["POLYLINE", "POLYLINE"], axes: ["POLYLINE", "POLYLINE"], angle: ["POLYLINE", "POLYLINE"], rectangle: ["POLYLINE", "POLYGON"], ellipse: ["ELLIPSE", "ELLIPSE"], circle: ["CIRCLE", ""], contour: ["POLYLINE", "POLYGON"], cobb: ["POLYLINE", "POLYLINE"], probe: ["POINT", "POINT"], text: ["POINT", "POINT"] };

const another = { "00080070": value("Another") };

// group is a mark as the node writes it.
function group(m: NewMark): Dataset {
  const region = ["rectangle", "ellipse", "circle", "contour"].includes(m.kind), [flat, spatial] = graphics[m.kind] ?? ["", ""];
  const at = (points: readonly (readonly number[] | null)[]): Dataset => place(m.image ? flat : spatial, points, m.image ? image(m.image, m.frame) : (m.space ?? "")), where = at(m.points);
  const own = (of: string): Dataset[] => (of === "cobb" ? [at(m.points.slice(0, 2)), at(m.points.slice(2))] : [m.kind !== "axes" ? where : at(of === "long" ? m.points.slice(0, 2) : m.points.slice(2))]);
  const numbers = (m.values ?? []).map((v) => num(names[v.of] ?? names.mean ?? value(), v.number, units[v.in] ?? v.in.replace(/-.*/, ""), ...(v.in.endsWith("-hand") ? [item("CODE", code("370129005", "SCT", "Measurement Method"), { "0040A168": code("by-hand", "99SINSO", "Calibrated by hand") })] : []), ...(derived[v.of] ? [item("CODE", code("121401", "DCM", "Derivation"), { "0040A168": derived[v.of] })] : []), ...(region ? [] : own(v.of))));
  return item("CONTAINER", code("125007", "DCM", "Measurement Group"), {}, item("TEXT", code("112039", "DCM", "Tracking Identifier"), { "0040A160": value(m.label) }),
    item("UIDREF", code("112040", "DCM", "Tracking Unique Identifier"), { "0040A124": value(m.tracking) }), ...(region ? [where] : []),
    ...(m.text ? [item("TEXT", code("121106", "DCM", "Comment"), { "0040A160": value(m.text) }, where)] : []), ...numbers);
}

const references = (...uids: string[]): Attribute => value({ "00081115": value({ "0020000E": value("2.25.1"), "00081199": value(...uids.map((uid) => ({ "00081155": value(uid) }))) }) });

function report(uid: string, groups: readonly Dataset[], more: Dataset = {}): Dataset {
  return {
    "00080018": value(uid), "0020000E": value("2.25.9"), "00200013": value(1), "00080060": value("SR"), "00080070": value("SINSO"), "00081090": value("SINSO viewer"), "0040A032": value("20261127031209.250000+0530"),
    ...item("CONTAINER", code("126000", "DCM", "Imaging Measurement Report"), {}, item("TEXT", code("121013", "DCM", "Device Observer Name"), { "0040A160": value("SINSO (owner)") }),
      item("CONTAINER", code("126010", "DCM", "Imaging Measurements"), {}, ...groups)), "0040A375": references("2.25.5"), ...more,
  };
}

const selection = (uid: string, number: number, images: readonly [string, number?][], more: Dataset = {}): Dataset => ({
  ...report(uid, []), "00080060": value("KO"), "0020000E": value("2.25.8"), "00200013": value(number),
  ...item("CONTAINER", code("113000", "DCM", "Of Interest"), {}, ...images.map(([one, frame]) => image(one, frame))), ...more,
});

const head = (more: Partial<Head> = {}): Head => ({
  key: "2.25.5/1", instance: "2.25.5", frame: 1, series: "2.25.1", rows: 64, columns: 64, samples: 1, allocated: 16, stored: 16, high: 15, signed: true, float: false, slope: 1, intercept: 0, unit: "HU", modality: "CT",
  plane: { origin: [-10, -20, 30], right: [1, 0, 0], down: [0, 1, 0], columnSpacing: 0.5, rowSpacing: 0.75 }, scale: { row: 0.75, column: 0.5, from: "patient" }, reference: "2.25.77", thickness: 1, ...more,
} as Head);

const sourceOf = (...heads: Head[]): Source => ({
  id: "a", heads, held: () => undefined, ask: () => Promise.resolve({ data: Int16Array.from({ length: 4096 }, (_, i) => i % 50), colour: false }), around: () => {}, tables: () => ({ voi: [] }), listen: () => () => {}, arrived: () => 1,
});

const drawn = (h: Head): Measurement[] => [
  make("2.25.101", "length", h, [{ column: 3, row: 4 }, { column: 20.5, row: 4 }]), make("2.25.102", "angle", h, [{ column: 3, row: 4 }, { column: 9, row: 4 }, { column: 9, row: 20 }]),
  make("2.25.103", "rectangle", h, [{ column: 20, row: 9 }, { column: 10, row: 4 }]), make("2.25.104", "ellipse", h, [{ column: 10, row: 4 }, { column: 14, row: 24 }]),
  make("2.25.105", "probe", h, [{ column: 7, row: 8 }]), { ...make("2.25.106", "text", h, [{ column: 7, row: 8 }]), text: "note\n结节" },
  make("2.25.107", "axes", h, [{ column: 10, row: 10 }, { column: 30, row: 10 }, { column: 15, row: 6 }, { column: 15, row: 12 }]),
  make("2.25.108", "contour", h, [{ column: 4, row: 4 }, { column: 14, row: 5 }, { column: 9, row: 9.5 }, { column: 3, row: 12 }]),
  make("2.25.109", "cobb", h, [{ column: 4, row: 4 }, { column: 14, row: 5 }, { column: 4, row: 30 }, { column: 14, row: 25 }]),
];

const box = (m: Measurement, h: Head): number[] => { const spots = m.points.map((p) => toSpot(h, m, p)); return m.kind === "rectangle" || m.kind === "ellipse" ? [Math.min(...spots.map((s) => s.column)), Math.max(...spots.map((s) => s.column)), Math.min(...spots.map((s) => s.row)), Math.max(...spots.map((s) => s.row))] : spots.flatMap(({ column, row }) => [column, row]); };

for (const [where, h] of Object.entries({ "an image": head(), "an image without a place in the patient": head({ plane: undefined, reference: "" } as unknown as Partial<Head>), "a computed plane": head({ instance: "", key: "cut/1" }),
  "an image calibrated by hand": head({ plane: undefined, reference: "", scale: { row: 0.75, column: 0.5, from: "hand" } } as unknown as Partial<Head>) })) {
  test(`what is drawn on ${where} is the same when it was saved and read`, async () => {
    const marks = drawn(h), wrote = await Promise.all(marks.map((mark) => written(mark, [sourceOf(h)], 1)));
    const read = documentOf(report("2.25.50", wrote.map((one) => group(one as NewMark))));
    expect(read).toMatchObject({ own: true, by: "SINSO (owner)", at: "2026-11-27T03:12:09+05:30" });
    const again = read?.marks.map((mark) => settled(mark, h)) ?? [];
    expect(again.map(({ id, kind, text, space }) => ({ id, kind, text, space }))).toEqual(marks.map(({ id, kind, text, space }) => ({ id, kind, text, space })));
    again.forEach((mark, i) => {
      box(mark, h).forEach((v, k) => { expect(v).toBeCloseTo(box(marks[i] as Measurement, h)[k] ?? Number.NaN, 9); });
      expect(isOn(mark, h)).toBe(true);
      expect(mark.saved?.written.values).toEqual(wrote[i]?.values);
    });
    expect(wrote[3]?.values?.map(({ of, in: unit }) => `${of} ${unit}`)).toEqual([`area mm2${h.scale?.from === "hand" ? "-hand" : ""}`, "mean HU", "deviation HU", "least HU", "most HU"]);
  });
}

const square = { column: 0.5, row: 0.5 }, squarePlane = { origin: [-10, -20, 30], right: [1, 0, 0], down: [0, 1, 0], columnSpacing: 0.5, rowSpacing: 0.5 };
for (const [where, h, kinds] of [
  ["an image", head({ scale: { ...square, from: "patient" }, plane: squarePlane } as unknown as Partial<Head>), ["circle", "circle"]],
  ["a computed plane", head({ instance: "", key: "cut/1", scale: { ...square, from: "patient" }, plane: squarePlane } as unknown as Partial<Head>), ["ellipse", "circle"]],
  ["an image whose pixels are not square", head(), ["ellipse", "ellipse"]],
] as const) {
  test(`a circle on ${where} is the same form when it was saved and read`, async () => {
    const mark = make("2.25.120", "circle", h, [{ column: 20, row: 20 }, { column: 24, row: 23 }]), wrote = await written(mark, [sourceOf(h)], 1) as NewMark;
    const [again] = (documentOf(report("2.25.50", [group(wrote)]))?.marks ?? []).map((one) => settled(one, h)), of = (v: number): number => v;
    expect([wrote.kind, again?.kind]).toEqual(kinds);
    expect(wrote.points).toHaveLength(wrote.kind === "circle" ? 2 : 4);
    expect(again?.saved).toMatchObject({ own: true, written: { kind: wrote.kind } });
    for (const value of ["area", "mean"] as const) expect(valuesOf(again as Measurement, h, undefined, of, "HU")[value] ?? 0).toBeCloseTo(valuesOf(mark, h, undefined, of, "HU")[value] ?? 0, 6);
  });
}

test("a contour or a Cobb angle that measures nothing yet is not written", async () => {
  const h = head(), spots = (...all: [number, number][]) => all.map(([column, row]) => ({ column, row }));
  expect(await written(make("2.25.1", "cobb", h, spots([1, 1], [9, 1])), [sourceOf(h)], 1)).toBeUndefined();
  expect(await written(make("2.25.1", "contour", h, spots([0, 0], [9, 9], [9, 0], [0, 9])), [sourceOf(h)], 1)).toBeUndefined();
});

test("a contour of more points than can be written again, or by another program, is shown and fixed", () => {
  const ring = (n: number): number[][] => Array.from({ length: n + 1 }, (_, i) => [20 + 9 * Math.cos((2 * Math.PI * (i % n)) / n), 20 + 9 * Math.sin((2 * Math.PI * (i % n)) / n)]);
  const contour = (n: number): Dataset => group({ kind: "contour", tracking: "2.25.1", label: "Freehand 1", image: "2.25.5", points: ring(n), values: [{ of: "area", in: "mm2", number: 5 }] });
  const read = (n: number, more: Dataset = {}) => { const d = documentOf(report("2.25.50", [contour(n)], more)); return [d?.marks[0]?.kind, d?.marks[0]?.saved?.own, d?.unread]; };
  expect([read(256), read(257), read(20, another), read(3000)]).toEqual([["contour", true, false], ["outline", false, true], ["outline", false, false], [undefined, undefined, true]]);
});

test("another program's Cobb angle is two lines, also where it writes one", () => {
  const on = image("2.25.5"), cobb = (...where: Dataset[]): Dataset => item("CONTAINER", code("125007", "DCM", "Measurement Group"), {}, num(code("285285000", "SCT", "Cobb angle"), 31, "deg", ...where));
  const two = [place("POLYLINE", [[1, 1], [9, 1]], on), place("POLYLINE", [[1, 9], [9, 8]], on)], other = place("POLYLINE", [[1, 9], [9, 8]], image("2.25.6"));
  const marks = documentOf(report("2.25.60", [cobb(...two), cobb(place("POLYLINE", [[1, 1], [9, 1], [1, 9], [9, 8]], on)), cobb(two[0] as Dataset, other), cobb(two[0] as Dataset)], another))?.marks ?? [];
  expect(marks.map(({ kind, points }) => `${kind} ${points.length}`)).toEqual(["cobb 4", "cobb 4", "length 2", "length 2", "length 2"]);
  expect(marks[0]?.saved?.values).toMatchObject({ angle: 31, valueUnit: "" });
});

test("what says it is of this program and the node would not file again is taken as another's", () => {
  const mm = { of: "area", in: "mm2", number: 8 } as const, box: NewMark = { kind: "rectangle", tracking: "2.25.1", label: "Rectangle 1", image: "2.25.5", points: [[1, 1], [9, 1], [9, 5], [1, 5], [1, 1]], values: [mm] };
  const unread = (change: Partial<NewMark>): boolean | undefined => documentOf(report("2.25.50", [group({ ...box, ...change })]))?.unread;
  expect(unread({})).toBe(false);
  for (const change of [{ values: [{ ...mm, of: "long" as const, in: "mm" as const }] }, { values: [] }, { values: Array.from({ length: 9 }, () => mm) }, { label: "" }, { label: "a\u0007" }, { tracking: "x" }, { tracking: "2..5" }, { values: [{ of: "mean" as const, in: "mm" as const, number: 1 }] }, { values: [{ ...mm, number: 1e39 }] }, { image: "", space: "x" }]) expect(unread(change), JSON.stringify(change)).toBe(true);
  const one = item("CONTAINER", code("125007", "DCM", "Measurement Group"), {}, num(code("285285000", "SCT", "Cobb angle"), 31, "deg", place("POLYLINE", [[1, 1], [9, 1]], image("2.25.5"))));
  expect(documentOf(report("2.25.50", [one]))?.unread).toBe(true); // a Cobb angle of one line
});

test("a group of Cobb angles without end is read up to a bound", () => {
  const on = image("2.25.5"), line = place("POLYLINE", [[1, 1], [9, 1]], on), many = Array.from({ length: 500 }, () => num(code("285285000", "SCT", "Cobb angle"), 31, "deg", ...Array.from({ length: 50 }, () => line)));
  const began = performance.now(), read = documentOf(report("2.25.60", [item("CONTAINER", code("125007", "DCM", "Measurement Group"), {}, ...many)], another));
  expect(read?.marks).toHaveLength(100);
  expect(performance.now() - began).toBeLessThan(2000);
});

test("what cannot be placed or says nothing is not written", async () => {
  const h = head();
  expect(await written(make("2.25.1", "text", h, [{ column: 1, row: 1 }]), [sourceOf(h)], 1)).toBeUndefined();
  expect(await written(drawn(h)[0] as Measurement, [sourceOf(head({ instance: "2.25.6" }))], 1)).toBeUndefined();
  expect(await written(drawn(head({ instance: "", reference: "" }))[0] as Measurement, [sourceOf(head({ instance: "", reference: "" }))], 1)).toBeUndefined();
});

test("a value is filed as what it is of, and one that is no number not at all", async () => {
  const probe = (unit: string, data: Float32Array) => { const h = head({ unit }); return written(drawn(h)[4] as Measurement, [{ ...sourceOf(h), ask: () => Promise.resolve({ data, colour: false }) }], 1); };
  const sevens = new Float32Array(4096).fill(7);
  expect([(await probe("SUV", sevens))?.values, (await probe("SUVlbm", sevens))?.values]).toEqual([[{ of: "value", in: "SUV", number: 7 }], [{ of: "value", in: "1", number: 7 }]]);
  expect(await probe("SUV", new Float32Array(4096).fill(Number.NaN))).toBeUndefined();
});

test("another program's marks are shown with its words, and are fixed", () => {
  const others = { "00080070": value("Another") }, on = image("2.25.5");
  const [circle, turned, line] = documentOf(report("2.25.60", [
    item("CONTAINER", code("125007", "DCM", "Measurement Group"), {}, place("CIRCLE", [[10.5, 10.5], [15.5, 10.5]], on), num(code("9", "99X", "Roundness"), 0.123456, "1")),
    item("CONTAINER", code("125007", "DCM", "Measurement Group"), {}, place("ELLIPSE", [[0.5, 0.5], [10.5, 10.5], [8.5, 2.5], [2.5, 8.5]], on)),
    item("CONTAINER", code("125007", "DCM", "Measurement Group"), {}, num(code("103339001", "SCT", "Long Axis"), 12.5, "mm", place("POLYLINE", [[1, 1], [9, 1]], on)), num(code("103340004", "SCT", "Short Axis"), 4, "mm", place("POLYLINE", [[5, 1], [5, 4]], on))),
  ], others))?.marks ?? [];
  expect([circle?.kind, turned?.kind, line?.kind]).toEqual(["outline", "outline", "axes"]);
  expect(circle?.points[0]).toEqual([15, 10, 0]);
  expect(circle?.saved).toMatchObject({ own: false, lines: ["Roundness 0.12346"] });
  expect(line?.points.length).toBe(4);
  expect(line?.saved?.lines).toEqual(["Long Axis 12.5 mm", "Short Axis 4 mm"]);
  const desk = new Desk();
  desk.restore([line as Measurement], []);
  desk.drop(line?.id ?? "");
  expect(desk.marks).toHaveLength(1);
});

test("of another program's forms in the patient none is taken for a box along the image", () => {
  const groups = [
    group({ kind: "rectangle", tracking: "2.25.1", label: "x", space: "2.25.77", points: [[0, 0, 5], [10, 2, 5], [12, 9, 5], [-3, 8, 5], [0, 0, 5]], values: [{ of: "length", in: "mm", number: 1 }] }),
    group({ kind: "ellipse", tracking: "2.25.2", label: "x", space: "2.25.77", points: [[0, 0, 5], [10, 10, 5], [8, 2, 5], [2, 8, 5]], values: [{ of: "length", in: "mm", number: 1 }] }),
  ];
  const [quadrangle, tilted] = documentOf(report("2.25.60", groups, another))?.marks ?? [];
  expect([quadrangle?.kind, tilted?.kind]).toEqual(["outline", "outline"]);
  expect(quadrangle?.points).toEqual([[0, 0, 5], [10, 2, 5], [12, 9, 5], [-3, 8, 5], [0, 0, 5]]);
  for (const [at, end] of [[0, [10, 10, 5]], [32, [0, 0, 5]], [16, [2, 8, 5]], [48, [8, 2, 5]]] as const) tilted?.points[at]?.forEach((v, i) => { expect(v).toBeCloseTo(end[i] ?? 0, 9); });
  expect(documentOf(report("2.25.50", groups))?.marks.map(({ kind }) => kind)).toEqual(["contour", "ellipse"]); // ours are drawn so
});

test("of what was replaced nothing is shown, and of selections the newest", () => {
  const found = documentsOf([
    report("2.25.50", []), report("2.25.51", [], { "0040A360": references("2.25.50") }), selection("2.25.61", 1, [["2.25.5"]]), selection("2.25.62", 2, [["2.25.5"], ["2.25.6", 3]]),
    selection("2.25.70", 1, [["2.25.7"]], { "00080070": value("Another"), "0020000E": value("2.25.7") }), selection("2.25.71", 2, [["2.25.8"]], { "00080070": value("Another"), "0020000E": value("2.25.7") }),
  ]);
  expect(current(found).map(({ uid }) => uid)).toEqual(["2.25.51", "2.25.62", "2.25.70", "2.25.71"]);
  expect(found[3]?.keys).toMatchObject([{ instance: "2.25.5", frame: 1, series: "2.25.1", own: true }, { instance: "2.25.6", frame: 3 }]);
  const none = documentsOf([selection("2.25.61", 1, [["2.25.5"]]), report("2.25.52", [], { "0040A360": references("2.25.61") })]);
  expect(current(none).map(({ uid }) => uid)).toEqual(["2.25.52"]);
});

test("hostile documents are passed over, and cost little", () => {
  const one = group({ kind: "length", tracking: "2.25.1", label: "x", points: [[1, 1], [2, 2]], image: "2.25.5", values: [{ of: "length", in: "mm", number: 1 }] });
  let deep: Dataset = one;
  for (let i = 0; i < 5000; i++) deep = item("CONTAINER", value(), {}, deep);
  const begun = performance.now();
  expect(documentOf(report("2.25.50", [deep]))?.marks).toEqual([]);
  expect(documentOf(report("2.25.50", Array.from({ length: 60_000 }, () => one)))?.marks.length).toBe(2000);
  const left = budget(), wide = item("CONTAINER", value(), {}, ...Array.from({ length: 1000 }, () => ({})));
  expect(documentsOf(Array.from({ length: 500 }, () => report("2.25.50", Array.from({ length: 100 }, () => wide))), left)).toHaveLength(500);
  expect(left.others).toBeLessThan(0);
  expect(documentsOf([report("2.25.51", [one])], left)[0]).toMatchObject({ own: false, unread: true, marks: [] }); // those before have used it up
  expect(documentOf(report("2.25.50", [group({ kind: "length", tracking: "2.25.1", label: "x".repeat(9999), points: Array.from({ length: 99_999 }, () => [1, 1]), image: "2.25.5" })]))?.marks).toEqual([]);
  for (const wrong of [null, 7, "text", [], {}]) {
    const group = { "0040A040": value("CONTAINER"), "0040A043": code("125007", "DCM", "x"), "0040A730": value(wrong, { ...place("POLYLINE", [[1, 1]], image("2.25.5")), "00700022": value(wrong, "x", 1) }) };
    expect(documentOf(report("2.25.50", [group, wrong as Dataset]))?.marks).toEqual([]);
  }
  expect(documentOf(report("2.25.50", [group({ kind: "length", tracking: "2.25.1", label: "x", points: [[1, 1e300], [2, 2]], image: "2.25.5", values: [{ of: "length", in: "mm", number: 1 }] })]))?.marks).toEqual([]);
  expect(performance.now() - begun).toBeLessThan(8000);
});

const line = (tracking: string): Dataset => group({ kind: "length", tracking, label: "x", points: [[1, 1], [2, 2]], image: "2.25.5", values: [{ of: "length", in: "mm", number: 1 }] });

test("a large document of another program takes nothing away from those of this one", () => {
  const left = budget(), wide = item("CONTAINER", value(), {}, ...Array.from({ length: 1000 }, () => ({})));
  const found = documentsOf([report("2.25.60", [line("2.25.1"), ...Array.from({ length: 300 }, () => wide)], another), report("2.25.50", [line("2.25.2")]), selection("2.25.51", 1, [["2.25.5"]])], left);
  expect(left.others).toBeLessThan(0);
  expect(found.filter(({ own }) => own)).toMatchObject([{ unread: false, marks: [{ id: "2.25.2" }] }, { unread: false, keys: [{ instance: "2.25.5" }] }]);
});

test("a document of another program hides nothing of this one, and the other way round", () => {
  const found = documentsOf([report("2.25.50", [line("2.25.1")]), report("2.25.60", [line("2.25.1")], { ...another, "0040A360": references("2.25.50") }), report("2.25.51", [], { "0040A360": references("2.25.60") })]);
  expect(current(found).map(({ uid }) => uid)).toEqual(["2.25.50", "2.25.60", "2.25.51"]);
});

// node keeps what is filed, as the real one answers.
function node() {
  const reports: NewReport[] = [], selections: NewKeyImages[] = [];
  const filed = (uid: string) => Promise.resolve({ uid, at: "2026-11-27T00:00:00Z", by: "owner", left: [] });
  return { reports, selections, report: (all: NewReport) => filed(`2.25.9${reports.push(all)}`), keyImages: (all: NewKeyImages) => filed(`2.25.8${selections.push(all)}`) };
}

test("each saving has all that holds and names what it takes the place of", async () => {
  const h = head(), desk = new Desk(), notebook = new Notebook(), to = node(), sources = [sourceOf(h)];
  notebook.take(desk, []);
  expect(notebook.unsaved(desk)).toBe(false);
  const [first, , third] = drawn(h) as [Measurement, Measurement, Measurement];
  desk.keep(first);
  desk.toggleKey(h);
  expect(notebook.unsaved(desk)).toBe(true);
  expect(await notebook.save(desk, sources, to)).toBe(0);
  expect(notebook.unsaved(desk)).toBe(false);
  expect([to.selections, to.reports.map(({ marks, replaces }) => [marks.map(({ tracking }) => tracking), replaces])]).toEqual([[{ images: [{ image: "2.25.5", frame: 1 }], replaces: [] }], [[["2.25.101"], []]]]);
  await notebook.save(desk, sources, to); // nothing is new
  expect(to.reports).toHaveLength(1);
  desk.keep(third);
  desk.keep(moved(desk.marks[0] as Measurement, 0, [0, 0, 30]));
  await notebook.save(desk, sources, to);
  expect(to.reports[1]?.replaces).toEqual(["2.25.91"]);
  expect(to.reports[1]?.marks.map(({ tracking, label }) => [tracking, label])).toEqual([["2.25.101", "Length 1"], ["2.25.103", "Rectangle 1"]]);
  desk.drop("2.25.101");
  desk.toggleKey(h);
  expect(notebook.unsaved(desk)).toBe(true);
  await notebook.save(desk, sources, to);
  expect(to.selections).toHaveLength(1); // of nothing there is none: the report says it
  expect([to.reports[2]?.replaces, to.reports[2]?.marks.length]).toEqual([["2.25.92", "2.25.81"], 1]);
  expect(notebook.unsaved(desk)).toBe(false);
});

test("documents that do not come, and too many of them, are told of", async () => {
  const desk = new Desk(), notebook = new Notebook(), series = (uid: string, modality: string, instances = 1) => ({ id: uid, uid, modality, instances, bodyPart: "" });
  const feed = { metadata: ({ series: uid }: { series: string }) => (uid === "2" ? Promise.reject(new Error("cut off")) : Promise.resolve([report("2.25.50", [])])) } as unknown as Feed;
  await notebook.read(desk, "1", [series("1", "SR"), series("2", "KO"), series("3", "CT"), series("4", "SR", 9999)], feed, new AbortController().signal);
  expect(notebook.missing).toBe(2);
});

test("nothing is saved until what is there was read, nor where it is more than a report has", async () => {
  const h = head(), desk = new Desk(), notebook = new Notebook(), to = node(), many = Array.from({ length: 501 }, (_, i) => line(`2.25.7${i}`));
  desk.keep(drawn(h)[0] as Measurement);
  expect(notebook.barred).toBe("reading");
  await expect(notebook.save(desk, [sourceOf(h)], to)).rejects.toThrow("barred.reading");
  notebook.take(desk, documentsOf([report("2.25.50", many)]));
  expect(notebook.barred).toBe("full");
  await expect(notebook.save(desk, [sourceOf(h)], to)).rejects.toThrow("barred.full");
  expect(to.reports).toEqual([]);
});

const unreadable = (): Dataset => group({ kind: "length", tracking: "2.25.1", label: "x", points: [], image: "2.25.5" });

test("a document that says it is of this program and cannot be read stays, is named, and keeps nobody from saving", async () => {
  const h = head(), desk = new Desk(), notebook = new Notebook(), to = node(), wide = item("CONTAINER", value(), {}, ...Array.from({ length: 2000 }, () => ({})));
  const tooMany = selection("2.25.61", 9, Array.from({ length: 6000 }, (_, i) => ["2.25.5", i + 1] as [string, number]));
  const forged = [report("2.25.50", [line("2.25.2"), unreadable()], { "0040A360": references("2.25.52") }), report("2.25.51", Array.from({ length: 1200 }, () => wide)), tooMany];
  notebook.take(desk, documentsOf([...forged, report("2.25.52", [line("2.25.3")]), selection("2.25.60", 1, [["2.25.9"]])]));
  expect(notebook.barred).toBe("");
  expect(notebook.unread.map(({ uid }) => uid).sort()).toEqual(["2.25.50", "2.25.51", "2.25.61"]);
  expect(notebook.unread.find(({ uid }) => uid === "2.25.50")).toMatchObject({ by: "SINSO (owner)", at: "2026-11-27T03:12:09+05:30" });
  expect(desk.marks.filter(({ saved }) => saved?.own).map(({ id }) => id)).toEqual(["2.25.3"]); // what it says that it replaces is there
  desk.keep(drawn(h)[0] as Measurement);
  desk.toggleKey(h);
  await notebook.save(desk, [sourceOf(h)], to);
  expect(to.reports.map(({ marks, replaces }) => [marks.map(({ tracking }) => tracking).sort(), replaces])).toEqual([[["2.25.101", "2.25.3"], ["2.25.52"]]]);
  expect(to.selections.map(({ images, replaces }) => [images.map(({ image }) => image).sort(), replaces])).toEqual([[["2.25.5", "2.25.9"], ["2.25.60"]]]);
  expect(notebook.unsaved(desk)).toBe(false);
});

test("what holds no longer need not be read", () => {
  const desk = new Desk(), notebook = new Notebook();
  notebook.take(desk, documentsOf([report("2.25.50", [unreadable()]), report("2.25.51", [line("2.25.2")], { "0040A360": references("2.25.50") })]));
  expect([notebook.barred, notebook.unread]).toEqual(["", []]);
});

test("of all documents together as much is shown as the node files, of this program first", () => {
  const desk = new Desk(), notebook = new Notebook(), frames = Array.from({ length: 700 }, (_, i) => i + 1);
  const others = Array.from({ length: 6 }, (_, k) => report(`2.25.6${k}`, Array.from({ length: 100 }, (_, i) => line(`2.25.${k}${i}`)), { ...another, "0040A032": value("20270101000000") }));
  const chosen = ["2.25.5", "2.25.6"].map((one, k) => selection(`2.25.7${k}`, 1, frames.map((frame) => [one, frame]), another));
  notebook.take(desk, documentsOf([...others, ...chosen, report("2.25.50", [line("2.25.1")]), selection("2.25.51", 1, [["2.25.9"]])]));
  expect([desk.marks.length, desk.keys.size, notebook.unshown]).toEqual([500, 1000, 101 + 401]);
  expect([desk.marks.some(({ id }) => id === "2.25.1"), desk.keys.has("2.25.9/1"), notebook.barred]).toEqual([true, true, ""]);
});

test("what is marked in another study is not kept with this one", async () => {
  const h = head(), other = head({ instance: "2.25.6", key: "2.25.6/1", series: "2.25.2" }), desk = new Desk(), notebook = new Notebook(), to = node();
  notebook.take(desk, []);
  desk.ours = namesOf([{ id: "e_1", uid: "2.25.1", modality: "CT", instances: 1, bodyPart: "" }]);
  expect([desk.toggleKey(other), desk.toggleKey(h)]).toEqual([false, true]);
  desk.keep(drawn(h)[0] as Measurement);
  desk.keep({ ...(drawn(other)[0] as Measurement), id: "2.25.200" });
  expect(await notebook.save(desk, [sourceOf(h), sourceOf(other)], to)).toBe(1);
  expect([to.selections[0]?.images, to.reports[0]?.marks.map(({ tracking }) => tracking)]).toEqual([[{ image: "2.25.5", frame: 1 }], ["2.25.101"]]);
});

test("two who saved at once are both shown, the newer of a mark they share, and the next saving joins them", async () => {
  const h = head(), wrote = await written(drawn(h)[0] as Measurement, [sourceOf(h)], 1), other = await written(drawn(h)[1] as Measurement, [sourceOf(h)], 1);
  const farther = { ...(wrote as NewMark), points: [[1, 1], [60, 60]] }, desk = new Desk(), notebook = new Notebook(), to = node();
  notebook.take(desk, documentsOf([report("2.25.50", [group(wrote as NewMark)]), report("2.25.51", [group(farther), group(other as NewMark)], { "0040A032": value("20261128000000+0000") })]));
  expect(desk.marks.map(({ id }) => id).sort()).toEqual(["2.25.101", "2.25.102"]);
  expect(desk.marks.find(({ id }) => id === "2.25.101")?.points[1]).toEqual([59.5, 59.5, 0]);
  expect(notebook.unsaved(desk)).toBe(false);
  desk.keep(drawn(h)[2] as Measurement);
  await notebook.save(desk, [sourceOf(h)], to);
  expect([...(to.reports[0]?.replaces ?? [])].sort()).toEqual(["2.25.50", "2.25.51"]);
});
