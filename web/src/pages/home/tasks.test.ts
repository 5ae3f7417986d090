import { expect, test } from "vitest";
import { waits } from "./tasks";

const count = (role: "owner" | "buyer", name: string, items: readonly unknown[]): number =>
  waits[role]?.find((one) => one.name === name)?.count({ items } as never) ?? -1;

test("what waits is what is to be done, and nothing that is over", () => {
  expect(count("owner", "ask", [{ state: "awaiting" }, { state: "registered" }, { state: "refused" }])).toBe(1);
  expect(count("owner", "access", [{ state: "released", revoked: false }, { state: "released", revoked: true }, { state: "offered", revoked: false }, { state: "refunded", revoked: false }])).toBe(1);
  expect(waits.owner?.filter(({ path }) => path === "uploads/summary").map((one) => one.count({ receiving: 3, asking: 2, done: 5000 } as never))).toEqual([3, 2]);
  expect(count("buyer", "purchase", [{ step: "released" }, { step: "filled" }, { step: "refunded" }])).toBe(1);
});
