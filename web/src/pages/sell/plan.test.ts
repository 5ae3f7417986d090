import { expect, test } from "vitest";
import { read as parts } from "../../app/route";
import { bps, chosen, type Plan, reachable, read, shared, steps, usual, wei, whole, write } from "./plan";

test("what is chosen is read from its address again", () => {
  const plans: Plan[] = [whole, { ...whole, series: [], faces: "out", price: "0.02" }, { ...whole, series: ["e_abc", "e_xyz"], price: "1", mark: "3" },
    { ...whole, series: ["e_abc"], faces: "out", price: "0.000000000000000001", mark: "r_abc" },
    { ...whole, author: "" }, { ...whole, price: "1", author: "p_abc", share: "12.5" }, { ...whole, mark: "r_abc", author: "p_abc" },
    { ...whole, author: "p_abc", share: "5", work: "bone-model" },
    ...[whole, { ...whole, mark: "3" }, { ...whole, author: "p_abc", share: "" }, { ...whole, author: "p_abc", share: "5", work: "bone-model" as const }]
      .map((plan): Plan => ({ ...plan, terms: { licence: { purpose: "nonprofit-research", use: "view", days: 90 }, offerDays: 7 } }))];
  for (const plan of plans) for (const step of steps) expect(read(parts(write("s_1", step, plan)))).toEqual({ step, plan });
});

test("an address that says nothing, or nonsense, is the start", () => {
  expect(read(["sell", "s_1"])).toEqual({ step: "choose", plan: whole });
  const odd = read(["sell", "s_1", "leave", "<b>.e_a", "faces-?", "-", "javascript:x"]);
  expect(odd).toEqual({ step: "choose", plan: { ...whole, series: ["e_a"] } });
  expect(read(["sell", "s_1", "price", "all", "faces-in", "1", "-", "with-<b>", "9", "crown"]).plan).toMatchObject({ author: null, work: "measurement" });
});

test("terms that are none, or last too long, are the usual ones", () => {
  const terms = (part: string): unknown => read(["sell", "s_1", "terms", "all", "faces-in", "1", part]).plan.terms;
  expect(terms("terms-teaching.view.365.90")).toEqual({ licence: { purpose: "teaching", use: "view", days: 365 }, offerDays: 90 });
  for (const part of ["terms-", "terms-x.y.z", "terms-<b>.resell.-1.0", "terms-any.derive.3651.366", "terms-any.derive.1e3.1.5"]) {
    expect(terms(part)).toMatchObject({ licence: { purpose: "any", use: "derive", days: 0 } });
  }
  expect(terms("terms-any.derive.0.366")).toEqual(usual);
  expect(write("s_1", "terms", whole)).not.toContain("terms-");
});

test("nothing goes on without a series, nor to the review without a price", () => {
  const ready = (some: boolean, plan: Plan): string[] => steps.filter((step) => reachable(step, some, plan));
  expect(ready(false, whole)).toEqual(["choose"]);
  expect(ready(true, whole)).toEqual(["choose", "look", "terms", "price"]);
  expect(ready(true, { ...whole, price: "0.5" })).toEqual(["choose", "look", "terms", "price", "review"]);
  expect([wei("0"), wei("x"), wei(""), wei("0.5")]).toEqual([null, null, null, "500000000000000000"]);
});

test("a co-creator is named by a number, with a share that leaves something to both", () => {
  const who = `p_${"a".repeat(26)}`, plan = { ...whole, price: "1", author: who, share: "20" };
  expect(["", "0", "0.01", "20", "99.99", "100", "-1", "1e1", "5.555"].map(bps)).toEqual([null, null, 1, 2000, 9999, null, null, null, null]);
  expect([shared(plan), shared({ ...plan, author: "p_a" }), shared({ ...plan, share: "100" }), shared({ ...plan, author: "" }), shared({ ...plan, author: null, share: "" })]).toEqual([true, false, false, false, true]);
  expect(reachable("review", true, { ...plan, share: "" })).toBe(false);
  expect(reachable("review", true, plan)).toBe(true);
});

test("what is not of the study is not chosen", () => {
  const all = [{ id: "e_a" }, { id: "e_b" }];
  expect(chosen(all, whole)).toEqual(all);
  expect(chosen(all, { ...whole, series: ["e_b", "e_c"] })).toEqual([{ id: "e_b" }]);
});
