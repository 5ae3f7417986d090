import { expect, test } from "vitest";
import type { Asset } from "../../api/types";
import { reasonsOf } from "./trade";

const asset = (state: string, withheld: Record<string, number>): Asset => ({ state, withheld }) as unknown as Asset;

test("reasons are told of the one release that has ended", () => {
  expect(reasonsOf([asset("planned", {}), asset("refused", { face: 3 })])).toEqual({ face: 3 });
});

test("of two releases no reasons are told: they may be the other's", () => {
  expect(reasonsOf([asset("stored", { face: 3 }), asset("refused", {})])).toEqual({});
  expect(reasonsOf([])).toEqual({});
});
