import { describe, expect, test } from "vitest";

import { fromHex, toBase64, toHex, utf8 } from "./bytes";
import { alsoUnder, newPersonKey, openPersonKey, underOf } from "./personkey";
import { addPhrase, newPhrase, phraseKey, readPhrase, signInByPhrase, writePhrase } from "./phrase";
import { value, vectors } from "./vectors.test.data";

// opens says whether a person key is the one of these bytes, by what it encrypts.
async function opens(key: CryptoKey, bytes: string): Promise<boolean> {
  const iv = new Uint8Array(12);
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, utf8("whose is this?"));
  const known = await crypto.subtle.importKey("raw", fromHex(bytes), "AES-GCM", false, ["decrypt"]);
  return crypto.subtle.decrypt({ name: "AES-GCM", iv }, known, sealed).then(() => true, () => false);
}

describe("the vectors of phrases", () => {
  const all = vectors("phrase");
  for (const v of all.filter((v) => v.of["phrase"] !== undefined && v.expect === "success")) {
    test(v.name, async () => {
      const phrase = value(v, "phrase");
      expect(await writePhrase(fromHex(value(v, "secret")))).toBe(phrase);
      expect(toHex(await readPhrase(` ${phrase.toLowerCase().replaceAll("-", " ").replaceAll("0", "o")}\n`))).toBe(value(v, "secret"));
      const key = await phraseKey(phrase);
      expect(toHex(key.public)).toBe(value(v, "public"));
      expect(toHex(await key.sign("sinso/phrase-sign-in/v1", value(v, "origin"), value(v, "nonce")))).toBe(value(v, "signIn"));
      expect(toHex(await key.sign("sinso/phrase-add/v1", value(v, "origin"), value(v, "nonce")))).toBe(value(v, "add"));
      const opened = await openPersonKey({ wrapped: fromHex(value(v, "wrapped")), under: key.under });
      expect(await opens(opened, value(v, "personKey"))).toBe(true);
    });
  }
  for (const v of all.filter((v) => v.expect === "invalid")) {
    test(`refused: ${v.name}`, async () => {
      await expect(readPhrase(value(v, "phrase"))).rejects.toMatchObject({ reason: "phrase" });
    });
  }
  for (const v of all.filter((v) => v.of["prf"] !== undefined)) {
    test(v.name, async () => {
      const under = await underOf(fromHex(value(v, "prf")), "sinso/prf-wrap/v1");
      expect(await opens(await openPersonKey({ wrapped: fromHex(value(v, "wrapped")), under }), value(v, "personKey"))).toBe(true);
    });
  }
});

test("every letter of a phrase that is wrong is noticed", async () => {
  const phrase = await newPhrase();
  expect(phrase).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){8}[0-9A-HJKMNP-TV-Z]{4}$/);
  for (let i = 0; i < phrase.length; i++) {
    if (phrase[i] === "-") continue;
    const wrong = phrase.slice(0, i) + (phrase[i] === "7" ? "8" : "7") + phrase.slice(i + 1);
    await expect(readPhrase(wrong), wrong).rejects.toMatchObject({ reason: "phrase" });
  }
  expect(await newPhrase()).not.toBe(phrase);
});

test("a person key is the same under every key it was wrapped by, and cannot be read", async () => {
  const first = await underOf(crypto.getRandomValues(new Uint8Array(32)), "sinso/prf-wrap/v1");
  const second = await underOf(crypto.getRandomValues(new Uint8Array(32)), "sinso/phrase-wrap/v1");
  const locked = await newPersonKey(first);
  const also = await alsoUnder(locked, second);
  const [one, other] = [await openPersonKey(locked), await openPersonKey(also)];
  const iv = new Uint8Array(12);
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, one, utf8("mine"));
  expect(new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, other, sealed))).toBe("mine");
  for (const key of [one, other]) {
    expect(key.extractable).toBe(false);
    await expect(crypto.subtle.exportKey("raw", key)).rejects.toThrow();
  }
  await expect(openPersonKey({ wrapped: locked.wrapped, under: second })).rejects.toMatchObject({ reason: "locked" });
  const changed = locked.wrapped.slice();
  changed[7] = (changed[7] ?? 0) ^ 1;
  await expect(openPersonKey({ wrapped: changed, under: first })).rejects.toMatchObject({ reason: "locked" });
  await expect(openPersonKey({ wrapped: locked.wrapped.slice(1), under: first })).rejects.toMatchObject({ reason: "locked" });
});

test("a secret is wiped when its key is made", async () => {
  const secret = crypto.getRandomValues(new Uint8Array(32));
  await underOf(secret, "sinso/prf-wrap/v1");
  expect(secret.every((b) => b === 0)).toBe(true);
});

test("a phrase signs for this page's origin, and never leaves it", async () => {
  Object.defineProperty(globalThis, "location", { value: new URL("https://node.example/"), configurable: true });
  const phrase = await newPhrase();
  const sent: [string, unknown][] = [];
  const locked = { wrapped: "" };
  const ask = async (path: string, body?: unknown) => {
    sent.push([path, body]);
    if (path.endsWith("challenge")) return { nonce: "n0nce123", origin: "https://evil.example" };
    return { credential: { wrapped: locked.wrapped } };
  };
  locked.wrapped = toBase64((await addPhrase(ask, phrase, "drawer", "fresh"))!.wrapped);
  const { locked: back } = await signInByPhrase(ask, phrase);
  expect(await openPersonKey(back!)).toBeInstanceOf(CryptoKey);
  expect(sent.map(([path]) => path)).toEqual([
    "credentials/phrase/challenge", "credentials/phrase", "session/phrase/challenge", "session/phrase",
  ]);
  const key = await phraseKey(phrase);
  expect(sent[3]?.[1]).toEqual({
    nonce: "n0nce123", public: toBase64(key.public), signature: toBase64(await key.sign("sinso/phrase-sign-in/v1", "https://node.example", "n0nce123")),
  });
  const all = JSON.stringify(sent);
  expect(all).not.toContain(phrase.slice(0, 9));
  expect(all).not.toContain(toBase64(await readPhrase(phrase)));
});
