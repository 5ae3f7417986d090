import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { giveToken, looks, type Node, openBrowser, shoot, stage, type Stage, violations, visit } from "./rig";

let set: Stage, seller: Node, browser: Browser;

beforeAll(async () => {
  set = await stage();
  [seller, browser] = await Promise.all([set.seller(), openBrowser()]);
});

afterAll(async () => {
  await browser.close();
  await set.strike();
});

test.each(looks)("sign-in and the list of studies: $language, $theme, $screen", async (look) => {
  const seen = await visit(browser, seller, look);
  await seen.page.locator(".sign-in").waitFor();
  expect(await violations(seen.page)).toEqual([]);
  await shoot(seen, "sign-in");
  await giveToken(seen.page, "sinso_wrong");
  await seen.page.locator(".failure").waitFor();
  expect(await violations(seen.page)).toEqual([]);
  await giveToken(seen.page, seller.tokens.owner);
  await seen.page.locator(".card img").waitFor();
  expect(await violations(seen.page)).toEqual([]);
  expect(await brightest(seen.page)).toBeGreaterThan(100);
  await shoot(seen, "studies");
  expect(seen.complaints).toEqual([]);
  await seen.context.close();
});

// brightest reads the pixels of the first picture: one that is black would be shown just as well.
const brightest = (page: Page): Promise<number> => page.locator(".card img").first().evaluate((img: HTMLImageElement) => {
  const canvas = new OffscreenCanvas(img.naturalWidth, img.naturalHeight);
  const to = canvas.getContext("2d");
  if (!to) return 0;
  to.drawImage(img, 0, 0);
  return to.getImageData(0, 0, canvas.width, canvas.height).data.reduce((most, value, i) => (i % 4 === 3 ? most : Math.max(most, value)), 0);
});
