// A study that is erased for good: what the node answers, and what becomes of its money.
import { postText, Problem, part } from "../../api/client";
import type { ErasureView } from "../../api/types";
import { type Sum, sums } from "../../words/money";
import { hasWord, word } from "../../words/words";
import type { Trade } from "./trade";

// Receipt is what the node signs (docs/formats.md, erasure receipt), as far as it is told here.
export type Receipt = { keys: number; objects: number; blocks: number; events: number; missing: number };

// Erasure is what the node tells of one, and the text of that: the signature is over bytes
// of it. One that waits has no receipt yet: the institution must keep its copy until then,
// or as long as a legal hold stands (held).
export type Erasure = { told: ErasureView; text: string };

export async function erase(study: string, leaveMoney: boolean): Promise<Erasure> {
  const text = await postText(`studies/${part(study)}/erasure`, { leaveMoney });
  return { text, told: JSON.parse(text) as ErasureView };
}

// receiptOf is the receipt of an erasure that is complete.
export const receiptOf = ({ done, receipt }: ErasureView): Receipt | null => (done && receipt ? receipt as Receipt : null);

// waitsFor is what an erasure that is not complete waits for.
export const waitsFor = ({ held, until }: ErasureView): "held" | "kept" | "soon" => (held ? "held" : until ? "kept" : "soon");

// Money is what there is of a study: some that has not arrived yet, and what was paid to its person, of each currency
// of which something was. Whether it was moved since is not known here.
export type Money = { underWay: boolean; paid: readonly Sum[] };

export function moneyOf({ assets, orders }: Pick<Trade, "assets" | "orders">): Money {
  const made = new Set(assets.map((asset) => asset.id)), of = orders.filter((order) => made.has(order.release));
  const shares = of.flatMap(({ payouts, money }) => payouts.filter(({ role }) => role === "patient").map(({ wei }) => ({ units: BigInt(wei), money })));
  return {
    underWay: of.some((order) => ["filled", "delivered", "disputed"].includes(order.state)),
    paid: sums(shares).filter(({ units }) => units > 0n),
  };
}

export const isMoney = (failure: unknown): failure is Problem => failure instanceof Problem && failure.kind === "exists";

// nextOf is what to do after a failure that is not about money, where this page knows more
// of it than is said of any.
export function nextOf(failure: unknown): string | undefined {
  if (!(failure instanceof Problem) || [401, 429].includes(failure.status)) return undefined;
  return hasWord("erase.next", failure.kind) ? word("erase.next", failure.kind) : undefined;
}
