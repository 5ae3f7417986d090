import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Look, openBrowser, shooting, shots, stage, type Stage, visit } from "./rig";
import { viewer } from "./viewer.e2e";

let set: Stage, browser: Browser;
const look: Look = { language: "en", theme: "light", screen: "desktop" };

beforeAll(async () => { [set, browser] = await Promise.all([stage(), openBrowser()]); });

afterAll(async () => {
  await set.strike();
});

test("each image is dcmtk's within one grey level, and the tools do what they say", async () => {
  const node = await set.seller();
  const seen = await visit(browser, node, look, "owner");
  const compared = await viewer(seen.page, { base: node.base, ...(shooting && { shots }) });
  expect(compared.wrong).toEqual([]);
  expect(compared.images).toBeGreaterThanOrEqual(10);
  expect(seen.complaints).toEqual([]);
  await seen.context.close();
}, 300_000);
