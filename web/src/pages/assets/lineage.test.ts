import { expect, test } from "vitest";
import type { Asset, Event, Order, Study } from "../../api/types";
import { lineage } from "./lineage";
import { earned, mine, standingOf } from "./owned";

const zero = `0x${"0".repeat(64)}`;
const study = { imported: "2026-01-01T00:00:00Z", original: "bafyoriginal" } as Study;
const asset = {
  state: "registered", manifest: "bafysealed", token: "0x11", profileHash: "ab", draft: false,
  split: [{ role: "patient", payee: "0xa", bps: 9000 }, { role: "doctor", payee: "0xd", bps: 1000 }],
} as Asset;
const order = {
  hash: "0x22", buyer: "0xb", state: "released", revoked: false, tx: "0x33",
  payouts: [{ role: "patient", to: "0xa", wei: "90" }, { role: "doctor", to: "0xd", wei: "10" }],
} as Order;
const event = (code: string, day: number): Event => ({ code, at: `2026-01-0${day}T00:00:00Z` }) as Event;
const events = [event("release-planned", 1), event("released", 2), event("asset-registered", 3), event("ordered", 4), event("key-granted", 5), event("settled", 6), event("revoked", 7)];

const drawn = (...of: Parameters<typeof lineage>): string[] => lineage(...of).map((node, i) => `${node.kind}@${node.lane}<${node.from.join()}${node.from.every((from) => from < i) ? "" : "!"}`);

test("a sold copy is told from its import to the access that runs, with the co-creator's work and the money beside", () => {
  expect(drawn({ study, asset, order, events: events.slice(0, 6) })).toEqual([
    "import@0<", "original@0<0", "work@1<1", "copy@0<1,2", "sealed@0<3", "token@0<4", "order@0<5", "buyer@0<6", "paid@1<7", "runs@0<7",
  ]);
  expect(lineage({ study, asset, order, events }).map((node) => node.at?.slice(8, 10))).toEqual(["01", undefined, "02", "02", "02", "03", "04", "05", "06", undefined]);
});

test("an access that was ended ends the graph, with when it was", () => {
  const last = lineage({ study, asset, order: { ...order, revoked: true }, events }).at(-1);
  expect(last).toMatchObject({ kind: "ended", at: "2026-01-07T00:00:00Z", from: [7] });
});

test("what nobody bought, what is under way and what was refused end where they stand", () => {
  expect(drawn({ study, asset, order: { ...order, buyer: "", payouts: [], state: "offered" }, events: events.slice(0, 4) }).at(-1)).toBe("order@0<5");
  expect(drawn({ study, asset: { ...asset, state: "planned" }, events: [] })).toEqual(["import@0<", "original@0<0"]);
  const author = { role: "doctor", work: "measurement", bps: 100, until: "2026-01-09T00:00:00Z", forAuthor: false };
  expect(drawn({ study, asset: { ...asset, state: "refused", author }, events: [event("release-planned", 1), event("author-declined", 3)] })).toEqual(["import@0<", "original@0<0", "asked@1<1", "refused@0<1"]);
  expect(drawn({ study, asset: { ...asset, state: "refused", token: zero }, events: [event("release-refused", 2)] }).at(-1)).toBe("refused@0<1");
});

test("an all-zero hash is none", () => {
  expect(lineage({ study: { ...study, original: "" }, asset: { ...asset, token: zero, split: [] }, events }).some((node) => node.kind === "token" || node.hash === "")).toBe(false);
});

test("how a copy stands is told by its order first", () => {
  expect(standingOf(asset, order)).toBe("licensed");
  expect(standingOf(asset, { ...order, revoked: true })).toBe("ended");
  expect(standingOf({ ...asset, state: "refused" }, { ...order, revoked: true })).toBe("ended");
  for (const state of ["refunded", "halved", "cancelled"]) expect(standingOf(asset, { ...order, state })).toBe("ended");
  expect(standingOf(asset, { ...order, state: "disputed" })).toBe("licensed"); // the key was given
  expect(standingOf(asset, { ...order, state: "offered" })).toBe("offered");
  expect(standingOf({ ...asset, state: "refused" }, undefined)).toBe("kept");
  expect(standingOf({ ...asset, draft: true, state: "stored" }, undefined)).toBe("draft");
  expect(standingOf({ ...asset, state: "awaiting" }, undefined)).toBe("waiting");
  expect(standingOf({ ...asset, state: "planned" }, undefined)).toBe("making");
});

test("what was paid to others is not counted as one's own", () => {
  expect(mine(order)).toBe(90n);
});

test("what was paid is summed for each currency, by its address and not by its name", () => {
  const token = { currency: "0xA0", symbol: "TOK", decimals: 2 };
  const orders = [{ ...order, money: token }, order, { ...order, money: { ...token, currency: "0xa0", symbol: "OTHER" } }, { ...order, money: { ...token, currency: "0xb0" } }, order];
  expect(earned(orders)).toEqual([{ units: 180n, money: undefined }, { units: 180n, money: token }, { units: 90n, money: { ...token, currency: "0xb0" } }]);
  expect(earned([])).toEqual([{ units: 0n }]);
});
