import { expect, test } from "vitest";
import type { Dataset } from "./dataset";
import { type Head, headsOf } from "./head";
import { decode, grayTable, opening, paint, readTables, type Tone, Unreadable } from "./pixels";

const value = (...Value: unknown[]) => ({ Value });

function headOf(more: Dataset): Head {
  const [head] = headsOf({
    "00080018": value("1.2.3"), "00280010": value(1), "00280011": value(4), "00280100": value(16), "00280101": value(16), "00280102": value(15), "00280103": value(0), "00280004": value("MONOCHROME2"), ...more,
  });
  if (!head) throw new Error("it is an image");
  return head;
}

const words = (...all: number[]): Uint8Array => new Uint8Array(Uint16Array.from(all.map((v) => v & 0xffff)).buffer);
const twelve: Dataset = { "00280101": value(12), "00280102": value(11) };
const window: Tone = { window: { center: 50, width: 101, voi: "LINEAR" }, invert: false };

function gray(h: Head, bytes: Uint8Array, tone: Tone): number[] {
  const out = new Uint32Array(h.rows * h.columns), tables = readTables(h, new Map()), pixels = decode(bytes, h);
  paint(out, h, pixels, tables, tone, h.allocated <= 16 && !h.float && !pixels.colour ? grayTable(h, tables, tone) : undefined);
  return [...out].map((v) => v & 0xff);
}

test("stored bits are cut out of their cells with their sign", () => {
  expect([...decode(words(0xf123, 0x0fff, 0x0800, 0), headOf(twelve)).data]).toEqual([0x123, 0xfff, 0x800, 0]);
  expect([...decode(words(0xf123, 0x0fff, 0x0800, 0), headOf({ ...twelve, "00280103": value(1) })).data]).toEqual([0x123, -1, -2048, 0]);
  expect([...decode(words(0x1230, 0xfff0, 0x8000, 0x000f), headOf({ "00280101": value(12), "00280102": value(15), "00280103": value(1) })).data]).toEqual([0x123, -1, -2048, 0]);
  expect([...decode(Uint8Array.of(0b0101), headOf({ "00280100": value(1), "00280101": value(1), "00280102": value(0) })).data]).toEqual([1, 0, 1, 0]);
});

test("a frame that is too short is refused", () => {
  for (const more of [{}, { "00280100": value(8), "00280101": value(8), "00280102": value(7), "00280002": value(3), "00280004": value("RGB") }]) expect(() => decode(new Uint8Array(3), headOf(more))).toThrow(Unreadable);
});

test("the table of grays and the way without it draw the same", () => {
  for (const signed of [0, 1]) {
    const narrow = headOf({ "00280103": value(signed), "00281052": value(-10), "00281053": value(0.5) });
    const wide = headOf({ "00280103": value(signed), "00281052": value(-10), "00281053": value(0.5), "00280100": value(32), "00280101": value(32), "00280102": value(31) });
    const values = signed ? [-5, 20, 120, 220] : [0, 20, 120, 220];
    expect(gray(narrow, words(...values), window)).toEqual(gray(wide, new Uint8Array(Int32Array.from(values).buffer), window));
  }
});

test("MONOCHROME1 is inverse, a Presentation LUT Shape says so itself, and the person turns it again", () => {
  const bytes = words(0, 50, 100, 200);
  const plain = gray(headOf({}), bytes, window), back = plain.map((v) => 255 - v);
  expect(plain).toEqual([1, 128, 255, 255]); // from -0.5 to 99.5: 0 is 1.275, 50 is 128.8
  expect(gray(headOf({ "00280004": value("MONOCHROME1") }), bytes, window)).toEqual(back);
  expect(gray(headOf({ "00280004": value("MONOCHROME1"), "20500020": value("IDENTITY") }), bytes, window)).toEqual(plain);
  expect(gray(headOf({ "20500020": value("INVERSE") }), bytes, window)).toEqual(back);
  expect(gray(headOf({ "20500020": value("INVERSE") }), bytes, { ...window, invert: true })).toEqual(plain);
});

const colour: Dataset = { "00280002": value(3), "00280100": value(8), "00280101": value(8), "00280102": value(7), "00280011": value(2), "00280006": value(0), "00280004": value("RGB") };

test("colours are the same by pixel, by plane and with shared chrominance", () => {
  const wanted = [10, 20, 30, 40, 50, 60];
  expect([...decode(Uint8Array.of(...wanted), headOf(colour)).data]).toEqual(wanted);
  expect([...decode(Uint8Array.of(10, 40, 20, 50, 30, 60), headOf({ ...colour, "00280006": value(1) })).data]).toEqual(wanted);
  const full = decode(Uint8Array.of(100, 90, 160, 120, 90, 160), headOf({ ...colour, "00280004": value("YBR_FULL") }));
  const half = decode(Uint8Array.of(100, 120, 90, 160), headOf({ ...colour, "00280004": value("YBR_FULL_422") }));
  expect([...half.data]).toEqual([...full.data]);
  expect(full.data[0]).toBe(Math.round(100 + 1.402 * 32));
});

test("a palette gives its colours, and its ends go on", () => {
  const table = (...v: number[]) => ({ InlineBinary: btoa(String.fromCharCode(...v)) });
  const h = headOf({
    "00280100": value(8), "00280101": value(8), "00280102": value(7), "00280004": value("PALETTE COLOR"),
    "00281101": value(2, 5, 8), "00281102": value(2, 5, 8), "00281103": value(2, 5, 8), "00281201": table(1, 2), "00281202": table(3, 4), "00281203": table(5, 6),
  });
  const out = new Uint32Array(4), pixels = decode(Uint8Array.of(0, 5, 6, 9), h);
  paint(out, h, pixels, readTables(h, new Map()), window, undefined);
  expect([...out].map((v) => v.toString(16))).toEqual(["ff050301", "ff050301", "ff060402", "ff060402"]);
});

test("an image opens as its file says, else by what it holds", () => {
  const pixels = decode(words(0, 10, 20, 1000), headOf({})), none = { voi: [] };
  expect(opening(headOf({ "00281050": value(7), "00281051": value(9), "00281056": value("SIGMOID") }), pixels, none)).toMatchObject({ center: 7, width: 9, voi: "SIGMOID" });
  expect(opening(headOf({ "00281050": value(7), "00281051": value(0) }), pixels, none)).toMatchObject({ center: 500, width: 1000 });
  expect(opening(headOf({ "00080060": value("CT"), "00281052": value(0), "00281053": value(1), "00281054": value("HU") }), pixels, none)).toMatchObject({ center: 40, width: 400 });
  expect(opening(headOf({ "00280120": value(1000) }), pixels, none)).toMatchObject({ center: 10, width: 20 });
});
