// A wallet's key for the tests: secp256k1 (SEC 2 §2.4.1) with the signatures of Ethereum
// (EIP-191). It is slow and leaks its timing: it signs nothing but what tests make.
import { createCipheriv, randomBytes, randomUUID, scryptSync } from "node:crypto";

const p = 2n ** 256n - 2n ** 32n - 977n;
const n = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const g: Point = [0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n, 0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8n];

type Point = readonly [bigint, bigint];

const mod = (a: bigint, m: bigint): bigint => ((a % m) + m) % m;

function power(base: bigint, exponent: bigint, m: bigint): bigint {
  let out = 1n;
  for (let b = mod(base, m), e = exponent; e > 0n; e >>= 1n, b = (b * b) % m) if (e & 1n) out = (out * b) % m;
  return out;
}

const inverse = (a: bigint, m: bigint): bigint => power(a, m - 2n, m); // m is prime

function add(a: Point | null, b: Point | null): Point | null {
  if (!a || !b) return a ?? b;
  if (a[0] === b[0] && a[1] !== b[1]) return null;
  const slope = a[0] === b[0] ? 3n * a[0] * a[0] * inverse(2n * a[1], p) : (b[1] - a[1]) * inverse(b[0] - a[0], p);
  const x = mod(slope * slope - a[0] - b[0], p);
  return [x, mod(slope * (a[0] - x) - a[1], p)];
}

function times(k: bigint): Point {
  let out: Point | null = null;
  let at: Point | null = g;
  for (let e = k; e > 0n; e >>= 1n, at = add(at, at)) if (e & 1n) out = add(out, at);
  if (!out) throw new Error("a multiple of the group's order");
  return out;
}

const hex = (v: bigint): string => v.toString(16).padStart(64, "0");

// keccak256 is that of Ethereum: Keccak before FIPS 202 gave it another padding.
export function keccak256(data: Uint8Array): bigint {
  const rate = 136;
  const padded = new Uint8Array(Math.ceil((data.length + 1) / rate) * rate);
  padded.set(data);
  padded[data.length] = 0x01;
  padded[padded.length - 1]! |= 0x80;
  const state = new BigUint64Array(25);
  const words = new DataView(padded.buffer);
  for (let at = 0; at < padded.length; at += rate) {
    for (let i = 0; i < rate / 8; i++) state[i]! ^= words.getBigUint64(at + i * 8, true);
    permute(state);
  }
  const out = new DataView(new ArrayBuffer(32));
  for (let i = 0; i < 4; i++) out.setBigUint64(i * 8, state[i]!, true);
  return BigInt(`0x${Buffer.from(out.buffer).toString("hex")}`);
}

const turn = (v: bigint, by: number): bigint => BigInt.asUintN(64, (v << BigInt(by)) | (v >> BigInt(64 - by)));

// permute is Keccak-f[1600] (FIPS 202 §3.2). The rounds' constants come from their shift register.
function permute(a: BigUint64Array): void {
  let register = 1;
  for (let round = 0; round < 24; round++) {
    const c = Array.from({ length: 5 }, (_, x) => a[x]! ^ a[x + 5]! ^ a[x + 10]! ^ a[x + 15]! ^ a[x + 20]!);
    for (let i = 0; i < 25; i++) a[i]! ^= c[(i + 4) % 5]! ^ turn(c[(i + 1) % 5]!, 1);
    let [x, y, held] = [1, 0, a[1]!];
    for (let t = 0; t < 24; t++) {
      [x, y] = [y, (2 * x + 3 * y) % 5];
      const next = a[x + 5 * y]!;
      a[x + 5 * y] = turn(held, (((t + 1) * (t + 2)) / 2) % 64);
      held = next;
    }
    for (let row = 0; row < 25; row += 5) {
      const of = a.slice(row, row + 5);
      for (let i = 0; i < 5; i++) a[row + i] = of[i]! ^ (~of[(i + 1) % 5]! & of[(i + 2) % 5]!);
    }
    for (let j = 0; j < 7; j++) {
      if (register & 1) a[0]! ^= 1n << BigInt(2 ** j - 1);
      register = register & 0x80 ? (register << 1) ^ 0x171 : register << 1;
    }
  }
}

// Purse is an account, and what signs for it. keystore is its key, encrypted (Web3 Secret Storage 3).
export type Purse = {
  readonly address: string;
  readonly sign: (message: Uint8Array) => string;
  readonly transaction: (of: Transaction) => string;
  readonly keystore: (passphrase: string) => string;
};

