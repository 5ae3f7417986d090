// Two studies of one person side by side.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Archive, archive, colours, open, saysSoon } from "./display";
import { type Stack, stackOf } from "./objects";
import { type Node, openBrowser, shoot, violations } from "./rig";

let browser: Browser, held: Archive, node: Node;

// Two studies of the person some months apart, in frames of reference of their own: the
// gray of an image tells its number, and the earlier has twice as many.
const gray = (k: number): number => 1024 - 160 + 40 * k;
const now: Stack = { study: "2.25.6004", series: "2.25.6004.1", modality: "CT", description: "Now", date: "20240301", slices: 5, value: (_, __, k) => gray(k) };
const before: Stack = { study: "2.25.6003", series: "2.25.6003.1", modality: "CT", description: "Before", date: "20230301", slices: 9, gap: 1, from: [0, 0, 500], value: (_, __, k) => gray(k) };

beforeAll(async () => {
  browser = await openBrowser();
  held = await archive([...stackOf(now), ...stackOf(before)]);
  node = held.node;
});

afterAll(async () => {
  await held.strike();
});

test("another study of the person is looked at beside this one, with its date, and scrolls with it", async () => {
  const seen = await open(browser, node, now.study), { page } = seen;
  await page.getByRole("button", { name: "Compare with another study of this person" }).click();
  await page.locator(".compare li").getByText("Mar 1, 2023").click();
  await saysSoon(page, /^Mar 1, 2024.*image 1 of 5/);
  await saysSoon(page, /^Mar 1, 2023.*image 1 of 9/, 1);
  await page.locator(".tile").first().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await saysSoon(page, /image 5 of 9/, 1); // 4 mm on in both
  await page.getByLabel("Scroll together").uncheck();
  await page.locator(".tile").nth(1).focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await saysSoon(page, /image 7 of 9/, 1);
  await saysSoon(page, /image 3 of 5/);
  await page.getByLabel("Scroll together").check();
  await page.locator(".tile").first().focus();
  await page.keyboard.press("ArrowDown");
  await saysSoon(page, /image 9 of 9/, 1);
  const [[first = 0] = []] = await colours(page, [[64, 64]]), [[second = 0] = []] = await colours(page, [[64, 64]], 1);
  expect([first, second].map((v) => Math.round(v / 25.5))).toEqual([3, 8]);
  await shoot(seen, "display-compare");
  expect(await violations(page)).toEqual([]);
  await page.getByRole("button", { name: "End the comparison" }).click();
  expect(await page.locator(".tile").count()).toBe(1);
  await saysSoon(page, /^(?!.*2024).*image 4 of 5/);
  expect(seen.complaints).toEqual([]);
  await seen.context.close();
});
