import { expect, test } from "vitest";
import { read, to } from "./route";

test("what is written is read again, whatever is in it", () => {
  for (const parts of [[], ["study", "s_1"], ["a/b", "ü %"], ["x", "#y"]]) expect(read(to(...parts))).toEqual(parts);
});

test("an address that is no code does not end the page", () => {
  expect(read("#/%E0%A4%A")).toEqual(["%E0%A4%A"]);
});