// Transaction is a legacy one, for one chain (EIP-155).
export type Transaction = { chainId: bigint; nonce: bigint; gasPrice: bigint; gas: bigint; to: string; value: bigint; data: string };

const random = (): bigint => mod(BigInt(`0x${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("hex")}`), n - 1n) + 1n;

export function newPurse(): Purse {
  const secret = random();
  const [x, y] = times(secret);
  const address = `0x${hex(keccak256(Buffer.from(hex(x) + hex(y), "hex"))).slice(24)}`;
  return { address, sign: (message) => sign(secret, message), transaction: (of) => transaction(secret, of), keystore: (passphrase) => keystore(secret, address, passphrase) };
}

// sign is personal_sign: r, s in the lower half of the order, and v.
function sign(secret: bigint, message: Uint8Array): string {
  const { r, s, odd } = signed(secret, keccak256(Buffer.concat([Buffer.from(`\x19Ethereum Signed Message:\n${message.length}`), message])));
  return `0x${hex(r)}${hex(s)}${odd ? "1c" : "1b"}`;
}

const bytesOf = (text: string): Buffer => Buffer.from(text.slice(2), "hex");
const whole = (v: bigint): Buffer => (v === 0n ? Buffer.alloc(0) : Buffer.from(v.toString(16).padStart(v.toString(16).length + (v.toString(16).length % 2), "0"), "hex"));

// rlp writes a text of bytes, or a list of them (Yellow Paper, appendix B).
function rlp(of: Buffer | readonly Buffer[]): Buffer {
  const body = Buffer.isBuffer(of) ? of : Buffer.concat(of.map((one) => rlp(one))), base = Buffer.isBuffer(of) ? 0x80 : 0xc0;
  if (Buffer.isBuffer(of) && of.length === 1 && of[0]! < 0x80) return of;
  if (body.length < 56) return Buffer.concat([Buffer.from([base + body.length]), body]);
  const length = whole(BigInt(body.length));
  return Buffer.concat([Buffer.from([base + 55 + length.length]), length, body]);
}

// transaction signs one, as eth_sendRawTransaction takes it.
function transaction(secret: bigint, { chainId, nonce, gasPrice, gas, to, value, data }: Transaction): string {
  const fields = [whole(nonce), whole(gasPrice), whole(gas), bytesOf(to), whole(value), bytesOf(data)];
  const { r, s, odd } = signed(secret, keccak256(rlp([...fields, whole(chainId), whole(0n), whole(0n)])));
  return `0x${rlp([...fields, whole(chainId * 2n + (odd ? 36n : 35n)), whole(r), whole(s)]).toString("hex")}`;
}

// hashOf names a transaction that is signed.
export const hashOf = (raw: string): string => `0x${hex(keccak256(bytesOf(raw)))}`;

// keystore encrypts a key as go-ethereum does, with little work: it guards play money.
function keystore(secret: bigint, address: string, passphrase: string): string {
  const salt = randomBytes(32), iv = randomBytes(16), n = 4096;
  const key = scryptSync(passphrase, salt, 32, { N: n, r: 8, p: 1 }), cipher = createCipheriv("aes-128-ctr", key.subarray(0, 16), iv);
  const sealed = Buffer.concat([cipher.update(Buffer.from(hex(secret), "hex")), cipher.final()]);
  return JSON.stringify({ version: 3, id: randomUUID(), address: address.slice(2), crypto: {
    cipher: "aes-128-ctr", ciphertext: sealed.toString("hex"), cipherparams: { iv: iv.toString("hex") },
    kdf: "scrypt", kdfparams: { dklen: 32, n, r: 8, p: 1, salt: salt.toString("hex") }, mac: hex(keccak256(Buffer.concat([key.subarray(16), sealed]))),
  } });
}

// signed is ECDSA over a digest (SEC 1 §4.1.3), with s in the lower half; odd is the parity of the point's y then.
function signed(secret: bigint, digest: bigint): { r: bigint; s: bigint; odd: boolean } {
  const k = random();
  const [x, y] = times(k);
  const r = mod(x, n);
  const s = mod(inverse(k, n) * (digest + r * secret), n);
  const low = s <= n / 2n;
  return { r, s: low ? s : n - s, odd: ((y & 1n) === 1n) === low };
}
