import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { Problem } from "../../api/client";
import type { Asset, ErasureView, Order, Payout } from "../../api/types";
import { speak } from "../../words/words";
import { erase, isMoney, moneyOf, nextOf, receiptOf, waitsFor } from "./erasure";

beforeAll(async () => {
  vi.stubGlobal("document", { documentElement: { lang: "" } });
  await speak("en");
});

afterEach(() => { vi.restoreAllMocks(); });

const asset = (id: string): Asset => ({ id }) as Asset;
const order = (release: string, state: string, ...payouts: Payout[]): Order => ({ release, state, payouts }) as Order;
const paid = (role: string, wei: string): Payout => ({ role, wei, to: "0x1" });
const token = { currency: "0xA0", symbol: "TOK", decimals: 2 };
const told = (more: Partial<ErasureView>): ErasureView => ({ id: "s_1", begun: "2026-01-02T03:04:05Z", ...more });

test("the money of a study is what its person was paid for its copies, and no other's", () => {
  const orders = [
    order("r_1", "released", paid("patient", "200000000000000000"), paid("doctor", "5")),
    order("r_2", "released", paid("patient", "1")),
    { ...order("r_2", "halved", paid("patient", "500"), paid("doctor", "5")), money: token },
    order("r_of_another", "filled", paid("patient", "7")),
  ];
  const paidOf = [{ units: 200000000000000001n, money: undefined }, { units: 500n, money: token }];
  expect(moneyOf({ assets: [asset("r_1"), asset("r_2")], orders })).toEqual({ underWay: false, paid: paidOf });
  expect(moneyOf({ assets: [asset("r_of_another")], orders })).toEqual({ underWay: true, paid: [{ units: 7n, money: undefined }] });
});

test.each([["offered", false], ["filled", true], ["delivered", true], ["disputed", true], ["halved", false], ["released", false], ["refunded", false], ["cancelled", false]])("an order that is %s has money under way: %s", (state, underWay) => {
  expect(moneyOf({ assets: [asset("r_1")], orders: [order("r_1", state)] })).toEqual({ underWay, paid: [] });
});

test("the text of an answer stays as the node sent it, whose bytes are signed", async () => {
  const sent = '{"id":"s_1","begun":"2026-01-02T03:04:05Z","done":"2026-01-02T03:04:06Z","receipt":{"version":1,"keys":2,"note":"\\u003c\u200e"},"signature":"AA=="}\n';
  const asked = vi.spyOn(globalThis, "fetch").mockResolvedValue(new Response(sent));
  const { text, told: answer } = await erase("s_1", true);
  expect(text).toBe(sent);
  expect(receiptOf(answer)?.keys).toBe(2);
  expect(asked.mock.calls[0]?.[0]).toBe("/api/v1/studies/s_1/erasure");
  expect(asked.mock.calls[0]?.[1]).toMatchObject({ method: "POST", body: '{"leaveMoney":true}' });
});

test("what is not complete has no receipt, and says what it waits for", () => {
  const kept = told({ until: "2036-01-01T00:00:00Z", held: false });
  expect(receiptOf(kept)).toBe(null);
  expect(waitsFor(kept)).toBe("kept");
  expect(waitsFor(told({ until: "2036-01-01T00:00:00Z", held: true }))).toBe("held");
  expect(waitsFor(told({ held: true }))).toBe("held");
  expect(waitsFor(told({}))).toBe("soon");
});

test("a failure says what is next where this page knows it", () => {
  const of = (kind: string, status: number): Problem => new Problem({ class: kind, status });
  expect(isMoney(of("exists", 409))).toBe(true);
  expect(isMoney(of("busy", 503))).toBe(false);
  expect(isMoney(new TypeError())).toBe(false);
  expect(nextOf(of("busy", 503))).toContain("Nothing is erased yet");
  expect(nextOf(new Problem({}))).toContain("sinso record erased"); // the line was cut
  expect(nextOf(of("denied", 403))).toBe(undefined);
  expect(nextOf(of("busy", 429))).toBe(undefined);
  expect(nextOf(new TypeError())).toBe(undefined);
});
