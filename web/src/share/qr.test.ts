import { expect, test } from "vitest";
import { type Code, qr } from "./qr";

// read decodes a code without mending anything: every format bit, check bit and codeword
// must be right. It is written from the standard and shares nothing with what draws.
function read({ size, modules }: Code): { text: string; version: number; mask: number } {
  const version = (size - 17) / 4, at = (r: number, c: number): number => modules[r * size + c] ?? -1;
  // The two copies of the format, most significant bit first.
  const beside = [[8, 0], [8, 1], [8, 2], [8, 3], [8, 4], [8, 5], [8, 7], [8, 8], [7, 8], [5, 8], [4, 8], [3, 8], [2, 8], [1, 8], [0, 8]] as const;
  const split = [...Array.from({ length: 7 }, (_, i) => [size - 1 - i, 8] as const), ...Array.from({ length: 8 }, (_, i) => [8, size - 8 + i] as const)];
  const bits = (places: readonly (readonly [number, number])[]): number => places.reduce((value, [r, c]) => value * 2 + at(r, c), 0);
  const format = bits(beside);
  if (format !== bits(split)) throw new Error("the formats differ");
  const valid = [0x5412, 0x5125, 0x5e7c, 0x5b4b, 0x45f9, 0x40ce, 0x4f97, 0x4aa0]; // Table C.1, level M
  const mask = valid.indexOf(format);
  if (mask < 0) throw new Error(`format ${format.toString(16)} is not level M`);
  if (at(size - 8, 8) !== 1) throw new Error("the dark module is light");
  if (version >= 7) {
    const known = [0x07c94, 0x085bc, 0x09a99, 0x0a4d3][version - 7]; // Table D.1
    let [upper, lower] = [0, 0];
    for (let i = 17; i >= 0; i--) {
      upper = upper * 2 + at(Math.floor(i / 3), size - 11 + (i % 3));
      lower = lower * 2 + at(size - 11 + (i % 3), Math.floor(i / 3));
    }
    if (upper !== known || lower !== known) throw new Error(`version ${upper.toString(16)}, ${lower.toString(16)}`);
  }
  const centres = [[], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34], [6, 22, 38], [6, 24, 42], [6, 26, 46], [6, 28, 50]][version - 1] ?? [];
  for (const [r, c] of [[0, 0], [0, size - 7], [size - 7, 0]] as const) { // finder patterns and their separators
    const drawn = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"];
    drawn.forEach((row, y) => [...row].forEach((module, x) => { if (at(r + y, c + x) !== Number(module)) throw new Error("a finder pattern is broken"); }));
  }
  const inFinder = (r: number, c: number): boolean => (r < 9 && c < 9) || (r < 9 && c >= size - 8) || (r >= size - 8 && c < 9);
  const aligned = (r: number, c: number): boolean => centres.some((y) => centres.some((x) => !inFinder(y, x) && Math.abs(r - y) <= 2 && Math.abs(c - x) <= 2));
  const inVersion = (r: number, c: number): boolean => version >= 7 && ((r < 6 && c >= size - 11 && c < size - 8) || (c < 6 && r >= size - 11 && r < size - 8));
  const flips = [(r: number, c: number) => (r + c) % 2, (r: number) => r % 2, (_: number, c: number) => c % 3, (r: number, c: number) => (r + c) % 3,
    (r: number, c: number) => ((r >> 1) + Math.trunc(c / 3)) % 2, (r: number, c: number) => ((r * c) % 2) + ((r * c) % 3), (r: number, c: number) => (((r * c) % 2) + ((r * c) % 3)) % 2, (r: number, c: number) => (((r + c) % 2) + ((r * c) % 3)) % 2][mask];
  const stream: number[] = [];
  const columns = Array.from({ length: size }, (_, i) => size - 1 - i).filter((c) => c !== 6);
  for (let pair = 0; pair < columns.length / 2; pair++) {
    for (let i = 0; i < size; i++) {
      const r = pair % 2 === 0 ? size - 1 - i : i;
      for (const c of columns.slice(pair * 2, pair * 2 + 2)) {
        if (inFinder(r, c) || r === 6 || aligned(r, c) || inVersion(r, c)) continue;
        stream.push(at(r, c) ^ Number(flips?.(r, c) === 0));
      }
    }
  }
  const codewords = Array.from({ length: stream.length >> 3 }, (_, i) => stream.slice(i * 8, i * 8 + 8).reduce((v, b) => v * 2 + b, 0));
  // Table 9, level M: blocks as [how many, codewords, data codewords].
  const layout = [[[1, 26, 16]], [[1, 44, 28]], [[1, 70, 44]], [[2, 50, 32]], [[2, 67, 43]], [[4, 43, 27]], [[4, 49, 31]], [[2, 60, 38], [2, 61, 39]], [[3, 58, 36], [2, 59, 37]], [[4, 69, 43], [1, 70, 44]]][version - 1] ?? [];
  const blocks = layout.flatMap(([n = 0, all = 0, data = 0]) => Array.from({ length: n }, () => ({ all, data, words: [] as number[] })));
  let next = 0;
  for (let k = 0; k < 44; k++) for (const b of blocks) if (k < b.data) b.words.push(codewords[next++] ?? -1);
  for (let k = 0; k < 26; k++) for (const b of blocks) if (k < b.all - b.data) b.words.push(codewords[next++] ?? -1);
  if (next !== codewords.length) throw new Error(`${codewords.length} codewords, ${next} of blocks`);
  const power: number[] = [1];
  while (power.length < 255) { const doubled = (power.at(-1) ?? 0) * 2; power.push(doubled > 255 ? doubled ^ 285 : doubled); }
  const multiply = (a: number, b: number): number => (a && b ? power[(power.indexOf(a) + power.indexOf(b)) % 255] ?? 0 : 0);
  for (const b of blocks) {
    for (let root = 0; root < b.all - b.data; root++) {
      const syndrome = b.words.reduce((sum, word) => multiply(sum, power[root] ?? 0) ^ word, 0);
      if (syndrome !== 0) throw new Error(`a syndrome is ${syndrome}`);
    }
  }
  const data = blocks.flatMap((b) => b.words.slice(0, b.data)).map((w) => w.toString(2).padStart(8, "0")).join("");
  if (data.slice(0, 4) !== "0100") throw new Error("no byte mode");
  const head = 4 + (version < 10 ? 8 : 16), count = Number.parseInt(data.slice(4, head), 2);
  const bytes = Uint8Array.from({ length: count }, (_, i) => Number.parseInt(data.slice(head + i * 8, head + i * 8 + 8), 2));
  return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), version, mask };
}

