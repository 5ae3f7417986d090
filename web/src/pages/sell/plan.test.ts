import { expect, test } from "vitest";
import { read as parts } from "../../app/route";
import { chosen, type Plan, reachable, read, steps, wei, whole, write } from "./plan";

test("what is chosen is read from its address again", () => {
  const plans: Plan[] = [whole, { series: [], faces: "out", price: "0.02", mark: "" }, { series: ["e_abc", "e_xyz"], faces: "in", price: "1", mark: "3" },
    { series: ["e_abc"], faces: "out", price: "0.000000000000000001", mark: "r_abc" }];
  for (const plan of plans) for (const step of steps) expect(read(parts(write("s_1", step, plan)))).toEqual({ step, plan });
});

test("an address that says nothing, or nonsense, is the start", () => {
  expect(read(["sell", "s_1"])).toEqual({ step: "choose", plan: whole });
  const odd = read(["sell", "s_1", "leave", "<b>.e_a", "faces-?", "-", "javascript:x"]);
  expect(odd).toEqual({ step: "choose", plan: { series: ["e_a"], faces: "in", price: "", mark: "" } });
});

test("nothing goes on without a series, nor to the review without a price", () => {
  const ready = (some: boolean, plan: Plan): string[] => steps.filter((step) => reachable(step, some, plan));
  expect(ready(false, whole)).toEqual(["choose"]);
  expect(ready(true, whole)).toEqual(["choose", "look", "terms", "price"]);
  expect(ready(true, { ...whole, price: "0.5" })).toEqual(["choose", "look", "terms", "price", "review"]);
  expect([wei("0"), wei("x"), wei(""), wei("0.5")]).toEqual([null, null, null, "500000000000000000"]);
});

test("what is not of the study is not chosen", () => {
  const all = [{ id: "e_a" }, { id: "e_b" }];
  expect(chosen(all, whole)).toEqual(all);
  expect(chosen(all, { ...whole, series: ["e_b", "e_c"] })).toEqual([{ id: "e_b" }]);
});
