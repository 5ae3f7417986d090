import type { Browser } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";
import { pages, purchases } from "./pages.e2e";
import { looks, openBrowser, shooting, shots, stage, type Stage } from "./rig";

let set: Stage, browser: Browser;
const pictured = shooting ? { shots } : {};

beforeAll(async () => { [set, browser] = await Promise.all([stage(), openBrowser()]); });

afterAll(async () => {
  await set.strike();
});

test("each persona's pages, in every state", async () => { await pages(browser, { ...await set.seller(), ...pictured, looks }); }, 900_000);
test("a buyer's purchases, verified", async () => { await purchases(browser, { ...await set.buyer(), ...pictured, looks }); }, 300_000);
