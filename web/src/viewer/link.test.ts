// Comparing two studies: which is offered first, and which images are beside each other.
import { expect, test } from "vitest";
import type { Series, Study } from "../api/types";
import { matching, rank } from "./earlier";
import type { Vec } from "./geometry";
import type { Head } from "./head";
import { alike, together } from "./link";

const at = (origin: Vec, right: Vec = [1, 0, 0], down: Vec = [0, 1, 0]): Head => ({ plane: { origin, right, down, columnSpacing: 1, rowSpacing: 1 } }) as Head;
const stack = (count: number, from: number, step: number): Head[] => Array.from({ length: count }, (_, i) => at([0, 0, from + i * step]));
const flat = (count: number): Head[] => Array.from({ length: count }, () => ({}) as Head);

test("images are as far from what is beside each other in both", () => {
  const own = stack(10, 0, 3), finer = stack(30, 1000, 1), turned = stack(30, 1029, -1);
  expect([0, 1, 5, 9].map((k) => together(own, 0, k, finer, 0))).toEqual([0, 3, 15, 27]);
  expect([0, 4, 9].map((k) => together(own, 4, k, finer, 20))).toEqual([8, 20, 29]); // as far as there is one
  expect([4, 5].map((k) => together(own, 4, k, turned, 20))).toEqual([20, 17]);
});

test("without places it is the share of all; across each other nothing follows", () => {
  expect([0, 1, 9].map((k) => together(flat(10), 0, k, flat(19), 0))).toEqual([0, 2, 18]);
  expect(together(flat(10), 5, 6, flat(19), 3)).toBe(5);
  expect(together(stack(10, 0, 1), 0, 3, [at([0, 0, 0], [0, 1, 0], [0, 0, -1])], 0)).toBeUndefined();
  expect(together(flat(10), 0, 3, [], 0)).toBeUndefined();
});

test("at first it is the same share of the way, from the same end of the patient", () => {
  expect(alike(stack(11, 0, 1), 3, stack(21, 50, 2))).toBe(6);
  expect(alike(stack(11, 0, 1), 3, stack(21, 50, -2))).toBe(14);
  expect(alike(flat(11), 3, flat(21))).toBe(6);
  expect(alike(flat(1), 0, flat(21))).toBe(0);
});

const series = (modality: string, bodyPart: string, instances = 1, description = ""): Series => ({ id: `${modality}${bodyPart}${instances}`, modality, bodyPart, instances, description });
const study = (id: string, date: string, ...seriesList: Series[]): Study => ({ id, date, seriesList }) as Study;

test("the same part by the same modality comes first, and of those the last one before", () => {
  const all = [study("mr", "20240101", series("MR", "HEAD")), study("old", "20200101", series("CT", "CHEST")), study("later", "20250101", series("CT", "CHEST")), study("knee", "20240102", series("CT", "KNEE")), study("last", "20230101", series("SR", ""), series("CT", "CHEST")), study("bare", "")];
  expect(rank(all, { date: "20240301" }, series("CT", "CHEST")).map(({ id }) => id)).toEqual(["last", "old", "later", "knee", "mr", "bare"]);
});

test("of its series the most alike is shown", () => {
  const like = series("CT", "CHEST", 100, "Lung");
  expect(matching(study("a", "", series("SR", ""), series("CT", "HEAD", 100), series("CT", "CHEST", 3), series("CT", "CHEST", 90)), like)?.instances).toBe(90);
  expect(matching(study("a", "", series("CT", "CHEST", 100), series("CT", "CHEST", 5, "Lung")), like)?.instances).toBe(5);
  expect(matching(study("a", ""), like)).toBeUndefined();
});
