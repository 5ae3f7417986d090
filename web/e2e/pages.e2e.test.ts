import type { Browser } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";
import { pages, purchases } from "./pages.e2e";
import { looks, openBrowser, shots, stage, type Stage } from "./rig";

let set: Stage, browser: Browser;

beforeAll(async () => { [set, browser] = await Promise.all([stage(), openBrowser()]); });

afterAll(async () => {
  await browser.close();
  await set.strike();
});

test("each persona's pages, in every state", async () => { await pages(browser, { ...await set.seller(), shots, looks }); }, 900_000);
test("a buyer's purchases, verified", async () => { await purchases(browser, { ...await set.buyer(), shots, looks }); }, 300_000);
