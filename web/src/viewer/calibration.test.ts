import { beforeEach, expect, test, vi } from "vitest";
import { scaleBy } from "./calibration";
import type { Dataset } from "./dataset";
import { Desk } from "./desk";
import { type Head, headsOf } from "./head";
import { make, type Measurement, type Saved, valuesOf } from "./measure";
import { linesOf } from "./marked";
import type { Source } from "./stack";

beforeEach(() => { vi.stubGlobal("document", { createElement: () => ({}), documentElement: { lang: "en" } }); });

const value = (...Value: unknown[]) => ({ Value });
const picture = (uid: string, more: Dataset = {}): Dataset => ({
  "00080018": value(uid), "00080060": value("OT"), "00280010": value(50), "00280011": value(50), "00280100": value(8), "00280101": value(8), "00280004": value("MONOCHROME2"), ...more,
});
const placed = { "00200032": value(0, 0, 0), "00200037": value(1, 0, 0, 0, 1, 0), "00280030": value(1, 1) };
const line = (h: Head, id = "a"): Measurement => make(id, "length", h, [{ column: 0, row: 0 }, { column: 6, row: 8 }]);
const lengthOf = (h: Head): [number | undefined, string] => { const v = valuesOf(line(h), h, undefined, (x) => x, ""); return [v.length, v.unit]; };

// shown is a desk that shows the frames of pictures.
function shown(...pictures: Dataset[]): { desk: Desk; heads: Head[] } {
  const desk = new Desk(), heads = pictures.flatMap(headsOf);
  desk.pane.source = { heads } as unknown as Source;
  return { desk, heads };
}

test("a line of known length gives a picture its millimetres, in all of its frames and in no other", () => {
  const { desk, heads: [one, two, other] } = shown(picture("1", { "00280008": value(2) }), picture("2")) as { desk: Desk; heads: [Head, Head, Head] };
  expect(lengthOf(one)).toEqual([10, "px"]);
  expect(desk.calibrations.take(one, line(one), 25)).toBe(true);
  expect([lengthOf(one), lengthOf(two), lengthOf(other)]).toEqual([[25, "mm-hand"], [25, "mm-hand"], [10, "px"]]);
  expect(linesOf(line(one), one, undefined, { of: (x) => x, unit: "" })).toEqual(["view.mmHand"]); // the words that say so
  const [later] = headsOf(picture("1")) as [Head];
  desk.settle([later]);
  expect(lengthOf(later)).toEqual([25, "mm-hand"]);
  desk.calibrations.undo(one);
  expect([lengthOf(one), lengthOf(two)]).toEqual([[10, "px"], [10, "px"]]);
});

test("pixels that are not square stay so, and a scale of the detector is there again", () => {
  const { desk, heads: [ratio, detector] } = shown(picture("1", { "00280034": value(2, 1) }), picture("2", { "00181164": value(0.5, 0.5) })) as { desk: Desk; heads: [Head, Head] };
  expect(scaleBy(ratio, line(ratio), Math.hypot(6, 16))).toEqual({ column: 1, row: 2, from: "hand" });
  expect(lengthOf(detector)).toEqual([5, "mm-detector"]);
  desk.calibrations.take(detector, line(detector), 4);
  expect(lengthOf(detector)).toEqual([4, "mm-hand"]);
  desk.calibrations.undo(detector);
  expect(lengthOf(detector)).toEqual([5, "mm-detector"]);
});

test("what lies in the patient is not calibrated, nor anything by no length", () => {
  const { desk, heads: [there, plain] } = shown(picture("1", placed), picture("2")) as { desk: Desk; heads: [Head, Head] };
  expect(desk.calibrations.take(there, line(there), 5)).toBe(false);
  for (const mm of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e5]) expect(desk.calibrations.take(plain, line(plain), mm)).toBe(false);
  expect(desk.calibrations.take(plain, make("a", "length", plain, [{ column: 3, row: 3 }, { column: 3, row: 3 }]), 5)).toBe(false);
  expect(lengthOf(plain)).toEqual([10, "px"]);
});

test("what was saved by another scale is not saved any more; what was by hand says what is saved until then", () => {
  const { desk, heads: [one] } = shown(picture("1")) as { desk: Desk; heads: [Head] };
  const saved: Saved = { document: "9", at: "", by: "", own: true, values: { length: 77, unit: "mm-hand", valueUnit: "" }, lines: [], written: {} as Saved["written"] };
  desk.restore([{ ...line(one, "b"), saved }, { ...line(one, "c"), saved: { ...saved, own: false, lines: ["theirs"] } }], []);
  expect(desk.marks[0] && valuesOf(desk.marks[0], one, undefined, (x) => x, "").unit).toBe("px");
  expect(linesOf(desk.marks[0] as Measurement, one, undefined, { of: (x) => x, unit: "" })).toEqual(["view.mmHand"]);
  desk.calibrations.take(one, line(one), 25);
  expect(desk.marks.map((mark) => mark.saved?.own)).toEqual([undefined, false]);
});
