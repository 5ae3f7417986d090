// What an owner has: what was paid, whose access runs, and where a copy comes from. On the
// demo's node a study was sold, its co-creator paid, and the access ended.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, asked, looks, type Node, openBrowser, see, stage, type Stage, visit } from "./rig";

let set: Stage, seller: Node, browser: Browser;

beforeAll(async () => {
  set = await stage();
  [seller, browser] = await Promise.all([set.seller(), openBrowser()]);
});

afterAll(async () => {
  await set.strike();
});

const opened = async (page: Page): Promise<void> => {
  await page.goto(`${seller.base}/#/assets`);
  await page.locator(".copy-of > button").first().click();
  await page.locator(".lineage svg circle").first().waitFor();
};

test.each(looks)("what was sold: $language, $theme, $screen", async (look) => {
  const seen = await visit(browser, seller, look, "owner");
  const { page } = seen;
  await opened(page);
  const orders = await ask<{ items: { hash: string; payouts: { role: string; wei: string }[] }[] }>(seller, "owner", "orders");
  const mine = orders.items.flatMap((one) => one.payouts).filter((one) => one.role === "patient").reduce((sum, one) => sum + BigInt(one.wei), 0n);
  expect(mine > 0n).toBe(true);
  const coins = (Number(mine) / 1e18).toFixed(4).replace(/0+$/, "");
  expect(await page.locator(".figures li").last().innerText()).toContain(coins);
  expect(await page.locator("tbody strong").first().innerText()).toContain(coins);
  expect(await page.locator(".lineage g circle").count()).toBe(10);
  expect(await page.locator(".lineage ol li").count()).toBe(10);
  expect(await page.locator(".lineage .runs").count(), "the demo ended the access").toBe(0);
  await page.locator(".lineage summary").click();
  expect(await page.locator(".lineage ol").innerText()).toContain(orders.items[0]?.hash ?? "none");
  // By keys alone: to a node, and what it is.
  await page.locator(".lineage g").first().focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  expect(await page.locator(`.lineage .original[aria-pressed="true"]`).count()).toBe(1);
  expect(await page.locator(".lineage [aria-pressed=true]").count()).toBe(1);
  await see(seen, "assets");
  expect(seen.complaints).toEqual([]);
  await seen.context.close();
}, 15_000);

test("every line of the graph goes down from one node to another", async () => {
  const seen = await visit(browser, seller, looks[0] ?? { language: "en", theme: "light", screen: "desktop" }, "owner");
  await opened(seen.page);
  const ends = await seen.page.locator(".lineage .edge").evaluateAll((paths) => paths.map((path) => {
    const line = path as SVGPathElement, from = line.getPointAtLength(0), to = line.getPointAtLength(line.getTotalLength());
    const dots = [...document.querySelectorAll<SVGCircleElement>(".lineage circle")];
    const near = (point: DOMPoint): boolean => dots.some((dot) => Math.abs(Math.hypot(point.x - dot.cx.baseVal.value, point.y - dot.cy.baseVal.value) - dot.r.baseVal.value) < 1);
    return near(from) && near(to) && from.y < to.y;
  }));
  expect(ends.length).toBe(10);
  expect(ends.every(Boolean)).toBe(true);
  await seen.context.close();
}, 15_000);

test("an access that runs is ended on the page, and moves among those that have ended", async () => {
  const seen = await visit(browser, seller, { language: "en", theme: "light", screen: "desktop" }, "owner");
  const { page } = seen;
  // The node tells of one: its chain has gone, so that it is the page alone that is tried.
  const orders = await asked(seller, "owner", "orders");
  let ended = false;
  await page.route(/\/api\/v1\/orders$/, (route) => route.fulfill({ contentType: "application/json", body: orders.replaceAll(`"revoked":true`, `"revoked":${ended}`) }));
  await page.route(/\/api\/v1\/grants\//, (route) => {
    expect(route.request().method()).toBe("DELETE");
    ended = true;
    return route.fulfill({ contentType: "application/json", body: JSON.stringify({ says: "ended" }) });
  });
  await page.goto(`${seller.base}/#/assets`);
  await page.getByRole("heading", { name: "Access running 1" }).waitFor();
  await page.getByRole("button", { name: "End access" }).click();
  await page.locator("dialog .danger").click();
  await page.locator(".copy-of .success").waitFor();
  await page.locator(".copy-of .success ~ button").click();
  await page.getByRole("heading", { name: "Ended 1" }).waitFor();
  expect(await page.getByRole("heading", { name: "Access running 1" }).count()).toBe(0);
  expect(seen.complaints).toEqual([]);
  await seen.context.close();
}, 15_000);

test("who is nobody's owner has no such page", async () => {
  const seen = await visit(browser, seller, looks[0] ?? { language: "en", theme: "light", screen: "desktop" }, "clinician");
  await seen.page.goto(`${seller.base}/#/assets`);
  await seen.page.locator(".card").first().waitFor();
  expect(await seen.page.locator(".assets").count()).toBe(0);
  await seen.context.close();
}, 15_000);