test("every length that a code takes is read again, in every version", () => {
  const versions = new Set<number>(), masks = new Set<number>();
  for (let length = 0; length <= 213; length++) {
    const text = Array.from({ length }, (_, i) => String.fromCharCode(33 + ((i * 7 + length * 13) % 94))).join(""), code = qr(text);
    if (!code) throw new Error(`no code of ${length} bytes`);
    const found = read(code);
    expect(found.text).toBe(text);
    versions.add(found.version);
    masks.add(found.mask);
  }
  expect([...versions]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(masks.size).toBe(8);
});

test("a text that is too long has no code, and letters count by their bytes", () => {
  expect(qr("x".repeat(214))).toBeUndefined();
  expect(qr("医".repeat(72))).toBeUndefined();
  expect(read(qr("医生请看") as Code).text).toBe("医生请看");
});

test("a module that is other than drawn is found by the test's reader", () => {
  const code = qr("https://example.org/#/shared/x") as Code;
  const found = Array.from({ length: code.size ** 2 }, (_, i) => i).filter((i) => {
    const modules = code.modules.slice();
    modules[i] = 1 - (modules[i] ?? 0);
    try {
      read({ size: code.size, modules });
      return false;
    } catch {
      return true;
    }
  });
  expect(found.length / code.size ** 2).toBeGreaterThan(0.85); // timing, separators and one alignment pattern are not looked at
});
