import { expect, test } from "vitest";
import { byDay, runs } from "./days";

const dayOf = (at: string): string => at.slice(0, 10);

test("what happened is grouped by day, in order", () => {
  const events = ["2026-11-26T09", "2026-11-26T10", "2026-11-27T08", "2026-11-26T11"].map((at) => ({ at }));
  expect(byDay(events, dayOf).map(({ day, of }) => [day, of.length])).toEqual([["2026-11-26", 2], ["2026-11-27", 1], ["2026-11-26", 1]]);
  expect(byDay([], dayOf)).toEqual([]);
});

test("only neighbours of the same kind are told as one, and none is left out", () => {
  expect(runs(["a", "b", "b", "a", "a", "a"], (kind) => kind)).toEqual([["a"], ["b", "b"], ["a", "a", "a"]]);
  expect(runs([], String)).toEqual([]);
});
