// QR codes (ISO/IEC 18004): bytes, versions 1 to 10, error correction level M.

// Code is a square of modules; dark is 1.
export type Code = { size: number; modules: Uint8Array };

// By version from 1 on (Table 9): codewords in all, blocks, and error correction codewords
// of each block.
const totals = [26, 44, 70, 100, 134, 172, 196, 242, 292, 346];
const blockCounts = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5];
const corrections = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26];
// Rows and columns of the centres of alignment patterns (Annex E).
const alignments = [[], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34], [6, 22, 38], [6, 24, 42], [6, 26, 46], [6, 28, 50]];

// qr returns the code of a text; undefined if it is longer than a code takes, 213 bytes.
export function qr(text: string): Code | undefined {
  const bytes = new TextEncoder().encode(text);
  for (let version = 1; version <= totals.length; version++) {
    const room = dataCodewords(version) * 8, head = 4 + (version < 10 ? 8 : 16);
    if (head + bytes.length * 8 > room) continue;
    return best(version, interleaved(version, dataOf(bytes, version, room / 8)));
  }
  return undefined;
}

const dataCodewords = (version: number): number => (totals[version - 1] ?? 0) - (blockCounts[version - 1] ?? 0) * (corrections[version - 1] ?? 0);

// dataOf writes mode, count, bytes, terminator and padding (7.4).
function dataOf(bytes: Uint8Array, version: number, length: number): Uint8Array {
  const out = new Uint8Array(length);
  let at = 0;
  const write = (value: number, bits: number): void => {
    for (let i = bits - 1; i >= 0; i--, at++) out[at >> 3] = (out[at >> 3] ?? 0) | (((value >> i) & 1) << (7 - (at & 7)));
  };
  write(0b0100, 4);
  write(bytes.length, version < 10 ? 8 : 16);
  for (const byte of bytes) write(byte, 8);
  at = Math.min(length * 8, at + 4);
  for (let i = Math.ceil(at / 8), pad = 0xec; i < length; i++, pad ^= 0xec ^ 0x11) out[i] = pad;
  return out;
}

// times multiplies in GF(256) of x^8+x^4+x^3+x^2+1.
function times(a: number, b: number): number {
  let product = 0;
  for (let i = 7; i >= 0; i--) product = (product << 1) ^ ((product >> 7) * 0x11d) ^ (((b >> i) & 1) * a);
  return product;
}

// generator are the coefficients of the product of (x - 2^i), without the leading one.
function generator(degree: number): Uint8Array {
  const out = new Uint8Array(degree);
  out[degree - 1] = 1;
  for (let i = 0, root = 1; i < degree; i++, root = times(root, 2)) {
    for (let k = 0; k < degree; k++) out[k] = times(out[k] ?? 0, root) ^ (out[k + 1] ?? 0);
  }
  return out;
}

// remainder is the error correction of a block (7.5.2).
function remainder(block: Uint8Array, by: Uint8Array): Uint8Array {
  const out = new Uint8Array(by.length);
  for (const byte of block) {
    const factor = byte ^ (out[0] ?? 0);
    out.copyWithin(0, 1);
    out[out.length - 1] = 0;
    for (let i = 0; i < out.length; i++) out[i] = (out[i] ?? 0) ^ times(by[i] ?? 0, factor);
  }
  return out;
}

// interleaved puts the codewords of all blocks in their order (7.6). The last blocks have
// one data codeword more, where they cannot all have as many.
function interleaved(version: number, data: Uint8Array): Uint8Array {
  const count = blockCounts[version - 1] ?? 1, by = generator(corrections[version - 1] ?? 0), short = Math.floor(data.length / count), long = data.length % count;
  const blocks: Uint8Array[] = [];
  for (let i = 0, at = 0; i < count; i++) blocks.push(data.subarray(at, (at += short + Number(i >= count - long))));
  const out: number[] = [];
  for (let k = 0; k <= short; k++) for (const block of blocks) if (k < block.length) out.push(block[k] ?? 0);
  const extra = blocks.map((block) => remainder(block, by));
  for (let k = 0; k < by.length; k++) for (const one of extra) out.push(one[k] ?? 0);
  return Uint8Array.from(out);
}

// best draws the code with each mask and returns the one of least penalty (7.8).
function best(version: number, codewords: Uint8Array): Code {
  let found: Code | undefined, least = Number.POSITIVE_INFINITY;
  for (let mask = 0; mask < masks.length; mask++) {
    const code = new Drawing(version, mask).code(codewords), cost = penalty(code);
    if (cost < least) [found, least] = [code, cost];
  }
  return found as Code; // there are eight masks
}

// Data masks (Table 10), of row and column.
const masks: readonly ((r: number, c: number) => boolean)[] = [
  (r, c) => (r + c) % 2 === 0, (r) => r % 2 === 0, (_, c) => c % 3 === 0, (r, c) => (r + c) % 3 === 0,
  (r, c) => (Math.floor(r / 2) + Math.floor(c / 3)) % 2 === 0, (r, c) => ((r * c) % 2) + ((r * c) % 3) === 0,
  (r, c) => (((r * c) % 2) + ((r * c) % 3)) % 2 === 0, (r, c) => (((r + c) % 2) + ((r * c) % 3)) % 2 === 0,
];

