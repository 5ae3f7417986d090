import { expect, test } from "vitest";
import { stepsOf } from "./steps";

test("an owner is led over their pages, and to those of a study if there is one", () => {
  expect(stepsOf("owner", "s_1").map((step) => `${step.name} ${step.at}`)).toEqual([
    "tasks #/", "card #/", "look #/study/s_1", "way #/study/s_1", "share #/study/s_1", "sell #/study/s_1", "paid #/assets", "account #/",
  ]);
  expect(stepsOf("owner", undefined).map((step) => step.name)).toEqual(["tasks", "paid", "account"]);
});

test("nobody is led to what their role has not", () => {
  expect(stepsOf("operator", "s_1").map((step) => step.name)).toEqual(["tasks", "card", "import", "account"]);
  expect(stepsOf("auditor", "s_1")).toEqual([]);
});
