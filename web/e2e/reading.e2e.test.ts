// What a reader does all day: go to an image by the bar, hand out a picture and a table.
import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Archive, archive, drag, open, save } from "./display";
import { type Stack, stackOf } from "./objects";
import { looks, type Node, openBrowser, see } from "./rig";

let browser: Browser, held: Archive, node: Node;
const chest: Stack = { study: "2.25.6021", series: "2.25.6021.1", modality: "CT", description: "Chest", slices: 20, value: (column) => (column < 64 ? 1064 : 24) }; // grey, black

beforeAll(async () => {
  browser = await openBrowser();
  held = await archive(stackOf(chest));
  node = held.node;
});

afterAll(async () => {
  await held.strike();
});

const slice = (page: Page, k: number): Promise<void> => page.locator(".slice", { hasText: `image ${k} of 20` }).waitFor();

test("the bar goes to an image by pointer, draws nothing, and leaves the keys to the tile", async () => {
  const seen = await open(browser, node, chest.study), { page } = seen;
  await slice(page, 11);
  await page.getByRole("button", { name: "Length", exact: true }).click();
  const bar = page.locator(".scrubber");
  expect((await bar.boundingBox())?.width).toBeGreaterThanOrEqual(24); // WCAG 2.5.8
  await drag(page, bar, [0.5, 0.5], [0.5, 1.04]); // and past its end
  await slice(page, 20); // the last is at the bottom
  await page.keyboard.press("ArrowUp");
  await slice(page, 19);
  expect(await page.locator(".mark").count()).toBe(0);
  expect(seen.complaints).toEqual([]);
  await seen.context.close();
});

// pixels are RGB of a PNG at places, given as parts of it.
const pixels = (page: Page, png: Buffer, places: readonly (readonly [number, number])[]): Promise<number[][]> => page.evaluate(async ([coded, all]) => {
  const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(coded), (c) => c.charCodeAt(0))], { type: "image/png" }));
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
  context?.drawImage(bitmap, 0, 0);
  return all.map(([x, y]) => [...context?.getImageData(Math.round(bitmap.width * x), Math.round(bitmap.height * y), 1, 1).data.slice(0, 3) ?? []]);
}, [png.toString("base64"), places] as const);

test("a picture is handed out with its marks where they are, and measurements as a table", async () => {
  const seen = await open(browser, node, chest.study), { page } = seen;
  await slice(page, 11);
  await page.getByRole("button", { name: "Length", exact: true }).click();
  await drag(page, page.locator(".tile"), [0.6, 0.5], [0.7, 0.5]);
  await page.locator(".tile").focus();
  const coming = page.waitForEvent("download");
  await page.keyboard.press("p");
  const png = await readFile(await (await coming).path());
  const [grey, black, line, handle] = await pixels(page, png, [[0.45, 0.55], [0.55, 0.55], [0.65, 0.5], [0.6, 0.4922]]);
  expect(grey?.[0]).toBeGreaterThan(100);
  expect(black).toEqual([0, 0, 0]);
  expect(line?.[0]).not.toBe(line?.[2]); // in colour
  expect(handle).toEqual([0, 0, 0]); // what is only to take hold of is not in it
  const table = page.waitForEvent("download");
  await page.getByRole("button", { name: "Measurements as CSV" }).click();
  const [names, row] = (await readFile(await (await table).path(), "utf8")).split("\r\n");
  expect(names).toMatch(/^\ufeffkind,length,short_axis,length_unit,/);
  const says = await page.locator(".marks text").first().innerHTML(), [, length] = /^length,([\d.]+),,mm,.*,2\.25\.6021\.1,2\.25\.6021\.1\.11,1,,$/.exec(row ?? "") ?? [];
  expect(says).toContain(Number(length).toFixed(1));
  expect(seen.complaints).toEqual([]);
  await seen.context.close();
});

test("two axes are drawn by one drag, kept at a right angle, and there again as they were saved", async () => {
  const seen = await open(browser, node, chest.study), { page } = seen;
  await slice(page, 11);
  await page.getByRole("button", { name: "Two axes", exact: true }).click();
  await drag(page, page.locator(".tile"), [0.55, 0.4], [0.7, 0.5]);
  await page.locator(".handle").nth(3).focus();
  await page.keyboard.press("Shift+ArrowLeft");
  const drawn = async (): Promise<number[]> => [...((await page.locator(".mark path").getAttribute("d")) ?? "").matchAll(/-?[\d.]+/g)].map(Number);
  const before = await drawn(), [ax = 0, ay = 0, bx = 0, by = 0, cx = 0, cy = 0, dx = 0, dy = 0] = before;
  expect(Math.abs((bx - ax) * (dx - cx) + (by - ay) * (dy - cy)) / Math.hypot(bx - ax, by - ay) / Math.hypot(dx - cx, dy - cy)).toBeLessThan(1e-6);
  const [words] = await page.locator(".marks text").allTextContents();
  expect(words).toMatch(/^[\d.]+ mm × [\d.]+ mm$/);
  const { width = 0, height = 0 } = await page.locator(".tile").boundingBox() ?? {};
  const at = [(3 * cx + dx) / 4 / width, (3 * cy + dy) / 4 / height] as const, [colour] = await pixels(page, await page.locator(".tile").screenshot(), [at]);
  expect(colour?.[0]).not.toBe(colour?.[2]); // the short axis is on the screen
  await save(page);
  await page.reload();
  await page.locator(".mark.saved").waitFor();
  expect(await page.locator(".marks text").allTextContents()).toEqual([words]);
  for (const [i, v] of (await drawn()).entries()) expect(v).toBeCloseTo(before[i] ?? Number.NaN, 1);
  expect(seen.complaints).toEqual([]);
  await seen.context.close();
});

test("the bar and the list of what is measured are usable in every look", async () => {
  for (const look of looks) {
    const seen = await open(browser, node, chest.study, look), { page } = seen;
    await page.locator(".tile canvas[data-image]").waitFor();
    await page.locator(".viewer-tools .group").first().getByRole("button").nth(4).click();
    await page.locator(".tile").focus();
    await page.keyboard.press("Enter");
    await page.locator(".mark-list li").first().waitFor();
    await see(seen, "reading");
    expect(seen.complaints).toEqual([]);
    await seen.context.close();
  }
});
