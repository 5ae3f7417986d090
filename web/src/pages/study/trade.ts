import { type Asked, useAsked } from "../../api/ask";
import { list, part } from "../../api/client";
import type { Asset, Granted, Order } from "../../api/types";

// Trade is what was made of a study, and the orders and grants of its person.
export type Trade = { assets: readonly Asset[]; orders: readonly Order[]; grants: readonly Granted[] };

export async function askTrade(person: string, study: string, signal?: AbortSignal): Promise<Trade> {
  const of = `?person=${part(person)}`;
  const [assets, orders, grants] = await Promise.all([
    list<Asset>(`assets${of}`, signal), list<Order>(`orders${of}`, signal), list<Granted>(`grants${of}`, signal),
  ]);
  return { assets: assets.filter((asset) => asset.study === study), orders, grants };
}

export const useTrade = (person: string, study: string, round: number): Asked<Trade> =>
  useAsked((signal) => askTrade(person, study, signal), [person, study, round]);

// reasonsOf returns why images of a study were held back, where that is certain: an event
// of its way does not name its release, but with one release there is no doubt which is meant.
export function reasonsOf(made: readonly Asset[]): Record<string, number> {
  const ended = made.filter((asset) => !["planned", "awaiting"].includes(asset.state));
  return ended.length === 1 ? ended[0]?.withheld ?? {} : {};
}
