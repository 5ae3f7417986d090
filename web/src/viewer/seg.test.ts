// Segmentations: which of their pixels lie over which of an image, and what is refused.
import { expect, test } from "vitest";
import { labOf } from "./colour";
import type { Dataset } from "./dataset";
import type { Plane } from "./geometry";
import type { Head } from "./head";
import { Segments } from "./regions";
import { cellsIn, mark, readSeg, type Seg } from "./seg";

const value = (...Value: unknown[]) => ({ Value });
const frame = (z: number, segment: number, more: Dataset = {}): Dataset => ({ "00209113": value({ "00200032": value(0, 0, z) }), "0062000A": value({ "0062000B": value(segment) }), ...more });

// object is a segmentation of two segments, of frames of 4 by 3 pixels of 1 mm.
const object = (frames: readonly (Dataset | null)[], more: Dataset = {}): Dataset => ({
  "00080018": value("1.9"), "00200052": value("1.5"), "00280010": value(3), "00280011": value(4), "00280100": value(1), "00280101": value(1), "00280102": value(0), "00280103": value(0),
  "00280004": value("MONOCHROME2"), "00280008": value(frames.length), "00620001": value("BINARY"), "00081115": value({ "0020000E": value("1.7") }),
  "00620002": value({ "00620004": value(1), "00620005": value("Liver"), "0062000D": value(0xffff, 0x8080, 0x8080) }, { "00620004": value(2), "0062000F": value({ "00080104": value("Tumour") }) }),
  "52009229": value({ "00209116": value({ "00200037": value(1, 0, 0, 0, 1, 0) }), "00289110": value({ "00280030": value(1, 1), "00180050": value(2) }) }), "52009230": { Value: [...frames] }, ...more,
});

const made = (d: Dataset): Seg => {
  const seg = readSeg(d);
  if (typeof seg === "string") throw new Error(seg);
  return seg;
};

const axial = (z: number, spacing = 1, x = 0): Plane => ({ origin: [x, 0, z], right: [1, 0, 0], down: [0, 1, 0], columnSpacing: spacing, rowSpacing: spacing });

// marked lists "segment:pixel" of an image; cells are of each frame.
function marked(seg: Seg, plane: Plane, rows: number, columns: number, cells: readonly number[][]): string[] {
  const found: string[] = [];
  mark(seg, plane, rows, columns, (n) => cellsIn(seg, Uint8Array.from(cells[n - 1] ?? [])), (segment, i, part) => { found.push(`${segment}:${i}${part < 1 ? `*${part.toFixed(2)}` : ""}`); });
  return found;
}

test("segments have their names and colours, of the object or of the palette", () => {
  const seg = made(object([frame(0, 1)]));
  expect(seg).toMatchObject({ reference: "1.5", series: ["1.7"], lost: 0, segments: [{ number: 1, name: "Liver" }, { number: 2, name: "Tumour", colour: [86, 180, 233] }] });
  expect(seg.segments[0]?.colour.every((v) => v >= 254)).toBe(true); // L* 100 is white
});

test.each([["red", [54.29, 80.81, 69.89], [255, 0, 0]], ["green", [87.82, -79.27, 80.99], [0, 255, 0]], ["blue", [29.57, 68.3, -112.03], [0, 0, 255]], ["gray", [53.59, 0, 0], [128, 128, 128]]])("%s of CIELab is that of sRGB", (_, [l = 0, a = 0, b = 0], rgb) => {
  const coded = [l / 100, (a + 128) / 255, (b + 128) / 255].map((v) => Math.round(v * 65_535));
  const found = labOf({ "0062000D": { Value: coded } });
  expect(found?.every((v, i) => Math.abs(v - (rgb[i] ?? 0)) <= 2), String(found)).toBe(true);
});

test("what is no CIELab has no colour", () => {
  for (const coded of [[], [1, 2], [1, 2, 3, 4], [1, 2, 70_000], [-1, 0, 0], ["x", 0, 0]]) expect(labOf({ "0062000D": { Value: coded } })).toBeUndefined();
});

test("each frame lies in its plane, whatever its number, and nowhere else", () => {
  const seg = made(object([frame(4, 2), frame(0, 1), frame(2, 1), frame(2, 2)]));
  const cells = [[0b1, 0], [0b10, 0], [0b100, 0], [0b1000, 0]];
  expect([0, 2, 4].map((z) => marked(seg, axial(z), 3, 4, cells))).toEqual([["1:1"], ["1:2", "2:3"], ["2:0"]]);
  expect(marked(seg, axial(0.9), 3, 4, cells)).toEqual(["1:1"]); // within half of 2 mm
  expect([-1.5, 5.5, 100].map((z) => marked(seg, axial(z), 3, 4, cells))).toEqual([[], [], []]);
});

