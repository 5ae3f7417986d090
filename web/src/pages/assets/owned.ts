// What became of each copy of a person's studies, told from the rows that the node has.
import type { Asset, Order } from "../../api/types";
import { type Sum, sums } from "../../words/money";

// Standing is how far a copy is: made ahead, under way, waiting for a co-creator, offered,
// licensed to a buyer whose access runs, ended, or not let go at all.
export const standings = ["licensed", "offered", "waiting", "making", "draft", "ended", "kept"] as const;
export type Standing = (typeof standings)[number];

const paid = new Set(["filled", "delivered", "disputed", "released"]);
const over = new Set(["refunded", "cancelled", "halved"]);

// isEnded reports whether no key is given any more for an order.
export const isEnded = (order: Order): boolean => order.revoked || over.has(order.state);

export function standingOf(asset: Asset, order: Order | undefined): Standing {
  if (order) {
    if (isEnded(order)) return "ended";
    return paid.has(order.state) ? "licensed" : "offered";
  }
  if (asset.state === "refused") return "kept";
  if (asset.state === "awaiting") return "waiting";
  return asset.draft ? "draft" : "making";
}

// mine is what the seller was paid by an order, in wei or in the smallest unit of its token: the first share of a split
// is the person's whose study it is.
export const mine = (order: Order): bigint => order.payouts.filter((one) => one.role === "patient").reduce((sum, one) => sum + BigInt(one.wei), 0n);

// earned is what the seller was paid by orders, of each currency; of the chain's own money always, first.
export const earned = (orders: readonly Order[]): Sum[] => sums(orders.map((order) => ({ units: mine(order), money: order.money })));
