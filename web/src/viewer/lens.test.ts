import { beforeEach, expect, test, vi } from "vitest";
import { Desk } from "./desk";
import { side, standing, steer, takeLens } from "./lens";

beforeEach(() => { vi.stubGlobal("document", { createElement: () => ({}) }); });

const tile = [600, 500] as const;

test("a lens stands around its place, inside of its tile", () => {
  expect(standing({ at: [300, 250], lifted: false }, tile)).toEqual([300 - side / 2, 250 - side / 2]);
  expect(standing({ at: [0, 500], lifted: false }, tile)).toEqual([0, 500 - side]);
  expect(standing({ at: [10, 10], lifted: false }, [100, 90])).toEqual([0, 0]);
});

test("a lens under a finger stands above it, or where there is no room below", () => {
  const [left, top] = standing({ at: [300, 400], lifted: true }, tile), [, low] = standing({ at: [300, 100], lifted: true }, tile);
  expect(left).toBe(300 - side / 2);
  expect(top + side).toBeLessThan(400);
  expect(low).toBeGreaterThan(100);
});

test("arrow keys move the lens that is in hand, as far as the tile goes, and else scroll", () => {
  const desk = new Desk(), { pane } = desk;
  pane.size = tile;
  expect(steer("ArrowLeft", false, pane, desk)).toBe(false);
  takeLens(pane, desk);
  expect([desk.tool, pane.lens?.at]).toEqual(["magnify", [300, 250]]);
  steer("ArrowLeft", false, pane, desk);
  steer("ArrowUp", true, pane, desk);
  expect(pane.lens?.at).toEqual([296, 210]);
  for (let i = 0; i < 20; i++) steer("ArrowRight", true, pane, desk);
  expect(pane.lens?.at[0]).toBe(600);
  expect(steer("PageDown", false, pane, desk)).toBe(false);
  takeLens(pane, desk);
  expect([desk.tool, pane.lens]).toEqual(["scroll", null]);
});