test("an image of another size and place has the pixels that it covers", () => {
  const seg = made(object([frame(0, 1)])), cells = [[0b0000_0110, 0]]; // (1,0), (2,0)
  expect(marked(seg, axial(0, 0.5, 0.75), 1, 4, cells)).toEqual(["1:0", "1:1", "1:2", "1:3"]); // 0.75 to 2.25 mm
  expect(marked(seg, axial(0, 1, 2), 1, 2, cells)).toEqual(["1:0"]);
});

test("a plane across the frames cuts each of them", () => {
  const seg = made(object([frame(0, 1), frame(2, 1), frame(4, 2)]));
  const coronal: Plane = { origin: [0, 0, 4], right: [1, 0, 0], down: [0, 0, -1], columnSpacing: 1, rowSpacing: 2 };
  expect(marked(seg, coronal, 3, 4, [[0b1, 0], [0b10, 0], [0b100, 0]])).toEqual(["2:2", "1:5", "1:8"]);
});

test("fractions are parts, and a label map's pixels are its segments", () => {
  const eight: Dataset = { "00280100": value(8), "00280101": value(8), "00280102": value(7) };
  const parts = made(object([frame(0, 2)], { ...eight, "00620001": value("FRACTIONAL"), "0062000E": value(200) }));
  expect(marked(parts, axial(0), 3, 4, [[0, 100, 200, 255, 0, 0, 0, 0, 0, 0, 0, 0]])).toEqual(["2:1*0.50", "2:2", "2:3"]);
  const labels = made(object([frame(0, 9)], { ...eight, "00620001": value("LABELMAP") }));
  expect(marked(labels, axial(0), 3, 4, [[0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 7]])).toEqual(["2:1", "1:2", "7:11"]);
});

test("frames that are placed nowhere, of no segment, or not described are counted", () => {
  const seg = made(object([frame(0, 1), frame(2, 5), null, frame(2, 2, { "00209116": value({ "00200037": value(0, 1, 0, 0, 0, -1) }) })], { "00280008": value(90_000) }));
  expect([seg.frames, seg.lost]).toEqual([[1], 89_999]);
  expect(marked(seg, axial(0), 3, 4, [[0b1]])).toEqual([]); // too short for 12 bits
});

test("frames in one plane, and lookups of one image, have an end", () => {
  const seg = made(object(Array.from({ length: 300 }, (_, i) => frame(0, 1 + (i % 2)))));
  expect([seg.frames.length, seg.lost]).toEqual([256, 44]);
  let asked = 0;
  const left = mark(seg, axial(0), 1, 2 ** 22, () => { asked++; return undefined; }, () => { /* nothing is here */ });
  expect([asked, left]).toEqual([128, 128]);
});

test("what cannot be drawn says why", () => {
  const why = (more: Dataset, frames: (Dataset | null)[] = [frame(0, 1)]) => readSeg(object(frames, more));
  expect(why({ "00620001": value("SURFACE") })).toBe("kind");
  expect(why({ "00280100": value(16), "00280101": value(16), "00280102": value(15) })).toBe("kind");
  expect(why({ "00280002": value(3) })).toBe("kind");
  expect(why({ "00620002": value() })).toBe("segments");
  expect(why({ "00620002": { Value: Array.from({ length: 1025 }, (_, i) => ({ "00620004": value(i + 1) })) } })).toBe("segments");
  expect(why({}, [])).toBe("planes");
  expect(why({}, [null])).toBe("planes");
  expect(why({ "00200052": value() })).toBe("planes");
  expect(why({ "00280010": value(60_000), "00280011": value(4000), "00280100": value(8), "00280101": value(8), "00280102": value(7), "00620001": value("FRACTIONAL") }, [frame(0, 1), frame(2, 1)])).toBe("memory");
});

test("a segmentation is not drawn over its own frames: over them nothing is looked up at all", () => {
  const head = (instance: string): Head => ({ key: `${instance}/1`, instance, rows: 3, columns: 4, reference: "1.5", plane: axial(0) }) as unknown as Head;
  const layer = new Segments(made(object([frame(0, 1)])));
  expect(layer.on(head("1.9"))).toEqual([]);
  expect(() => layer.on(head("1.8"))).toThrow("document"); // a canvas is asked for, which there is none of here
});
