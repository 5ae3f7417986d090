// A recovery phrase: 160 random bits that a person writes down. It signs in, and opens
// the person key, where every device is lost. It never leaves the page
// (docs/formats.md, "Ways to sign in").
import { type Ask, type Bytes, SignInError, concat, fields, fromBase64, fromBase64url, fromHex, text, toBase64, utf8 } from "./bytes";
import { type Locked, alsoUnder, newPersonKey, underOf } from "./personkey";

const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford's base 32
const secretBytes = 20;
const secretDigits = 32;
const allDigits = 36; // with four of check

// newPhrase makes a phrase: nine groups of four.
export async function newPhrase(): Promise<string> {
  return writePhrase(crypto.getRandomValues(new Uint8Array(secretBytes)));
}

export async function writePhrase(secret: Bytes): Promise<string> {
  const bits = concat(secret, await check(secret));
  let out = "";
  for (let i = 0; i < allDigits; i++) {
    const at = i * 5;
    const pair = ((bits[at >> 3] ?? 0) << 8) | (bits[(at >> 3) + 1] ?? 0);
    if (i > 0 && i % 4 === 0) out += "-";
    out += digits[(pair >> (11 - (at & 7))) & 31];
  }
  return out;
}

// readPhrase returns the secret of what a person typed: in either case, with O for 0 and
// I or L for 1, and with whatever stands between the groups. A wrong or missing letter
// is an error.
export async function readPhrase(typed: string): Promise<Bytes> {
  const plain = plainly(typed);
  if (plain.length !== allDigits) throw new SignInError("phrase");
  const secret = new Uint8Array(secretBytes);
  let held = 0;
  let bits = 0;
  let at = 0;
  for (const c of plain.slice(0, secretDigits)) {
    const value = digits.indexOf(c);
    if (value < 0) throw new SignInError("phrase");
    held = ((held << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      secret[at++] = held >> bits;
    }
  }
  if ((await writePhrase(secret)).replaceAll("-", "") !== plain) throw new SignInError("phrase");
  return secret;
}

// plainly writes what was typed as a phrase has it: what differs then is another letter.
export function plainly(typed: string): string {
  return typed.toUpperCase().replace(/[\s\-\u2010-\u2015]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1");
}

async function check(secret: Bytes): Promise<Bytes> {
  const sum = await crypto.subtle.digest("SHA-256", concat(utf8("sinso/phrase-check/v1"), secret));
  return new Uint8Array(sum).slice(0, 4);
}

// PhraseKey is what a phrase can do: sign, and open the person key.
export type PhraseKey = {
  readonly public: Bytes; // Ed25519
  readonly under: CryptoKey;
  readonly sign: (purpose: Purpose, origin: string, nonce: string) => Promise<Bytes>;
};

export type Purpose = "sinso/phrase-sign-in/v1" | "sinso/phrase-add/v1";

// what stands before the 32 bytes of a seed in PKCS #8 (RFC 8410 §7)
const pkcs8 = fromHex("302e020100300506032b657004220420");

// phraseKey makes the keys of a phrase.
export async function phraseKey(typed: string): Promise<PhraseKey> {
  const secret = await readPhrase(typed);
  const material = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  const seed = new Uint8Array(await crypto.subtle.deriveBits(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: utf8("sinso/phrase-sign/v1") }, material, 256,
  ));
  const encoded = concat(pkcs8, seed);
  let publicKey: Bytes;
  let key: CryptoKey;
  try {
    // WebCrypto tells the public half of a key that it may give out alone.
    const open = await crypto.subtle.importKey("pkcs8", encoded, "Ed25519", true, ["sign"]);
    publicKey = fromBase64url((await crypto.subtle.exportKey("jwk", open)).x ?? "");
    key = await crypto.subtle.importKey("pkcs8", encoded, "Ed25519", false, ["sign"]);
  } catch {
    throw new SignInError("unsupported");
  } finally {
    seed.fill(0);
    encoded.fill(0);
  }
  return {
    public: publicKey,
    under: await underOf(secret, "sinso/phrase-wrap/v1"),
    sign: async (purpose, origin, nonce) =>
      new Uint8Array(await crypto.subtle.sign("Ed25519", key, utf8(`${purpose}\n${origin}\n${nonce}`))),
  };
}

// addPhrase lets a phrase sign in from now on. The person key that it keeps is that of
// `from`; "fresh" makes one, for who has none yet; without either it keeps none. Show the
// phrase first, and have a part of it typed again.
export async function addPhrase(ask: Ask, phrase: string, label: string, from?: Locked | "fresh"): Promise<Locked | undefined> {
  const key = await phraseKey(phrase);
  const locked = from && await (from === "fresh" ? newPersonKey(key.under) : alsoUnder(from, key.under));
  const answer = await answerOf(ask, "credentials", "sinso/phrase-add/v1", key);
  await ask("credentials/phrase", { ...answer, label, ...(locked && { wrapped: toBase64(locked.wrapped) }) });
  return locked;
}

// signInByPhrase signs in, and returns the node's answer, and the person key that the
// phrase keeps, if it keeps one.
export async function signInByPhrase(ask: Ask, typed: string): Promise<{ answer: unknown; locked?: Locked }> {
  const key = await phraseKey(typed);
  const answer = await ask("session/phrase", await answerOf(ask, "session", "sinso/phrase-sign-in/v1", key));
  const { wrapped } = fields(fields(answer)["credential"]);
  return typeof wrapped === "string" ? { answer, locked: { wrapped: fromBase64(wrapped), under: key.under } } : { answer };
}

async function answerOf(ask: Ask, base: "session" | "credentials", purpose: Purpose, key: PhraseKey) {
  const challenge = fields(await ask(`${base}/phrase/challenge`));
  const nonce = text(challenge, "nonce");
  // The origin is the page's own, not the node's word for it: what another site has
  // signed is not good here.
  const signature = await key.sign(purpose, location.origin, nonce);
  return { nonce, public: toBase64(key.public), signature: toBase64(signature) };
}
