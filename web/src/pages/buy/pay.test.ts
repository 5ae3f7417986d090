import { afterEach, expect, test, vi } from "vitest";
import type { Payment } from "../../api/types";
import { awaited, PayError, send } from "./pay";

const payment: Payment = { order: "0x1", chainId: 1337, to: `0x${"2".repeat(40)}`, data: "0xabcd", valueWei: "1000000000000000000" };
const account = `0x${"3".repeat(40)}`, hash = `0x${"4".repeat(64)}`;

type Says = Record<string, unknown>;

// wallet answers each method as told; an Error is thrown. asked is what it was asked.
function wallet(says: Says) {
  const asked: { method: string; params?: readonly unknown[] }[] = [];
  const request = async (args: { method: string; params?: readonly unknown[] }): Promise<unknown> => {
    asked.push(args);
    const told = says[args.method], answer: unknown = Array.isArray(told) && args.method !== "eth_requestAccounts" ? told.shift() : told;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { provider: { request }, asked };
}

const good = (): Says => ({ eth_requestAccounts: [account], eth_chainId: ["0x539"], eth_sendTransaction: hash });
const no = Object.assign(new Error("no"), { code: 4001 });

test("a wallet on the chain is asked to send what the node made, and nothing else", async () => {
  const { provider, asked } = wallet(good());
  expect(await send(provider, payment)).toBe(hash);
  expect(asked.map(({ method }) => method)).toEqual(["eth_requestAccounts", "eth_chainId", "eth_sendTransaction"]);
  expect(asked.at(-1)?.params).toEqual([{ from: account, to: payment.to, data: payment.data, value: "0xde0b6b3a7640000" }]);
});

test("a wallet on another chain is led to this one, and pays on no other", async () => {
  const { provider, asked } = wallet({ ...good(), eth_chainId: ["0x1", "0x539"] });
  expect(await send(provider, payment)).toBe(hash);
  expect(asked[2]).toEqual({ method: "wallet_switchEthereumChain", params: [{ chainId: "0x539" }] });
  const stays = wallet({ ...good(), eth_chainId: ["0x1", "0x1"] });
  await expect(send(stays.provider, payment)).rejects.toEqual(new PayError("chain"));
  expect(stays.asked.some(({ method }) => method === "eth_sendTransaction")).toBe(false);
});

test.each<[string, Says, PayError["reason"]]>([
  ["its account refused", { eth_requestAccounts: no }, "cancelled"], ["no account", { eth_requestAccounts: [] }, "wallet"], ["no address", { eth_requestAccounts: ["0x1"] }, "wallet"],
  ["the payment refused", { eth_sendTransaction: no }, "cancelled"], ["no hash", { eth_sendTransaction: "<b>" }, "wallet"], ["broken", { eth_sendTransaction: new Error("x") }, "wallet"],
  ["no such chain", { eth_chainId: ["0x1"], wallet_switchEthereumChain: Object.assign(new Error("x"), { code: 4902 }) }, "chain"],
  ["going there refused", { eth_chainId: ["0x1"], wallet_switchEthereumChain: no }, "cancelled"], ["a chain that is none", { eth_chainId: ["x", {}] }, "chain"],
])("a wallet that fails is told of: %s", async (_, says, reason) => {
  const caught = await send(wallet({ ...good(), ...says }).provider, payment).catch((error: unknown) => error);
  expect(caught instanceof PayError && caught.reason).toBe(reason);
});

// node answers each question about a payment in turn, and says what it was asked.
function node(...says: (string | number)[]): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (path: string, { method }: { method: string }) => {
    asked.push(`${method} ${path.replace("/api/v1/", "")}`);
    const told = says.shift();
    if (typeof told === "number") return new Response(JSON.stringify({ class: told === 409 ? "exists" : "unavailable" }), { status: told });
    return new Response(JSON.stringify({ state: told, tx: hash }));
  });
  return asked;
}

const at = "purchases/0x1/payment", noted = vi.fn<() => void>(), soon = (): Promise<void> => Promise.resolve();

afterEach(() => { vi.unstubAllGlobals(); noted.mockClear(); });

test("the node is told once what a wallet sent, and asked until it is known what became of it", async () => {
  const asked = node(503, "", "waits", 503, "waits", "paid");
  expect(await awaited(at, hash, new AbortController().signal, noted, soon)).toBe("paid");
  expect(noted).toHaveBeenCalledOnce();
  expect(asked).toEqual([`POST ${at}/sent`, `POST ${at}/sent`, `GET ${at}`, `GET ${at}`, `GET ${at}`, `GET ${at}`]);
});

test.each(["failed", "lost"])("a payment that will not come is told as %s, also where another page told the node first", async (state) => {
  node(409, state);
  expect(await awaited(at, hash, new AbortController().signal, noted, soon)).toBe(state);
});

test("who leaves asks no more", async () => {
  const leave = new AbortController(), asked = node("", "waits", "waits", "waits");
  expect(await awaited(at, hash, leave.signal, noted, () => { leave.abort(); return Promise.resolve(); })).toBe("");
  expect(asked).toHaveLength(2);
});
