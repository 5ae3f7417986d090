import { beforeEach, expect, test } from "vitest";

import { fromBase64, fromHex } from "./bytes";
import { value, vectors } from "./vectors.test.data";
import { type Wallet, addWallet, findWallets, signInByWallet, writeMessage } from "./wallet";

beforeEach(() => {
  const target = new EventTarget();
  for (const name of ["addEventListener", "removeEventListener", "dispatchEvent"] as const) {
    Object.defineProperty(globalThis, name, { value: target[name].bind(target), configurable: true });
  }
  Object.defineProperty(globalThis, "location", { value: new URL("http://localhost:8480/"), configurable: true });
});

const message = vectors("siwe").find((v) => v.expect === "success")!;

function fieldsOf() {
  const of = (key: string) => value(message, key);
  return {
    domain: of("domain"), address: of("address"), statement: of("statement"), uri: of("uri"), chainId: Number(of("chainId")),
    nonce: of("nonce"), issuedAt: of("issuedAt"), expires: of("expires"),
  };
}

test("a message is written as the node reads it", () => {
  expect(new TextEncoder().encode(writeMessage(fieldsOf()))).toEqual(fromHex(value(message, "message")));
});

type Asked = { method: string; params?: readonly unknown[] };

// wallet is one that answers what it is told to.
function wallet(answers: Record<string, unknown>, asked: Asked[] = []): Wallet {
  return {
    id: "1", name: "Test", provider: {
      request: async (args) => {
        asked.push(args);
        const answer = answers[args.method];
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
  };
}

const good = { eth_requestAccounts: [value(message, "address")], eth_chainId: "0x250", personal_sign: `0x${value(message, "signature")}` };

test("a wallet is asked to sign the node's challenge, with this page's address", async () => {
  const asked: Asked[] = [];
  const sent: [string, unknown][] = [];
  const { domain, uri, ...challenge } = fieldsOf();
  const ask = async (path: string, body?: unknown) => {
    sent.push([path, body]);
    return path.endsWith("challenge") ? { ...challenge, domain: "evil.example", uri: "https://evil.example" } : { done: true };
  };
  expect(await signInByWallet(ask, wallet(good, asked))).toEqual({ done: true });
  expect([domain, uri]).toEqual(["localhost:8480", "http://localhost:8480"]);
  expect(sent[0]).toEqual(["session/wallet/challenge", { chainId: 592, address: value(message, "address").toLowerCase() }]);
  const body = sent[1]?.[1] as { message: string; signature: string };
  expect(body.message).toBe(writeMessage(fieldsOf()));
  expect(fromBase64(body.signature)).toEqual(fromHex(value(message, "signature")));
  expect(asked.map((a) => a.method)).toEqual(["eth_requestAccounts", "eth_chainId", "personal_sign"]);
  expect(asked[2]?.params).toEqual([`0x${value(message, "message")}`, value(message, "address")]);
  await addWallet(ask, wallet(good), "purse");
  expect(sent.slice(2).map(([path]) => path)).toEqual(["credentials/wallet/challenge", "credentials/wallet"]);
  expect(sent[3]?.[1]).toMatchObject({ label: "purse" });
});

test("what no wallet answers is refused, and a no is a no", async () => {
  const { domain: _, uri: __, ...challenge } = fieldsOf();
  const ask = async () => challenge;
  for (const [method, answer, reason] of [
    ["eth_requestAccounts", [], "wallet"], ["eth_requestAccounts", "0x", "wallet"], ["eth_requestAccounts", ["<script>"], "wallet"],
    ["eth_chainId", "0x", "wallet"], ["eth_chainId", undefined, "wallet"], ["personal_sign", "0xzz", "wallet"], ["personal_sign", {}, "wallet"],
    ["personal_sign", Object.assign(new Error("no"), { code: 4001 }), "cancelled"], ["eth_requestAccounts", new Error("broken"), "wallet"],
  ] as const) {
    await expect(signInByWallet(ask, wallet({ ...good, [method]: answer })), method).rejects.toMatchObject({ reason });
  }
});

// announce is what a wallet does when it is asked whether it is there.
function announce(detail: unknown) {
  addEventListener("eip6963:requestProvider", () => {
    dispatchEvent(Object.assign(new Event("eip6963:announceProvider"), { detail }));
  });
}

const provider = { request: async () => null };

test("wallets are found as they announce themselves, each once", () => {
  announce({ info: { uuid: "a", name: "One", icon: "data:image/png;base64,AA==", rdns: "one.example" }, provider });
  announce({ info: { uuid: "b", name: "Two", icon: "https://evil.example/track.png" }, provider });
  announce({ info: { uuid: "a", name: "One again" }, provider });
  let got: readonly Wallet[] = [];
  const stop = findWallets((wallets) => { got = wallets; });
  expect(got.map(({ id, name, icon }) => [id, name, icon])).toEqual([["a", "One", "data:image/png;base64,AA=="], ["b", "Two", undefined]]);
  stop();
  dispatchEvent(Object.assign(new Event("eip6963:announceProvider"), { detail: { info: { uuid: "c", name: "Late" }, provider } }));
  expect(got).toHaveLength(2);
});

test("hostile announcements show nothing", () => {
  for (const detail of [
    null, 1, {}, { info: null, provider }, { info: { uuid: "x", name: "no provider" } }, { info: { uuid: "x", name: "no request" }, provider: {} },
    { info: { uuid: 1, name: "x" }, provider }, { info: { uuid: "x", name: "\u202e\u0000 " }, provider }, { info: { uuid: "x".repeat(65), name: "long" }, provider },
  ]) announce(detail);
  for (let i = 0; i < 100; i++) announce({ info: { uuid: `w${i}`, name: `${i}\u202e${"n".repeat(1000)}`, icon: "data:text/html,<script>" }, provider });
  let got: readonly Wallet[] = [];
  findWallets((wallets) => { got = wallets; })();
  expect(got).toHaveLength(32);
  for (const w of got) {
    expect(w.name).toMatch(/^\d+ n+$/);
    expect(w.name.length).toBeLessThanOrEqual(40);
    expect(w.icon).toBeUndefined();
  }
});
