import { expect, test } from "vitest";
import type { Payment } from "../../api/types";
import { landed, PayError, send } from "./pay";

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

test("a payment is waited for, and one that the contract refused is told as such", async () => {
  const wait = (): Promise<void> => Promise.resolve();
  await landed(wallet({ eth_getTransactionReceipt: [null, new Error("x"), "what", { status: "0x1" }] }).provider, hash, wait);
  await expect(landed(wallet({ eth_getTransactionReceipt: [null, { status: "0x0" }] }).provider, hash, wait)).rejects.toEqual(new PayError("reverted"));
  await expect(landed(wallet({ eth_getTransactionReceipt: null }).provider, hash, wait)).rejects.toEqual(new PayError("late"));
});
