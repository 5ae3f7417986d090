// Where `sinso demo --serve` ends: its story on the page, and a tour over the real pages
// that begins there by itself, and nowhere else.
import { type ChildProcess, spawn } from "node:child_process";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { looks, type Node, openBrowser, see, signIn, stage, type Stage, visit } from "./rig";

let set: Stage, seller: Node, browser: Browser, demo: ChildProcess, address = "", token = "";

beforeAll(async () => {
  set = await stage();
  demo = spawn(inject("sinso"), ["demo", "--serve"], { stdio: ["ignore", "pipe", "ignore"] });
  const told = new Promise<string>((found) => {
    let said = "";
    demo.stdout?.on("data", (part: Buffer) => {
      said += part.toString();
      if (said.includes("Ctrl-C ends both")) found(said);
    });
  });
  [seller, browser] = await Promise.all([set.seller(), openBrowser()]);
  const story = await told;
  address = /told there: (http\S+)/.exec(story)?.[1] ?? "";
  token = /as the person with: (sinso_\w+)/.exec(story)?.[1] ?? "";
}, 120_000);

afterAll(async () => {
  const ended = new Promise((done) => { demo.once("exit", done); });
  demo.kill("SIGINT");
  await ended;
  await set.strike();
}, 60_000);

// pointed wants what the step points at in sight, and marked.
async function pointed(page: Page): Promise<void> {
  await page.waitForFunction(() => document.activeElement?.classList.contains("tour"));
  await page.locator(".tour-mark").waitFor();
  const box = await page.locator(".tour-mark").boundingBox();
  const screen = page.viewportSize();
  expect(box && screen && box.y < screen.height && box.y + box.height > 0 && box.width > 20).toBe(true);
}

test("the demo ends in its story, and shows who comes there around, by keys alone", async () => {
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#\/story\/s_[a-z2-7]+$/);
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce", locale: "en-GB" });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  await page.goto(address);
  await signIn(page, token);
  await page.locator(".tour").waitFor();
  await page.locator(".payouts").waitFor(); // it stands over the story, and moves nothing
  await page.locator(".tour button").first().click();
  await page.locator(".tour").waitFor({ state: "detached" });
  await page.goto(address);
  await page.locator(".payouts tbody tr").nth(1).waitFor();
  await page.locator(".lineage circle").nth(9).waitFor();
  expect(await page.locator("main").innerText()).toContain("0.2 play coins");
  expect(await page.locator(".about img").count()).toBe(1);
  expect(await page.locator(".tour").count(), "it begins by itself once").toBe(0);
  await page.getByRole("link", { name: "Help", exact: true }).focus();
  await page.keyboard.press("Enter");
  const start = page.getByRole("button", { name: "Show me around" });
  await start.focus();
  await page.keyboard.press("Enter");
  const began = Date.now();
  let steps = 0;
  for (;;) {
    await pointed(page);
    steps++;
    const next = page.locator(".tour .primary");
    if (await next.count() === 0) break;
    const before = await page.locator("#tour-title").innerText();
    await next.focus();
    await page.keyboard.press("Enter");
    await page.waitForFunction((was) => document.querySelector("#tour-title")?.textContent !== was, before);
  }
  expect(steps).toBe(9);
  expect(Date.now() - began).toBeLessThan(60_000);
  await page.keyboard.press("Escape");
  await page.locator(".tour").waitFor({ state: "detached" });
  await context.close();
}, 90_000);

test.each(looks)("story and tour: $language, $theme, $screen", async (look) => {
  const seen = await visit(browser, seller, look, "owner");
  const { page } = seen;
  await page.locator(".card").first().waitFor();
  expect(await page.locator(".tour").count(), "no tour but in the demo").toBe(0);
  const study = await page.locator(".card h2 a").first().getAttribute("href");
  await page.goto(`${seller.base}/${study?.replace("study", "story")}`);
  await page.locator(".tour").waitFor();
  await pointed(page);
  await see(seen, "tour");
  await page.keyboard.press("Escape");
  await page.goto(`${seller.base}/${study?.replace("study", "story")}`);
  await page.locator(".lineage circle").first().waitFor();
  await see(seen, "story");
  await page.goto(`${seller.base}/#/help`);
  await page.locator(".panel .primary").waitFor();
  await see(seen, "help");
  expect(seen.complaints).toEqual([]);
  await seen.context.close();
}, 20_000);
