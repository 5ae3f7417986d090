import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { giveToken, looks, type Node, openBrowser, see, shoot, signIn, stage, type Stage, violations, visit } from "./rig";

let set: Stage, seller: Node, browser: Browser;

beforeAll(async () => {
  set = await stage();
  [seller, browser] = await Promise.all([set.seller(), openBrowser()]);
});

afterAll(async () => {
  await set.strike();
});

test.each(looks)("sign-in and the list of studies: $language, $theme, $screen", async (look) => {
  const seen = await visit(browser, seller, look);
  await seen.page.locator(".sign-in").waitFor();
  await see(seen, "sign-in");
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

test("a tab shows nothing of the one who was there, once another tab has signed in somebody else", async () => {
  const [look] = looks;
  if (!look) throw new Error("there is a look");
  const { page, context, complaints } = await visit(browser, seller, look), other = await context.newPage();
  await other.goto(seller.base);
  await other.locator("#token").waitFor({ state: "attached" });
  await signIn(page, seller.tokens.owner);
  await page.locator(".card img").waitFor();
  await Promise.all([page.waitForEvent("load"), signIn(other, seller.tokens.operator)]);
  await page.locator(".account").waitFor();
  expect(await page.locator(".account").innerText()).toBe(await other.locator(".account").innerText());
  await Promise.all([page.waitForEvent("load"), other.locator(".account button").last().click()]);
  await page.locator(".sign-in").waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

// brightest reads the pixels of the first picture: one that is black would be shown just as well.
const brightest = (page: Page): Promise<number> => page.locator(".card img").first().evaluate((img: HTMLImageElement) => {
  const canvas = new OffscreenCanvas(img.naturalWidth, img.naturalHeight);
  const to = canvas.getContext("2d");
  if (!to) return 0;
  to.drawImage(img, 0, 0);
  return to.getImageData(0, 0, canvas.width, canvas.height).data.reduce((most, value, i) => (i % 4 === 3 ? most : Math.max(most, value)), 0);
});
