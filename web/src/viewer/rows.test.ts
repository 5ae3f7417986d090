// What comes over the line and is kept: parts, files, memory.
import { expect, test } from "vitest";
import { Lru } from "./lru";
import { boundaryOf, Parts } from "./multipart";
import { readPart10 } from "./part10";
import { Unreadable } from "./pixels";

test("what was not used for longest goes first, and the budget holds", () => {
  const lru = new Lru<number>(10);
  lru.put("a", 1, 4);
  lru.put("b", 2, 4);
  expect(lru.get("a")).toBe(1);
  lru.put("c", 3, 4);
  expect([lru.has("a"), lru.has("b"), lru.has("c"), lru.bytes]).toEqual([true, false, true, 8]);
  lru.put("a", 4, 1);
  expect([lru.get("a"), lru.bytes, lru.size]).toEqual([4, 5, 2]);
  lru.put("huge", 5, 100);
  expect([lru.size, lru.get("huge")]).toEqual([1, 5]);
  lru.drop("huge");
  lru.drop("huge");
  expect([lru.size, lru.bytes]).toEqual([0, 0]);
});

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

test("parts are cut the same wherever the pieces end", () => {
  const body = "--x\r\nContent-Type: a\r\n\r\none\r\n--\r\nx\r\n--x\r\n\r\n\r\n\r\n--x\r\nA: b\r\n\r\n\r\n--y\r\n--x--\r\n";
  for (let size = 1; size <= body.length; size++) {
    const parts = new Parts("x"), found: string[] = [];
    for (let i = 0; i < body.length; i += size) found.push(...parts.push(bytes(body.slice(i, i + size))).map((b) => String.fromCharCode(...b)));
    expect(found, `pieces of ${size}`).toEqual(["one\r\n--\r\nx", "\r\n", "\r\n--y"]);
    expect(parts.ended).toBe(true);
  }
});

test("long parts come whole", () => {
  const part = new Uint8Array(3 << 20).map((_, i) => (i * 7919) & 255), parts = new Parts("mark"), found: Uint8Array[] = [];
  const all = [bytes("--mark\r\n\r\n"), part, bytes("\r\n--mark\r\n\r\n"), part, bytes("\r\n--mark--")];
  for (const chunk of all) for (let i = 0; i < chunk.length; i += 65_521) found.push(...parts.push(chunk.subarray(i, i + 65_521)));
  expect(found.map((f) => f.length)).toEqual([part.length, part.length]);
  expect(found.every((f) => f.every((v, i) => v === part[i]))).toBe(true);
});

test("a boundary is read with and without quotes", () => {
  expect(boundaryOf('multipart/related; type="application/dicom"; boundary="a b"')).toBe("a b");
  expect(boundaryOf("multipart/related; boundary=abc; type=x")).toBe("abc");
  expect(boundaryOf("application/json")).toBeUndefined();
  expect(boundaryOf(null)).toBeUndefined();
});

// element writes one in Explicit VR Little Endian.
function element(group: number, number: number, vr: string, value: Uint8Array, long = false, length = value.length): Uint8Array {
  const head = new Uint8Array(long ? 12 : 8), view = new DataView(head.buffer);
  view.setUint16(0, group, true);
  view.setUint16(2, number, true);
  head.set(bytes(vr), 4);
  if (long) view.setUint32(8, length, true);
  else view.setUint16(6, length, true);
  return Uint8Array.of(...head, ...value);
}

const tag = (number: number, length: number): Uint8Array => { const out = new Uint8Array(8), view = new DataView(out.buffer); view.setUint16(0, 0xfffe, true); view.setUint16(2, number, true); view.setUint32(4, length, true); return out; };
const join = (...all: Uint8Array[]): Uint8Array => Uint8Array.from(all.flatMap((a) => [...a]));
const none = 0xffffffff;

const file = join(new Uint8Array(128), bytes("DICM"), element(2, 0x10, "UI", bytes("1.2.840.10008.1.2.1\0")),
  element(8, 0x18, "UI", bytes("1.2.3\0")),
  element(8, 0x1140, "SQ", join(tag(0xe000, none), element(8, 0x18, "UI", bytes("9\0")), element(8, 0x1199, "SQ", join(tag(0xe000, 4), bytes("abcd"), tag(0xe0dd, 0)), true, none), tag(0xe00d, 0), tag(0xe0dd, 0)), true, none),
  element(0x28, 4, "CS", bytes("RGB ")), element(0x28, 6, "US", Uint8Array.of(1, 0)), element(0x7fe0, 0x10, "OW", Uint8Array.of(1, 2, 3, 4), true));

test("the pixels of a file are found behind sequences of no stated length", () => {
  const found = readPart10(file);
  expect([found.instance, found.photometric, found.planar, [...found.pixels]]).toEqual(["1.2.3", "RGB", true, [1, 2, 3, 4]]);
});

test("the overlays of a file are found by their groups", () => {
  const planes = [0x5000, 0x6000, 0x601e, 0x6020].map((group) => element(group, 0x3000, "OW", Uint8Array.of(group >> 8, group & 255), true));
  const { overlays } = readPart10(join(new Uint8Array(128), bytes("DICM"), ...planes, element(0x7fe0, 0x10, "OW", Uint8Array.of(1, 2), true)));
  expect([...overlays].map(([group, data]) => [group, ...data])).toEqual([["6000", 0x60, 0], ["601E", 0x60, 0x1e]]);
});

test("a file that is cut or changed is refused or read, never more", () => {
  for (let end = 0; end < file.length; end++) expect(() => readPart10(file.subarray(0, end)), `cut at ${end}`).toThrow();
  for (let i = 132; i < file.length; i++) {
    for (const v of [0, 0xff, 0x7f]) {
      const changed = file.slice();
      changed[i] = v;
      try {
        expect(readPart10(changed).pixels.length).toBeLessThanOrEqual(file.length);
      } catch (error) {
        expect(error instanceof Unreadable || error instanceof RangeError, `byte ${i} as ${v}: ${String(error)}`).toBe(true);
      }
    }
  }
});
