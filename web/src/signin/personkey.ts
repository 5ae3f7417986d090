// The person key: 32 random bytes that the node keeps wrapped, once for each passkey or
// phrase that can open it (docs/formats.md, "Ways to sign in"). Its bytes are never in
// JavaScript: it is made, wrapped and opened inside WebCrypto.
import { type Bytes, SignInError, concat, utf8 } from "./bytes";

const version = 1;
const wrappedBytes = 41; // version, and AES-KW of 32 bytes (RFC 3394)

// Locked is the person key as it is kept, with the key that opens it.
export type Locked = { readonly wrapped: Bytes; readonly under: CryptoKey };

// Label says what a wrapping key is made of.
export type Label = "sinso/prf-wrap/v1" | "sinso/phrase-wrap/v1";

const personKey = { name: "AES-GCM", length: 256 } as const;
const uses: KeyUsage[] = ["encrypt", "decrypt"];

// underOf makes the wrapping key of a secret, and wipes the secret.
export async function underOf(secret: Bytes, label: Label): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  secret.fill(0);
  return crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: utf8(label) },
    material, { name: "AES-KW", length: 256 }, false, ["wrapKey", "unwrapKey"],
  );
}

// newPersonKey makes a fresh one. It is kept once `wrapped` is with the node.
export async function newPersonKey(under: CryptoKey): Promise<Locked> {
  return wrap(await crypto.subtle.generateKey(personKey, true, uses), under);
}

// alsoUnder wraps a person key once more, for another passkey or phrase.
export async function alsoUnder(locked: Locked, under: CryptoKey): Promise<Locked> {
  return wrap(await unwrap(locked, true), under);
}

// openPersonKey opens it for use: what WebCrypto gives out can encrypt and decrypt, and
// cannot be read.
export async function openPersonKey(locked: Locked): Promise<CryptoKey> {
  return unwrap(locked, false);
}

async function wrap(key: CryptoKey, under: CryptoKey): Promise<Locked> {
  const wrapped = new Uint8Array(await crypto.subtle.wrapKey("raw", key, under, "AES-KW"));
  return { wrapped: concat(Uint8Array.of(version), wrapped), under };
}

async function unwrap({ wrapped, under }: Locked, extractable: boolean): Promise<CryptoKey> {
  if (wrapped.length !== wrappedBytes || wrapped[0] !== version) throw new SignInError("locked");
  try {
    return await crypto.subtle.unwrapKey("raw", wrapped.slice(1), under, "AES-KW", personKey, extractable, uses);
  } catch {
    throw new SignInError("locked");
  }
}
