// What the viewer draws over images, read from the screen.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Archive, archive, colours, open, saysSoon, seriesButton } from "./display";
import { bits, segmentation, side, type Stack, stackOf, structures } from "./objects";
import { type Node, openBrowser, shoot, violations } from "./rig";

let browser: Browser, held: Archive, node: Node;
const chest: Stack = { study: "2.25.6001", series: "2.25.6001.1", modality: "CT", description: "Chest", slices: 5, value: () => 24 };

// marked has overlays: one in free bits of the pixels, one with data of its own that is
// asked for, one that is damaged.
const marked: Stack = {
  study: "2.25.6002", series: "2.25.6002.1", modality: "CT", description: "Marked", slices: 3,
  value: (column, row) => 24 | (row === 30 && column >= 20 && column < 40 ? 0x8000 : 0),
  more: (k) => [
    [0x60000010, "US", side], [0x60000011, "US", side], [0x60000040, "CS", "G"], [0x60000050, "SS", new Uint8Array([1, 0, 1, 0])], [0x60000100, "US", 16], [0x60000102, "US", 15],
    [0x60020010, "US", side], [0x60020011, "US", side], [0x60020040, "CS", "G"], [0x60020050, "SS", new Uint8Array([11, 0, 1, 0])], [0x60020100, "US", 1], [0x60020102, "US", 0],
    [0x60023000, "OW", bits(side * side, (i) => Math.floor(i / side) === 40 + k && i % side >= 50 && i % side < 60)],
    [0x60040010, "US", side], [0x60040011, "US", side], [0x60040040, "CS", "G"], [0x60040050, "SS", new Uint8Array([1, 0, 1, 0])], [0x60040100, "US", 1], [0x60040102, "US", 0],
    [0x60043000, "OW", bits(64, () => true)],
  ],
};

beforeAll(async () => {
  browser = await openBrowser();
  held = await archive([
    ...stackOf(chest), ...stackOf(marked),
    segmentation(chest, "2.25.6001.2", [
      { name: "Liver", lab: [35_579, 53_664, 50_858], boxes: [1, 2, 3].map((slice) => ({ slice, from: [20, 20], to: [40, 40] })) },
      { name: "Tumour", boxes: [{ slice: 2, from: [60, 20], to: [80, 40] }] },
    ]),
    segmentation(chest, "2.25.6001.3", [{ name: "Perhaps", boxes: [{ slice: 2, from: [20, 60], to: [40, 80] }] }], true),
    structures(chest, "2.25.6001.4", "Heart", "0\\255\\0", [{ slice: 2, from: [90, 90], to: [110, 110] }]),
  ]);
  node = held.node;
});

afterAll(async () => {
  await held.strike();
});

const black = [0, 0, 0], blue = [0x8f, 0xd0, 0xff];

test("overlay planes lie over their image, from its free bits too, and can be hidden", async () => {
  const seen = await open(browser, node, marked.study), { page } = seen;
  const places = [[19, 30], [20, 30], [39, 30], [40, 30], [50, 50], [59, 50], [60, 50], [50, 51]] as const;
  await saysSoon(page, /2 overlays drawn over it, 1 overlay is damaged or too large, and not shown/);
  const first = await colours(page, places);
  await shoot(seen, "display-overlays");
  expect(first).toEqual([black, blue, blue, black, blue, blue, black, black]);
  await page.keyboard.press("ArrowDown");
  await saysSoon(page, /image 2 of 3/);
  expect(await colours(page, places)).toEqual([black, blue, blue, black, black, black, black, blue]);
  await page.getByLabel("Overlays").uncheck();
  await saysSoon(page, /2 overlays hidden/);
  expect(await colours(page, places)).toEqual(places.map(() => black));
  expect(await violations(page)).toEqual([]);
  expect(seen.complaints).toEqual([]);
  await seen.context.close();
});

// hues tells which of two colours are anywhere in a tile: pure red, and the palette's blue.
const hues = (page: Page, tile: number): Promise<{ red: boolean; blue: boolean }> => page.locator(".tile canvas").nth(tile).evaluate((element) => {
  const canvas = element as HTMLCanvasElement, data = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? new Uint8ClampedArray();
  const found = { red: false, blue: false };
  for (let i = 0; i < data.length; i += 4) {
    const [r = 0, g = 0, b = 0] = data.slice(i, i + 3);
    if (r > 240 && g < 12 && b < 12) found.red = true;
    if (r === 86 && g === 180 && b === 233) found.blue = true;
  }
  return found;
});

test("segments and contours lie over the series that they are of, by plane, and in planes through it", async () => {
  const seen = await open(browser, node, chest.study), { page } = seen;
  await expect.poll(() => seriesButton(page, /over: CT · Chest/).count()).toBe(3); // two segmentations, one structure set
  const lists = page.locator(".over-list");
  for (const [i, button] of (await seriesButton(page, /over: /).all()).entries()) { // one after the other: they lie in the order in which they come
    await button.click();
    await expect.poll(() => lists.count()).toBe(i + 1);
  }
  await expect.poll(() => lists.getByText("Loading").count()).toBe(0);
  for (const list of await lists.all()) await list.getByRole("slider").fill("1");
  await page.locator(".tile").first().focus();
  await page.keyboard.press("Home");
  const places = [[19, 30], [20, 30], [39, 39], [40, 39], [60, 30], [20, 60], [90, 100], [100, 100]] as const;
  await saysSoon(page, /image 1 of 5(?!.*drawn over it)/);
  expect(await colours(page, places)).toEqual(places.map(() => black));
  await page.keyboard.press("ArrowDown");
  await saysSoon(page, /image 2 of 5.*drawn over it: Liver(?!.*Tumour)/);
  await page.keyboard.press("ArrowDown");
  await saysSoon(page, /image 3 of 5.*Liver, Tumour.*Perhaps.*Heart/);
  const [left, liver, corner, right, tumour, half, heart, inside] = await colours(page, places);
  await shoot(seen, "display-regions");
  expect([left, right, inside]).toEqual([black, black, black]);
  expect(corner).toEqual(liver);
  expect(liver?.map((v, i) => Math.abs(v - ([255, 0, 0][i] ?? 0)) <= 2)).toEqual([true, true, true]); // that CIELab is sRGB's red
  expect([tumour, heart?.[1]]).toEqual([[86, 180, 233], 255]);
  expect(half?.map((v, i) => Math.abs(v - ([230, 159, 0][i] ?? 0) * 128 / 255) <= 2)).toEqual([true, true, true]);
  await page.getByLabel("Tumour").uncheck();
  await saysSoon(page, /drawn over it: Liver(?!.*Tumour)/);
  expect((await colours(page, places))[4]).toEqual(black);
  expect(await violations(page)).toEqual([]);
  await page.getByRole("button", { name: /MPR/ }).click();
  await page.waitForFunction(() => document.querySelectorAll(".tile canvas[data-image]").length === 4);
  await saysSoon(page, /drawn over it: Liver/, 3);
  await page.getByLabel("Tumour").check();
  await saysSoon(page, /drawn over it: Perhaps/, 1); // coronal, in the middle
  expect(await hues(page, 1)).toEqual({ red: false, blue: false });
  await page.locator(".tile").nth(1).focus();
  for (let i = 0; i < 4; i++) await page.keyboard.press("PageUp");
  await saysSoon(page, /drawn over it: Liver, Tumour/, 1);
  expect(await hues(page, 1)).toEqual({ red: true, blue: true });
  await shoot(seen, "display-regions-planes");
  expect(seen.complaints).toEqual([]);
  await seen.context.close();
});
