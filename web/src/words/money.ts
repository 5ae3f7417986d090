// Money: decimal strings of wei, as the node has them, and coins, as people say them.
import type { Currency } from "../api/types";
import { number, t } from "./words";

const coin = 10n ** 18n; // wei

// coins writes wei in coins, exactly.
export function coins(wei: string): string {
  const n = BigInt(wei);
  const fraction = String(n % coin).padStart(18, "0").replace(/0+$/, "");
  return t("money.coins", { n: n === coin ? 1 : number(n / coin) + (fraction && `.${fraction}`) });
}

// amount writes so many of the smallest unit of a token exactly, always with the token's address, since any contract
// may call itself anything; of no token, wei in coins.
export function amount(units: string, money?: Currency): string {
  if (!money) return coins(units);
  const { currency, symbol, decimals } = money;
  if (!symbol || decimals === undefined) return t("money.units", { n: number(BigInt(units)), token: currency });
  const digits = units.padStart(decimals + 1, "0"), at = digits.length - decimals;
  const fraction = digits.slice(at).replace(/0+$/, "");
  return t("money.token", { n: number(BigInt(digits.slice(0, at))) + (fraction && `.${fraction}`), symbol, token: currency });
}

// numberOf is the class of a table's cell that holds an amount: one of a token has its address, and breaks.
export const numberOf = (money?: Currency): string => (money ? "number of-token" : "number");

// Sum is what came in of one currency, in its smallest unit; money is absent of the chain's own.
export type Sum = { units: bigint; money?: Currency | undefined };

// sums adds up what is of the same currency: the chain's own money first, and tokens by their addresses alone, whatever
// they call themselves.
export function sums(parts: readonly Sum[]): Sum[] {
  const all = new Map<string, Sum>([["", { units: 0n }]]);
  for (const { units, money } of parts) {
    const of = money?.currency.toLowerCase() ?? "", before = all.get(of);
    all.set(of, { units: (before?.units ?? 0n) + units, money: before?.money ?? money });
  }
  return [...all.values()];
}

// about writes wei in coins with six places at most, rounded down; exactly what is less than that.
export function about(wei: string): string {
  const n = BigInt(wei), least = 10n ** 12n;
  return coins(String(n < least ? n : n - (n % least)));
}

// toWei reads an amount in coins, exactly; null if it is none.
export function toWei(text: string): string | null {
  const found = /^(\d{1,9})(?:\.(\d{1,18}))?$/.exec(text.trim());
  if (!found) return null;
  return String(BigInt(found[1] ?? "0") * coin + BigInt((found[2] ?? "").padEnd(18, "0")));
}

// isSet reports whether a hash or address is one: all zeros stand for none.
export const isSet = (hash: string | undefined): boolean => /^0x0*[1-9a-f]/i.test(hash ?? "");
