import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { phantom, size } from "./phantom";
import { looks, type Node, openBrowser, see, stage, type Stage, visit } from "./rig";

let set: Stage, node: Node, browser: Browser;

beforeAll(async () => {
  set = await stage();
  [node, browser] = await Promise.all([set.seller(), openBrowser()]);
});

afterAll(async () => {
  await set.strike();
});

test("who is asked whose files are sees the first image of them", async () => {
  for (const look of looks) {
    const seen = await visit(browser, node, look, "owner"), { page } = seen;
    const folder = await mkdtemp(join(set.folder, "disc-"));
    await writeFile(join(folder, "1.dcm"), phantom(1)); // of the same patient each time: the question stays one
    await page.goto(`${node.base}/#/import`);
    await page.locator(".drop").waitFor();
    await page.locator('input[type="file"]').nth(1).setInputFiles(folder);
    const picture = page.locator(".patient img");
    await picture.waitFor();
    expect(await page.locator(".patient").count()).toBe(1);
    const seenPixels = await picture.evaluate(async (img: HTMLImageElement) => {
      await img.decode();
      const canvas = document.createElement("canvas"), { naturalWidth: w, naturalHeight: h } = img;
      [canvas.width, canvas.height] = [w, h];
      const context = canvas.getContext("2d");
      context?.drawImage(img, 0, 0);
      const grey = (x: number, y: number): number => context?.getImageData(Math.floor(x * w), Math.floor(y * h), 1, 1).data[0] ?? -1;
      return { ratio: w / h, corner: grey(0.02, 0.02), fan: Math.max(...Array.from({ length: 40 }, (_, i) => grey(.5, .4 + i / 100))) };
    });
    expect(seenPixels.ratio).toBeCloseTo(size.columns / size.rows, 1);
    expect(seenPixels.corner).toBeLessThan(20);
    expect(seenPixels.fan).toBeGreaterThan(80); // the fan is bright there
    expect(await picture.getAttribute("alt")).toBeTruthy();
    await see(seen, "whose-picture");
    expect(seen.complaints).toEqual([]);
    await seen.context.close();
  }
  expect(node.log()).not.toMatch(/INVENTED/);
});
