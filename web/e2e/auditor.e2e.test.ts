import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser } from "playwright-core";
import { promisify } from "node:util";
import { execFile } from "node:child_process";
import { ask, looks, type Node, openBrowser, see, signIn, stage, type Stage, visit } from "./rig";

const run = promisify(execFile);
let set: Stage, seller: Node, browser: Browser;

beforeAll(async () => {
  set = await stage();
  [seller, browser] = await Promise.all([set.seller(), openBrowser()]);
});

afterAll(async () => {
  await set.strike();
});

type Event = { seq: number; type: string; person?: string };

const log = async (query = ""): Promise<Event[]> => (await ask<{ items: Event[] }>(seller, "auditor", `audit?newest=true&limit=1000${query}`)).items;

test("an auditor reads who did what, of one person or of all, page by page", async () => {
  const seen = await visit(browser, seller, { language: "en", theme: "light", screen: "desktop" }, "auditor"), { page } = seen;
  await page.locator(".log > li").first().waitFor();
  const all = await log(), newest = all[0]?.seq ?? 0;
  expect(newest).toBeGreaterThan(40);
  const foot = await page.locator(".log > li .foot").first().innerText();
  expect(Number(/(\d+)\s*$/.exec(foot)?.[1])).toBeLessThanOrEqual(newest);
  const text = await page.locator("main").innerText();
  for (const word of ["PHANTOM", "CHEST", "^"]) expect(text).not.toContain(word); // nobody is named
  // Every kind of event that is there has words.
  for (const type of new Set(all.map((one) => one.type))) expect(text.includes(`\n${type}`), type).toBe(false);
  // Of one person: all that is shown is theirs.
  const person = all.find((one) => one.person)?.person ?? "";
  await page.locator("form.log-filter input").fill(person);
  await page.locator("form.log-filter button[type=submit]").click();
  const count = (await log(`&person=${person}`)).length;
  await page.locator("main").getByText(`${count} entries`, { exact: true }).waitFor();
  expect(await page.getByRole("button", { name: /^Only this person/ }).count()).toBe(0);
  await page.locator("form.log-filter input").fill("s_aaaaaaaaaaaaaaaaaaaaaaaaaa");
  await page.locator("form.log-filter button[type=submit]").click();
  await page.getByText("no entry about this number").waitFor();
  await page.getByRole("button", { name: "Show all" }).click();
  await page.locator(".log > li").first().waitFor();
  await page.getByRole("button", { name: /^Only this person/ }).first().click();
  expect(await page.locator("form.log-filter input").inputValue()).toMatch(/^p_/);
  await page.locator(".log > li").first().waitFor();
  expect(seen.complaints).toEqual([]);
  await seen.context.close();
}, 15_000);

test("older entries come when they are asked for", async () => {
  const seen = await visit(browser, seller, { language: "en", theme: "light", screen: "desktop" }), { page } = seen;
  const many = Array.from({ length: 150 }, (_, i) => ({ seq: 149 - i, type: "signed-in", code: "signed-in", at: "2026-01-02T03:04:05Z", actor: `owner:${i}`, count: 1, says: "A page was signed in." }));
  await page.route(/\/api\/v1\/audit\?/, (route) => {
    const query = new URL(route.request().url()).searchParams, before = Number(query.get("before") ?? 1000);
    return route.fulfill({ json: { items: many.filter((one) => one.seq < before).slice(0, Number(query.get("limit"))) } });
  });
  await signIn(page, seller.tokens.auditor);
  await page.locator("main").getByText("100 entries", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Older entries" }).click();
  await page.locator("main").getByText("150 entries", { exact: true }).waitFor();
  expect(await page.locator(".log > li").count()).toBe(150);
  expect(await page.getByRole("button", { name: "Older entries" }).count()).toBe(0);
  await seen.context.close();
}, 15_000);

test.each(looks)("the log: $language, $theme, $screen", async (look) => {
  const seen = await visit(browser, seller, look, "auditor"), { page } = seen;
  await page.locator(".log > li").first().waitFor();
  await see(seen, "auditor-log");
  expect(seen.complaints).toEqual([]);
  await seen.context.close();
}, 15_000);

test.each(looks)("a member is told that there is nothing to do yet: $language, $theme, $screen", async (look) => {
  const token = (await run(set.sinso, ["token", "create", "--role", "member", "--data", seller.folder])).stdout.trim();
  const seen = await visit(browser, seller, look), { page } = seen;
  await signIn(page, token);
  await page.locator(".home .prose").waitFor();
  expect(await page.locator(".tasks a").count()).toBe(2);
  await see(seen, "member");
  expect(seen.complaints).toEqual([]);
  await seen.context.close();
}, 15_000);
