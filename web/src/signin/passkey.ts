// Passkeys (WebAuthn): made while signed in, then sign in without a name. Where the
// authenticator can make a secret for the page (extension prf), the passkey keeps the
// person key too.
import { type Ask, type Bytes, SignInError, fields, fromBase64, list, text, toBase64, utf8 } from "./bytes";
import { type Locked, alsoUnder, newPersonKey, openPersonKey, underOf } from "./personkey";

const prfInput = utf8("sinso/prf/v1");
const patience = 300_000; // ms: as long as a challenge is good

// passkeysWork says whether passkeys can be used on this page; "address" where they
// could under another one: a name, over https or on this machine.
export function passkeysWork(): true | "unsupported" | "address" {
  if (/^[\d.]+$|^\[/.test(location.hostname) || !isSecureContext) return "address";
  return typeof PublicKeyCredential === "function" ? true : "unsupported";
}

// localhostAddress is where this page is under a name, for who opened it by the
// address of this machine.
export function localhostAddress(at: URL): URL | undefined {
  if (at.hostname !== "127.0.0.1" && at.hostname !== "[::1]") return undefined;
  const to = new URL(at);
  to.hostname = "localhost";
  return to;
}

// Added is a passkey that signs in from now on. Without `locked` it keeps no key: its
// authenticator makes no secrets, or the page that has the key must be opened first.
export type Added = { readonly id: string; readonly locked?: Locked };

// addPasskey makes a passkey on a device of the person's choice. The person key that it
// keeps is that of `from`; "fresh" makes one, for who has none yet; without either it
// keeps none.
export async function addPasskey(ask: Ask, label: string, from?: Locked | "fresh"): Promise<Added> {
  works();
  const challenge = fields(await ask("credentials/passkey/challenge"));
  const id = text(challenge, "site");
  const name = text(challenge, "name");
  const made = await ceremony(() => navigator.credentials.create({
    publicKey: {
      challenge: fromBase64(text(challenge, "challenge")),
      rp: { id, name: "SINSO" },
      user: { id: fromBase64(text(challenge, "handle")), name, displayName: name },
      pubKeyCredParams: list(challenge, "algorithms").map((alg) => ({ type: "public-key", alg: Number(alg) })),
      excludeCredentials: list(challenge, "has").map((has) => ({ type: "public-key", id: fromBase64(String(has)) })),
      authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
      attestation: "none",
      timeout: patience,
      extensions: { prf: { eval: { first: prfInput } } },
    },
  }));
  const response = made.response as AuthenticatorAttestationResponse;
  const { prf } = made.getClientExtensionResults();
  const can = prf?.enabled === true || prf?.results !== undefined;
  const secret = can && from ? secretOf(made) ?? await askSecret(id, made.rawId) : undefined;
  const locked = secret && from ? await lockedBy(secret, from) : undefined;
  const added = fields(await ask("credentials/passkey", {
    client: toBase64(response.clientDataJSON),
    attestation: toBase64(response.attestationObject),
    label,
    prf: can,
    ...(locked && { wrapped: toBase64(locked.wrapped) }),
  }));
  return { id: text(added, "id"), ...(locked && { locked }) };
}

async function lockedBy(secret: Bytes, from: Locked | "fresh"): Promise<Locked> {
  const under = await underOf(secret, "sinso/prf-wrap/v1");
  return from === "fresh" ? newPersonKey(under) : alsoUnder(from, under);
}

// signInByPasskey signs in by a passkey that the person picks, and returns the node's
// answer, and the person key that the passkey keeps, if it does.
export async function signInByPasskey(ask: Ask, signal?: AbortSignal): Promise<{ answer: unknown; locked?: Locked }> {
  works();
  const challenge = fields(await ask("session/passkey/challenge"));
  const used = await get(text(challenge, "site"), fromBase64(text(challenge, "challenge")), [], signal);
  const response = used.response as AuthenticatorAssertionResponse;
  const answer = await ask("session/passkey", {
    id: toBase64(used.rawId),
    client: toBase64(response.clientDataJSON),
    data: toBase64(response.authenticatorData),
    signature: toBase64(response.signature),
    handle: toBase64(response.userHandle ?? new ArrayBuffer()),
  });
  const { wrapped } = fields(fields(answer)["credential"]);
  const secret = secretOf(used);
  if (typeof wrapped !== "string" || !secret) return { answer };
  return { answer, locked: { wrapped: fromBase64(wrapped), under: await underOf(secret, "sinso/prf-wrap/v1") } };
}

// unlock has a passkey that the person picks open one of the wrapped person keys of this
// account, for a page that was loaded anew since the sign-in. The node is not asked.
export async function unlock(wrapped: readonly Bytes[]): Promise<Locked> {
  works();
  const secret = await askSecret(location.hostname);
  if (!secret) throw new SignInError("locked");
  const under = await underOf(secret, "sinso/prf-wrap/v1");
  for (const one of wrapped) {
    const locked = { wrapped: one, under };
    if (await openPersonKey(locked).then(() => true, () => false)) return locked;
  }
  throw new SignInError("locked");
}

// askSecret asks once more: many authenticators make their secret only when a passkey
// is used. What it signs is thrown away. Without an id the person picks the passkey.
async function askSecret(site: string, id?: ArrayBuffer): Promise<Bytes | undefined> {
  return secretOf(await get(site, crypto.getRandomValues(new Uint8Array(32)), id ? [{ type: "public-key", id }] : []));
}

async function get(
  rpId: string, challenge: Bytes, allowCredentials: PublicKeyCredentialDescriptor[], signal?: AbortSignal,
): Promise<PublicKeyCredential> {
  return ceremony(() => navigator.credentials.get({
    publicKey: {
      challenge, rpId, allowCredentials, userVerification: "required", timeout: patience,
      extensions: { prf: { eval: { first: prfInput } } },
    },
    ...(signal && { signal }),
  }));
}

// secretOf is the secret that an authenticator made, of 32 bytes.
function secretOf(of: PublicKeyCredential): Bytes | undefined {
  const first = of.getClientExtensionResults().prf?.results?.first;
  if (!first) return undefined;
  const bytes = first instanceof ArrayBuffer ? new Uint8Array(first) : new Uint8Array(first.buffer, first.byteOffset, first.byteLength);
  return bytes.length === 32 ? new Uint8Array(bytes) : undefined;
}

function works(): void {
  const how = passkeysWork();
  if (how !== true) throw new SignInError(how);
}

// ceremony runs one, and says in one word why it ended.
async function ceremony(run: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  let credential: Credential | null;
  try {
    credential = await run();
  } catch (error) {
    throw new SignInError(reasonOf(error));
  }
  if (!(credential instanceof PublicKeyCredential)) throw new SignInError("unsupported");
  return credential;
}

function reasonOf(error: unknown) {
  switch (error instanceof DOMException ? error.name : "") {
    case "NotAllowedError":
    case "AbortError":
    case "TimeoutError":
      return "cancelled";
    case "InvalidStateError":
      return "already";
    case "SecurityError":
      return "address";
  }
  return "unsupported";
}
