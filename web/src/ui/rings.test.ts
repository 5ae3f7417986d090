import { expect, test } from "vitest";
import { rings } from "./rings";

test("a token's rings are those that its contract draws", () => {
  const of = rings(`0x${"01680a0b".repeat(7)}fffffefd`);
  expect(of).toHaveLength(8);
  expect(of[0]).toEqual({ radius: 29, hue: 0, length: 10, gap: 246, turn: 11 });
  expect(of[7]).toEqual({ radius: 8, hue: 0xffff % 360, length: 0xfe, gap: 2, turn: 0xfd });
});
