// What a person has chosen so far. It stands in the address, so that each step can be
// linked to and survives a reload: opaque ids, a price and a switch; nothing of a person.
import type { Terms } from "../../api/types";
import { to } from "../../app/route";
import { toWei } from "../../words/money";
import { purposes, uses } from "../trade/licence";

export const steps = ["choose", "look", "terms", "price", "review", "done"] as const;
export type Step = (typeof steps)[number];

// Plan is what is to be let go of. series is null for all of the study as the page sees it;
// price is in coins as it was written. mark is where the last step stands: of a release
// that was asked for, how many there were before, then its id. author is the number of a
// co-creator as it was written, null if there is none, share what they get, in per cent, and
// work what they add. terms are the licence, and how long it can be bought.
export type Plan = { series: readonly string[] | null; faces: "in" | "out"; price: string; mark: string; author: string | null; share: string; work: Work; terms: Terms };

export const works = ["measurement", "bone-model"] as const;
export type Work = (typeof works)[number];

export const alone = { author: null, share: "", work: works[0] } as const; // without a co-creator

export const usual: Terms = { licence: { purpose: "any", use: "derive", days: 0 }, offerDays: 30 };

export const whole: Plan = { series: null, faces: "in", price: "", mark: "", ...alone, terms: usual };

const none = "-";

// write is the address of a step:
// #/sell/STUDY/STEP/SERIES/FACES/PRICE/MARK/AUTHOR/SHARE/WORK, which ends where nothing
// follows; terms that are not the usual ones stand behind, as terms-PURPOSE.USE.DAYS.DAYS.
export const write = (study: string, step: Step, plan: Plan): string =>
  to("sell", study, step, plan.series === null ? "all" : plan.series.join(".") || none, `faces-${plan.faces}`, plan.price || none,
    ...(plan.mark || plan.author !== null ? [plan.mark || none] : []), ...authorPart(plan), ...termsPart(plan.terms));

const authorPart = ({ author, share, work }: Plan): string[] => (author === null ? [] : [`with-${author}`, share || none, ...(work === alone.work ? [] : [work])]);

const termsPart = ({ licence, offerDays }: Terms): string[] => {
  const part = (terms: Terms): string => `terms-${terms.licence.purpose}.${terms.licence.use}.${String(terms.licence.days)}.${String(terms.offerDays)}`;
  const chosen = part({ licence, offerDays });
  return chosen === part(usual) ? [] : [chosen];
};

const mostUse = 3650, mostOffer = 365; // days; what the node takes (licence.go)

function readTerms(parts: readonly string[]): Terms {
  const [purpose = "", use = "", days = "", offer = ""] = parts.find((one) => one.startsWith("terms-"))?.slice(6).split(".") ?? [];
  const count = (text: string, least: number, most: number, other: number): number => (/^\d{1,4}$/.test(text) && Number(text) >= least && Number(text) <= most ? Number(text) : other);
  return {
    licence: {
      purpose: purposes.find((one) => one === purpose) ?? usual.licence.purpose,
      use: uses.find((one) => one === use) ?? usual.licence.use,
      days: count(days, 0, mostUse, usual.licence.days),
    },
    offerDays: count(offer, 1, mostOffer, usual.offerDays),
  };
}

// read is what an address says; what it does not say, or says wrongly, is as at the start.
export function read(parts: readonly string[]): { step: Step; plan: Plan } {
  const [, , step = "", series = "all", faces = "", price = none, mark = "", author = "", share = none, work = ""] = parts;
  return {
    step: steps.find((one) => one === step) ?? "choose",
    plan: {
      series: series === "all" ? null : series.split(".").filter((id) => /^e_[a-z2-7]+$/.test(id)),
      faces: faces === "faces-out" ? "out" : "in",
      price: price === none ? "" : price,
      mark: /^(?:\d+|r_[a-z2-7]+)$/.test(mark) ? mark : "",
      author: /^with-[a-z2-7_]*$/.test(author) ? author.slice(5) : null,
      share: author && share !== none ? share : "",
      work: works.find((one) => one === work) ?? alone.work,
      terms: readTerms(parts.slice(3)),
    },
  };
}

// wei is the price, null if it is none: nothing is sold for nothing here.
export function wei(price: string): string | null {
  const amount = toWei(price);
  return amount === null || amount === "0" ? null : amount;
}

// bps is a share in hundredths of a per cent, null if it is none: something is left to both.
export function bps(share: string): number | null {
  const part = /^\d{1,2}(?:\.\d{1,2})?$/.test(share) ? Math.round(Number(share) * 100) : 0;
  return part > 0 && part < 10_000 ? part : null;
}

export const isNumber = (author: string): boolean => /^p_[a-z2-7]{26}$/.test(author);

// shared says whether it is settled with whom a sale is shared, if with anybody.
export const shared = ({ author, share }: Plan): boolean => author === null || (isNumber(author) && bps(share) !== null);

// chosen are the series of the study that are chosen.
export const chosen = <T extends { id: string }>(all: readonly T[], plan: Plan): T[] => all.filter((one) => plan.series === null || plan.series.includes(one.id));

// preset is what takes faces out; the node's own profile does not have to be named.
export const preset = (plan: Plan): string => (plan.faces === "out" ? "research-sale-defaced" : "");

// reachable says which steps a plan is ready for.
export const reachable = (step: Step, some: boolean, plan: Plan): boolean =>
  step === "choose" || (some && (step !== "review" || (wei(plan.price) !== null && shared(plan))) && step !== "done");
