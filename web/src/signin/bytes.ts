// Bytes, as the node's JSON and WebCrypto want them.

export type Bytes = Uint8Array<ArrayBuffer>;

// Ask posts a body to a path below /api/v1 and returns the answer's JSON. What it
// throws is passed on.
export type Ask = (path: string, body?: unknown) => Promise<unknown>;

// Reason is why a ceremony ended in the page: each has words of its own there.
export type Reason =
  | "cancelled" // the person, or their device, said no or took too long
  | "unsupported" // this browser cannot
  | "address" // passkeys need this page under another address
  | "already" // this device has a passkey of the account
  | "phrase" // what was typed is no phrase: a letter is wrong or missing
  | "wallet" // the wallet failed, or answered what no wallet does
  | "locked"; // the key that is kept cannot be opened with this

// SignInError is a ceremony that did not come to the node, or back from it.
export class SignInError extends Error {
  readonly reason: Reason;

  constructor(reason: Reason) {
    super(reason);
    this.reason = reason;
  }
}

const encoder = new TextEncoder();

export function utf8(text: string): Bytes {
  return encoder.encode(text);
}

export function concat(...parts: readonly Bytes[]): Bytes {
  const out = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

// toBase64 is standard base 64 with padding, as the node writes bytes in JSON.
export function toBase64(bytes: ArrayBuffer | Bytes): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)));
}

export function fromBase64(text: string): Bytes {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}

// fromBase64url is that of JSON Web Keys (RFC 7515 §2).
export function fromBase64url(text: string): Bytes {
  return fromBase64(text.replaceAll("-", "+").replaceAll("_", "/"));
}

export function toHex(bytes: Bytes): string {
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

export function fromHex(text: string): Bytes {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

// The node's answers are read by these: what is not as it should be is an error of the
// program, not of the person.

type Fields = Readonly<Record<string, unknown>>;

export function fields(answer: unknown): Fields {
  if (typeof answer !== "object" || answer === null) throw new TypeError("the node's answer is no object");
  return answer as Fields;
}

export function text(from: Fields, name: string): string {
  const value = from[name];
  if (typeof value !== "string") throw new TypeError(`the node's answer has no text "${name}"`);
  return value;
}

export function list(from: Fields, name: string): readonly unknown[] {
  const value = from[name];
  if (!Array.isArray(value)) throw new TypeError(`the node's answer has no list "${name}"`);
  return value;
}
