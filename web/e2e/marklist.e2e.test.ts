// The list of measurements keeps within its column, whatever is written in it.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Archive, archive, desktop, open } from "./display";
import { type Stack, stackOf } from "./objects";
import { openBrowser } from "./rig";

const ct: Stack = { study: "2.25.931", series: "2.25.931.1", modality: "CT", description: "Listed", slices: 3, value: () => 1100 };
let from: Archive, browser: Browser;

beforeAll(async () => { [from, browser] = await Promise.all([archive(stackOf(ct)), openBrowser()]); });

afterAll(async () => {
  await from.strike();
});

test("a long word in the list is broken", async () => {
  const { page, context, complaints } = await open(browser, from.node, ct.study, desktop);
  await page.locator(".tile canvas[data-image]").waitFor();
  await page.getByRole("button", { name: "Length", exact: true }).click();
  await page.locator(".tile").press("Enter");
  const entry = page.locator(".mark-list li button").first();
  await entry.waitFor();
  expect(await entry.evaluate((button) => {
    const said = button.querySelector("span"), list = button.closest(".mark-list");
    if (said) said.textContent = "Cornerstone3DTools@^0.1.0:Length.of.another.program";
    return button.getBoundingClientRect().width > 0 && button.scrollWidth <= button.clientWidth && (list?.scrollWidth ?? 1) <= (list?.clientWidth ?? 0);
  })).toBe(true);
  expect(complaints).toEqual([]);
  await context.close();
});
