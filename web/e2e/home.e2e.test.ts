// Where each role begins: its tasks, and what waits for it. Each leads to a page that the
// role has.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { go, looks, type Node, openBrowser, see, stage, type Stage, visit } from "./rig";

let set: Stage, seller: Node, buyer: Node, browser: Browser;

beforeAll(async () => {
  set = await stage();
  [seller, buyer, browser] = await Promise.all([set.seller(), set.buyer(), openBrowser()]);
});

afterAll(async () => {
  await set.strike();
});

const begins = { owner: "Your health data", clinician: "Studies of the people you treat", operator: "This archive", buyer: "What you bought" } as const;

test.each(["owner", "clinician", "operator", "buyer"] as const)("%s: each task leads where it says", async (role) => {
  const seen = await visit(browser, role === "buyer" ? buyer : seller, { language: "en", theme: "light", screen: "desktop" }, role);
  const { page } = seen;
  await page.getByRole("heading", { level: 1, name: begins[role] }).waitFor();
  const tasks = await page.locator(".tasks a").evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
  expect(tasks.length).toBe(role === "buyer" ? 2 : 3);
  for (const href of tasks) {
    await go(page, href);
    await page.locator(".tasks").waitFor({ state: "detached" }); // a page of its own, and not where the role begins
    await page.locator("main h1").waitFor();
    await go(page, "#/");
    await page.locator(".tasks").waitFor();
  }
  expect(seen.complaints).toEqual([]);
  await seen.context.close();
}, 15_000);

test.each(looks)("what waits: $language, $theme, $screen", async (look) => {
  const seen = await visit(browser, seller, look, undefined, "block");
  const { page } = seen;
  // What the demo leaves has nothing that waits: the node tells of some.
  const asks = [{ state: "awaiting" }, { state: "refused" }];
  await page.route(/\/api\/v1\/asks$/, (route) => route.fulfill({ contentType: "application/json", body: JSON.stringify({ items: asks }) }));
  await page.locator(".by-token > summary").click();
  await page.locator("#token").fill(seller.tokens.owner);
  await page.locator(".by-token button.primary").click();
  await page.locator(`.waits a[href="#/assets"]`).waitFor();
  // The demo draws a picture for the review by lot: that may wait, too.
  expect(await page.locator(`.waits a[href="#/assets"]`).allInnerTexts()).toEqual([expect.stringContaining("1")]);
  await expect.poll(async () => { // a picture comes when its card is near, and what comes above moves it
    await page.locator(".card").first().scrollIntoViewIfNeeded();
    return page.locator(".card img").count();
  }).toBeGreaterThan(0);
  await see(seen, "home-owner");
  await seen.context.close();
}, 15_000);
