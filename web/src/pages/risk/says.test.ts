import { expect, test } from "vitest";
import { forSale, inCatalogue } from "./says";

// Without words loaded t() answers with the key.
const both = (k: number, exact: boolean): string[] => {
  Object.assign(globalThis, { document: { documentElement: { lang: "en" } } });
  return [inCatalogue({ k, released: k, exact }), forSale({ k, released: k, exact })];
};

test("nobody is told that they are alone but who may know it exactly", () => {
  expect(both(1, true)).toEqual(["risk.none", "risk.soldNone"]);
  expect(both(0, false)).toEqual(["risk.few", "risk.soldFew"]);
});

test("an exact count is one, until counting ends; one in steps is a least", () => {
  expect(both(7, true)).toEqual(["risk.some", "risk.sold"]);
  expect(both(10000, true)).toEqual(["risk.least", "risk.soldLeast"]);
  expect(both(11, false)).toEqual(["risk.least", "risk.soldLeast"]);
});
