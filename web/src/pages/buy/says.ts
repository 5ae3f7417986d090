// What is said of an offer and of a purchase: pure, so that it is tested without a page.
import type { Offered, Purchase } from "../../api/types";
import { number, t } from "../../words/words";

export const mostOffer = 1 << 20; // bytes of an offer, as the node takes it

// Given is an offer as somebody gave it, or why it is none.
export type Given = { offer: Blob } | { why: "form" | "huge" };

// given looks at a text that is to be an offer. What it says is the node's to judge.
export function given(text: string): Given {
  const offer = new Blob([text], { type: "application/json" });
  if (offer.size > mostOffer) return { why: "huge" };
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { offer } : { why: "form" };
  } catch {
    return { why: "form" };
  }
}

// steps of a purchase, in order.
export const steps = ["planned", "funded", "filled", "answered", "delivered", "fetched", "released"] as const;

// isOver reports whether nothing follows a step.
export const isOver = (step: string): boolean => ["released", "refunded", "halved", "decided", "lost"].includes(step);

// brought reports whether what was bought is here.
export const brought = (step: string): boolean => step === "fetched" || step === "released";

// inEscrow reports whether the money lies in the contract.
export const inEscrow = (step: string): boolean => ["filled", "answered", "delivered", "fetched"].includes(step);

// State is how one of the steps stands: the one under way is doing, if somebody is at it.
export type State = "done" | "doing" | "waits";

export function stateOf(step: string, { step: at, running }: Pick<Purchase, "step" | "running">): State {
  const here = steps.indexOf(step as (typeof steps)[number]), now = steps.indexOf(at as (typeof steps)[number]);
  if (here <= now) return "done";
  return running && here === now + 1 ? "doing" : "waits";
}

// span writes seconds in the largest unit that they are whole in, minutes at least.
export function span(seconds: number): string {
  const [unit, of] = seconds % 86_400 === 0 ? (["day", 86_400] as const) : seconds % 3600 === 0 ? (["hour", 3600] as const) : (["minute", 60] as const);
  return number(Math.round(seconds / of), { style: "unit", unit, unitDisplay: "long" });
}

// hostOf is where a node is, as an address says; "" for what is no address of one.
export function hostOf(peer: string): string {
  try {
    const url = new URL(peer);
    return /^https?:$/.test(url.protocol) ? url.host : "";
  } catch {
    return "";
  }
}

// falls reports whether the price of an offer falls until its end.
export const falls = (of: Pick<Offered, "priceWei" | "floorWei">): boolean => of.floorWei !== of.priceWei;

const whole = 10_000n; // of a split, in basis points

// cut is the part of a price that a share gets, in wei; what is over is the last payee's.
export const cut = (wei: string, bps: number): string => String((BigInt(wei) * BigInt(bps)) / whole);

// lacks is how much a node's account has too little of wei, "" if it has enough or nobody
// knows.
export const lacks = (cost: bigint, balance: string | undefined): string => (balance !== undefined && BigInt(balance) < cost ? String(cost - BigInt(balance)) : "");

// whyNot is the sentence that an offer cannot be bought by.
export const whyNot = (why: string, piece = ""): string => t(`buy.why.${why}`, { piece });
