import { expect, test } from "vitest";
import { idIn, read, to } from "./route";

test("what is written is read again, whatever is in it", () => {
  for (const parts of [[], ["study", "s_1"], ["a/b", "ü %"], ["x", "#y"]]) expect(read(to(...parts))).toEqual(parts);
});

test("an address that is no code does not end the page", () => {
  expect(read("#/%E0%A4%A")).toEqual(["%E0%A4%A"]);
});

test("a pattern fits its own addresses only", () => {
  expect(idIn("study/ID", read("#/study/s_1"))).toBe("s_1");
  expect(idIn("reviews/estimate", read("#/reviews/estimate"))).toBe("");
  expect(idIn("", read(""))).toBe("");
  for (const other of ["#/study", "#/study/s_1/x", "#/studies/s_1", "#/"]) expect(idIn("study/ID", read(other))).toBeNull();
});

test("a pattern with a star fits whatever follows", () => {
  for (const address of ["#/view/s_1", "#/view/s_1/e_2", "#/view/s_1/e_2/x"]) expect(idIn("view/ID/*", read(address))).toBe("s_1");
  for (const other of ["#/view", "#/sell/s_1"]) expect(idIn("view/ID/*", read(other))).toBeNull();
});

test("how a page shows something is no part of where it is", () => {
  expect(read("#/model/s_1/e_2?v=1,2/3")).toEqual(["model", "s_1", "e_2"]);
  expect(read(to("model", "s?1"))).toEqual(["model", "s?1"]);
});
