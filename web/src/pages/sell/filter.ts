// Which series of a study are of a part of the body, and of a time.
import type { Series } from "../../api/types";

// Wanted is what is looked for: a part of the body as the series name it, "" for any; and
// from when to when, both included, as YYYY-MM-DDTHH:MM or "" for no bound.
export type Wanted = { part: string; from: string; to: string };

export const anything: Wanted = { part: "", from: "", to: "" };

// when is the time of a series, "" if it has no date; without a time of day its day begins.
export function when({ date = "", time = "" }: Series): string {
  if (!/^\d{8}$/.test(date)) return "";
  const clock = /^\d{4}$/.test(time) ? time : "0000";
  return `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T${clock.slice(0, 2)}:${clock.slice(2)}`;
}

// fits tells whether a series is what is wanted. One without a date is of no time.
export function fits(one: Series, { part, from, to }: Wanted): boolean {
  const at = when(one);
  const inTime = from === "" && to === "" || at !== "" && at >= from && (to === "" || at <= to);
  return inTime && (part === "" || one.bodyPart === part);
}

// parts are the parts of the body that series name, sorted.
export const parts = (all: readonly Series[]): string[] => [...new Set(all.map((one) => one.bodyPart).filter(Boolean))].sort();

// times are the first and the last time of series, undefined if there are not two.
export function times(all: readonly Series[]): readonly [string, string] | undefined {
  const found = all.map(when).filter(Boolean).sort(), [first] = found, last = found.at(-1);
  return first !== undefined && last !== undefined && first !== last ? [first, last] : undefined;
}
