import { expect, test } from "vitest";
import { drawsBySoftware } from "./graphics";
import { budget, firstCost, learned, levelOf, rowsOf } from "./pace";

test("a picture that fits the budget is drawn whole and fine", () => {
  expect(levelOf(budget / 1_000_000, 1_000_000)).toEqual({ scale: 1, stride: 1 });
});

test("one that does not is drawn by longer strides, then smaller, but never as small as nothing", () => {
  expect(levelOf((2 * budget) / 1_000_000, 1_000_000)).toEqual({ scale: 1, stride: 2 });
  expect(levelOf((8 * budget) / 1_000_000, 1_000_000)).toEqual({ scale: 0.5, stride: 2 }); // a quarter of the pixels, half of the strides
  expect(levelOf(firstCost, 1_000_000)).toEqual({ scale: 1 / 6, stride: 2 });
});

test("of a fine picture as many rows are drawn at once as the budget has room for", () => {
  expect(rowsOf(budget / 8000, 800, 600)).toBe(10);
  expect(rowsOf(budget / 8000, 800, 4)).toBe(4);
  expect(rowsOf(1, 800, 600)).toBe(1);
});

test("a machine that is slower than thought is believed at once, a quicker one by and by", () => {
  expect(learned(1, 4000, 1000, 1)).toBe(4);
  expect(learned(1, 2000, 1000, 2)).toBe(4); // half of the strides in half of the time
  expect(learned(1, 0, 1000, 1)).toBe(0.25);
});

test.each([
  ["ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)", true], ["llvmpipe (LLVM 15.0.7, 256 bits)", true], ["softpipe", true], ["Apple Software Renderer", true],
  ["ANGLE (Microsoft, Microsoft Basic Render Driver Direct3D11 vs_5_0 ps_5_0)", true], ["ANGLE (Intel, Mesa Intel(R) UHD Graphics 620 (KBL GT2), OpenGL 4.6)", false], ["Apple GPU", false], ["Adreno (TM) 640", false], ["", false],
])("%s draws by software: %s", (name, by) => { expect(drawsBySoftware(name)).toBe(by); });
