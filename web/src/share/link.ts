// A link that shows something (docs/formats.md, "share"): its secret, and what is
// derived from it. Keys stay in WebCrypto; internal/crypt/sharelink is the same in Go.

export type Bytes = Uint8Array<ArrayBuffer>;

// partBytes are the plain bytes of every part but the manifest, which is part 0.
export const partBytes = 1 << 20;
export const sealedBytes = partBytes + 16;
export const maxParts = 8192;

// ShareError says that a share cannot be sealed or opened: "corrupt" is also one that
// another link sealed, "unsupported" one of a later version.
export class ShareError extends Error {
  readonly kind: "invalid" | "corrupt" | "unsupported";

  constructor(kind: ShareError["kind"], why: string) {
    super(why);
    this.kind = kind;
  }
}

const utf8 = new TextEncoder();
const salt = utf8.encode("sinso/share/v1");
const lengthOfNumber = 4; // bytes of a part's number, big-endian
const zeroNonce: Bytes = new Uint8Array(12); // each key seals one part alone

export function toBase64url(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

// fromBase64url returns the bytes of a text, or undefined: bytes have one text alone.
export function fromBase64url(text: string, length: number): Bytes | undefined {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) return undefined;
  let raw: string;
  try {
    raw = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return undefined;
  }
  const bytes = Uint8Array.from(raw, (c) => c.charCodeAt(0));
  return bytes.length === length && toBase64url(bytes) === text ? bytes : undefined;
}

function base32(bytes: Uint8Array): string {
  const digits = "abcdefghijklmnopqrstuvwxyz234567";
  let text = "";
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += digits[(held >> (bits - 5)) & 31];
    held &= 255; // no more than is left
  }
  return bits > 0 ? text + digits[(held << (5 - bits)) & 31] : text;
}

function numbered(part: number): Bytes {
  const bytes = new Uint8Array(lengthOfNumber);
  new DataView(bytes.buffer).setUint32(0, part);
  return bytes;
}

function joined(...all: Uint8Array[]): Bytes {
  const bytes = new Uint8Array(all.reduce((sum, one) => sum + one.length, 0));
  let at = 0;
  for (const one of all) {
    bytes.set(one, at);
    at += one.length;
  }
  return bytes;
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  let other = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) other |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return other === 0;
}

const hkdf = (info: Bytes): HkdfParams => ({ name: "HKDF", hash: "SHA-256", salt, info });

// PartBuffer is room for one part to be sealed: plain, which may be filled again and
// again, and in front of it the number that is hashed with it.
export class PartBuffer {
  private readonly all: Bytes;

  constructor(size: number) {
    this.all = new Uint8Array(lengthOfNumber + size);
  }

  get plain(): Bytes {
    return this.all.subarray(lengthOfNumber);
  }

  numbered(part: number): Bytes {
    this.all.set(numbered(part));
    return this.all;
  }
}

// Link is the secret of a link. id names the share, verifier is what the node keeps of
// it; both, and the proof, tell nothing of what seals.
export class Link {
  private constructor(
    private readonly secret: string,
    private readonly root: CryptoKey,
    private readonly hashing: CryptoKey,
    readonly id: string,
    private readonly proof: string,
    readonly verifier: string,
  ) {}

  // make draws a new secret.
  static async make(): Promise<Link> {
    return Link.of(crypto.getRandomValues(new Uint8Array(32)));
  }

  // parse reads what stands behind "#/shared/" in a link.
  static async parse(text: string): Promise<Link> {
    const secret = fromBase64url(text, 32);
    if (secret === undefined) throw new ShareError("invalid", "this is no secret of a link");
    return Link.of(secret);
  }

  private static async of(secret: Bytes): Promise<Link> {
    const root = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits", "deriveKey"]);
    const bits = async (info: string, length: number) =>
      new Uint8Array(await crypto.subtle.deriveBits(hkdf(utf8.encode(info)), root, 8 * length));
    const hmac: HmacKeyGenParams = { name: "HMAC", hash: "SHA-256", length: 256 };
    const hashing = await crypto.subtle.deriveKey(hkdf(utf8.encode("synthetic")), root, hmac, false, ["sign"]);
    const proof = await bits("proof", 32);
    const verifier = new Uint8Array(await crypto.subtle.digest("SHA-256", proof));
    const text = toBase64url(secret);
    secret.fill(0);
    return new Link(text, root, hashing, `l_${base32(await bits("id", 16))}`, toBase64url(proof), toBase64url(verifier));
  }

  // address is the link as it is given away. What stands behind # no browser sends.
  address(origin: string): string {
    return `${origin}/#/shared/${this.secret}`;
  }

  // authorization is the header by which the node lets in who has the link; the parts
  // need the opening that the node gave, too.
  authorization(opening?: string): string {
    return `Sinso-Share ${this.proof}${opening === undefined ? "" : `.${opening}`}`;
  }

  // toJSON and toString keep the secret out of messages.
  toJSON(): string {
    return "[link]";
  }

  toString(): string {
    return "[link]";
  }

  // synthetic is the keyed hash of a part's number and plain bytes.
  async synthetic(numberAndPlain: Bytes): Promise<Bytes> {
    return new Uint8Array(await crypto.subtle.sign("HMAC", this.hashing, numberAndPlain));
  }

  // key is that of one part, which its synthetic value names.
  private async key(part: number, synthetic: Uint8Array, use: KeyUsage): Promise<CryptoKey> {
    const info = joined(utf8.encode("part"), numbered(part), synthetic);
    return crypto.subtle.deriveKey(hkdf(info), this.root, { name: "AES-GCM", length: 256 }, false, [use]);
  }

  async seal(part: number, synthetic: Uint8Array, plain: Bytes): Promise<Bytes> {
    const key = await this.key(part, synthetic, "encrypt");
    return new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv: zeroNonce }, key, plain));
  }

  // open throws a ShareError for any part but the one that has this synthetic value.
  async open(part: number, synthetic: Uint8Array, sealed: BufferSource): Promise<Bytes> {
    const key = await this.key(part, synthetic, "decrypt");
    let plain: Bytes | undefined;
    try {
      plain = new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: zeroNonce }, key, sealed));
    } catch {
      plain = undefined; // WebCrypto says no more than that
    }
    if (plain === undefined || !same(await this.synthetic(joined(numbered(part), plain)), synthetic)) {
      throw new ShareError("corrupt", `part ${String(part)} does not open with this link`);
    }
    return plain;
  }
}
