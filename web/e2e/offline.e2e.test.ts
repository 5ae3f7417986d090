import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Node, openBrowser, stage, type Stage, visit } from "./rig";

let set: Stage, node: Node, browser: Browser;

beforeAll(async () => {
  set = await stage();
  [node, browser] = await Promise.all([set.empty(), openBrowser()]);
});

afterAll(async () => {
  await set.strike();
});

test("without the node the page still opens, says so, and has kept nothing of the node's answers", async () => {
  const { page, context } = await visit(browser, node, { language: "en", theme: "light", screen: "desktop" }, "operator");
  await page.evaluate("navigator.serviceWorker.ready.then(() => true)");
  await page.reload(); // now through the worker
  await page.locator(".account").waitFor();
  await page.evaluate("fetch('/api/v1/studies').then((r) => r.text())");
  await node.stop();
  await page.reload();
  await page.locator(".failure").waitFor();
  expect(await page.locator(".failure").textContent()).toContain("does not answer");
  const kept = (await page.evaluate(`caches.open("page").then((c) => c.keys()).then((all) => all.map((r) => new URL(r.url).pathname))`)) as string[];
  expect(kept).toContain("/index.js");
  expect(kept.filter((path) => path.startsWith("/api") || path.startsWith("/dicom-web"))).toEqual([]);
  await context.close();
});