// checked appends the check bits of a BCH code to a value (Annexes C and D).
function checked(value: number, bits: number, polynomial: number): number {
  let rest = value << bits;
  for (let i = 31 - Math.clz32(rest); i >= bits; i = 31 - Math.clz32(rest)) rest ^= polynomial << (i - bits);
  return (value << bits) | rest;
}

class Drawing {
  private readonly size: number;
  private readonly modules: Uint8Array;
  private readonly taken: Uint8Array; // by what is no data

  constructor(version: number, private readonly mask: number) {
    this.size = 17 + 4 * version;
    this.modules = new Uint8Array(this.size ** 2);
    this.taken = new Uint8Array(this.size ** 2);
    this.patterns(alignments[version - 1] ?? []);
    this.format();
    if (version >= 7) this.version(checked(version, 12, 0x1f25));
  }

  private set(r: number, c: number, dark: boolean): void {
    if (r < 0 || c < 0 || r >= this.size || c >= this.size) return;
    this.modules[r * this.size + c] = Number(dark);
    this.taken[r * this.size + c] = 1;
  }

  // square draws rings around a centre, light where the distance is one of some.
  private square(r: number, c: number, reach: number, light: readonly number[]): void {
    for (let y = -reach; y <= reach; y++) for (let x = -reach; x <= reach; x++) this.set(r + y, c + x, !light.includes(Math.max(Math.abs(x), Math.abs(y))));
  }

  private patterns(centres: readonly number[]): void {
    const last = this.size - 7;
    for (let i = 0; i < this.size; i++) {
      this.set(6, i, i % 2 === 0);
      this.set(i, 6, i % 2 === 0);
    }
    for (const [r, c] of [[3, 3], [3, last + 3], [last + 3, 3]] as const) this.square(r, c, 4, [2, 4]);
    for (const r of centres) {
      for (const c of centres) {
        const corner = (r === 6 && c === 6) || (r === 6 && c === last) || (r === last && c === 6);
        if (!corner) this.square(r, c, 2, [1]);
      }
    }
  }

  // format draws level and mask twice (7.9); level M is 00.
  private format(): void {
    const bits = checked(this.mask, 10, 0x537) ^ 0x5412, bit = (i: number): boolean => ((bits >> i) & 1) === 1;
    for (let i = 0; i < 8; i++) {
      this.set(i < 6 ? i : i + 1, 8, bit(i));
      this.set(8, this.size - 1 - i, bit(i));
    }
    for (let i = 8; i < 15; i++) {
      this.set(8, i === 8 ? 7 : 14 - i, bit(i));
      this.set(this.size - 15 + i, 8, bit(i));
    }
    this.set(this.size - 8, 8, true);
  }

  // version draws the version twice (7.10).
  private version(bits: number): void {
    for (let i = 0; i < 18; i++) {
      const far = this.size - 11 + (i % 3), near = Math.floor(i / 3), dark = ((bits >> i) & 1) === 1;
      this.set(near, far, dark);
      this.set(far, near, dark);
    }
  }

  // code places the codewords in columns of two, from the right, up and down (7.7.3).
  code(codewords: Uint8Array): Code {
    const { size, modules, taken } = this, masked = masks[this.mask];
    let at = 0, up = true;
    for (let right = size - 1; right > 0; right -= 2, up = !up) {
      if (right === 6) right--;
      for (let i = 0; i < size; i++) {
        for (const c of [right, right - 1]) {
          const r = up ? size - 1 - i : i;
          if (taken[r * size + c]) continue;
          const bit = ((codewords[at >> 3] ?? 0) >> (7 - (at & 7))) & 1; // bits that remain are light
          at++;
          modules[r * size + c] = bit ^ Number(masked?.(r, c) ?? false);
        }
      }
    }
    return { size, modules };
  }
}

const finder = ["10111010000", "00001011101"]; // light modules on one side of it

// penalty rates a masked code (7.8.3): long runs, blocks, what looks like a finder
// pattern, and how far it is from half dark.
export function penalty({ size, modules }: Code): number {
  let cost = 0, dark = 0;
  const at = (r: number, c: number): number => modules[r * size + c] ?? 0;
  for (let i = 0; i < size; i++) {
    for (const line of [Array.from({ length: size }, (_, k) => at(i, k)).join(""), Array.from({ length: size }, (_, k) => at(k, i)).join("")]) {
      for (const [run] of line.matchAll(/0{5,}|1{5,}/g)) cost += run.length - 2;
      for (let k = 0; k + 11 <= size; k++) if (finder.includes(line.slice(k, k + 11))) cost += 40;
    }
    for (let k = 0; k < size; k++) {
      dark += at(i, k);
      if (i > 0 && k > 0 && at(i, k) === at(i - 1, k) && at(i, k) === at(i, k - 1) && at(i, k) === at(i - 1, k - 1)) cost += 3;
    }
  }
  return cost + 10 * Math.floor(Math.abs((100 * dark) / size ** 2 - 50) / 5);
}
