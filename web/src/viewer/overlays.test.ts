// Overlay planes: which are read, and which of their bits lie over which frame.
import { expect, test, vi } from "vitest";
import type { Bulk, Dataset } from "./dataset";
import { type Feed, node } from "./feed";
import { type Head, headsOf } from "./head";
import { Lru } from "./lru";
import { isSet, Overlays } from "./overlays";
import { decode } from "./pixels";
import { Stack } from "./stack";

const value = (...Value: unknown[]) => ({ Value });
const inline = (...bytes: number[]) => ({ vr: "OW", InlineBinary: btoa(String.fromCharCode(...bytes)) });

const headOf = (more: Dataset): Head[] => headsOf({
  "00080018": value("1.2.3"), "00280010": value(2), "00280011": value(4), "00280100": value(16), "00280101": value(12), "00280102": value(11), "00280103": value(0), "00280004": value("MONOCHROME2"), ...more,
});

const plane = (group: string, more: Dataset = {}): Dataset => ({
  [`${group}0010`]: value(2), [`${group}0011`]: value(4), [`${group}0040`]: value("G"), [`${group}0050`]: value(1, 1), [`${group}0100`]: value(1), [`${group}0102`]: value(0), [`${group}3000`]: inline(0b1000_0001, 0), ...more,
});

// drawn lists the pixels of a head's first plane that are drawn.
function drawn(head: Head | undefined, cells: number[] = []): number[] | undefined {
  const [first] = head?.overlays ?? [];
  if (!head || !first) return undefined;
  const pixels = decode(new Uint8Array(Uint16Array.from({ length: 8 }, (_, i) => cells[i] ?? 0).buffer), head);
  const set = isSet(first, head, first.data?.words, pixels);
  return set && Array.from({ length: first.rows * first.columns }, (_, i) => i).filter(set);
}

test("a plane is drawn from its origin, its first bit the lowest", () => {
  const [head] = headOf(plane("6002", { "60020050": value(3, -1) }));
  expect(head?.overlays).toMatchObject([{ group: "6002", top: 2, left: -2 }]);
  expect(drawn(head)).toEqual([0, 7]);
});

test("of frames of a plane each lies over its own image, which share bytes", () => {
  const heads = headOf({ "00280008": value(4), ...plane("6000", { "60000015": value(2), "60000051": value(2), "60000010": value(1), "60000011": value(3), "60003000": inline(0b01_0100, 0) }) });
  expect(heads.map((head) => drawn(head))).toEqual([undefined, [2], [1], undefined]);
});

test("a plane without frames lies over all of an image's", () => {
  expect(headOf({ "00280008": value(2), ...plane("601E") }).map((head) => drawn(head))).toEqual([[0, 7], [0, 7]]);
});

test("bits that the pixels leave free are a plane, and not of the value", () => {
  const embedded = plane("6000", { "60000100": value(16), "60000102": value(13), "60003000": undefined });
  const [head] = headOf(embedded);
  expect(drawn(head, [0x2123, 0x1fff, 0, 0x2000])).toEqual([0, 3]);
  expect([...decode(new Uint8Array(Uint16Array.of(0x2123, 0, 0, 0, 0, 0, 0, 0).buffer), head as Head).data][0]).toBe(0x123);
  expect(headOf({ ...embedded, "60000102": value(11) })[0]?.overlays).toEqual([]); // a bit of the value
  expect(headOf({ ...embedded, "60000102": value(16) })[0]?.overlays).toEqual([]);
  expect(headOf({ ...embedded, "60000100": value(8) })[0]?.overlays).toEqual([]);
});

test("what is no plane is left out, and one with too few bits draws nothing", () => {
  const bad: Dataset[] = [{ "60000010": value(0) }, { "60000010": value(70_000) }, { "60000010": value(65_535), "60000011": value(65_535) }, { "60000011": value("x") }, { "60000050": value(1e9, 1) }, { "60000015": value(0.5) }, { "60000015": value(1e9) }, { "60000100": value(8) }];
  for (const more of bad) expect(headOf(plane("6000", more))[0]?.overlays, JSON.stringify(more)).toEqual([]);
  expect(headOf({ ...plane("6000"), ...plane("6001"), ...plane("6020") })[0]?.overlays.map(({ group }) => group)).toEqual(["6000"]);
  expect(drawn(headOf(plane("6000", { "60003000": inline() }))[0])).toBeUndefined();
  expect(drawn(headOf({ "00280008": value(9), ...plane("6000", { "60000015": value(9) }) })[8])).toBeUndefined();
  expect(drawn(headOf(plane("6000", { "60000100": value(16), "60000102": value(15), "60003000": undefined, "60000010": value(3) }))[0])).toBeUndefined();
});

// wide is a plane of its own data that are elsewhere.
const wide = (group: string, rows: number, columns: number, frames: number): Dataset => plane(group, { [`${group}0010`]: value(rows), [`${group}0011`]: value(columns), [`${group}0015`]: value(frames), [`${group}3000`]: { BulkDataURI: `/${group}` } as unknown as { Value: unknown[] } });

test("planes that are larger together than is kept are told of, and the others drawn", async () => {
  const object: Dataset = { "00280010": value(2), "00280011": value(4), ...Object.assign({}, ...["6000", "6002", "6004"].map((group) => wide(group, 1024, 8192, 6))), ...plane("6006") };
  const [head] = headOf(object), asked: string[] = [];
  const feed: Feed = { ...node, bulkData: (uri) => { asked.push(uri); return Promise.resolve(new Uint8Array((6 << 20) + 9)); } };
  const stack = new Stack({ study: "1", series: "1" }, [], new Lru(1), "1", feed), layer = new Overlays();
  if (!head) throw new Error("it is an image");
  const pixels = { data: new Uint16Array(8), colour: false }, shown = { head, pixels, index: 0 };
  vi.stubGlobal("document", { documentElement: { lang: "en" } });
  for (let i = 0; i < 5; i++) {
    layer.warns(shown, stack);
    await new Promise((done) => { setTimeout(done); });
  }
  expect(asked).toEqual(["/6000", "/6002"]); // once each
  expect([layer.says(shown, stack), layer.warns(shown, stack)]).toEqual(["view.overlaysSay", "view.overlaysLost"]);
  expect(stack.bulk(head.overlays[0]?.data as Bulk, () => {})?.length).toBe(6 << 20); // what is behind them is not kept
});

test("so are planes in more bits than are drawn of one image", () => {
  const embedded = (group: string, bit: number): Dataset => plane(group, { [`${group}0010`]: value(5792), [`${group}0011`]: value(5792), [`${group}0100`]: value(16), [`${group}0102`]: value(bit), [`${group}3000`]: undefined });
  const [head] = headOf({ "00280010": value(5792), "00280011": value(5792), "00280101": value(8), "00280102": value(7), ...embedded("6000", 8), ...embedded("6002", 9), ...embedded("6004", 10) });
  expect(head?.overlays.map(({ bit }) => bit)).toEqual([8, undefined, undefined]);
});
