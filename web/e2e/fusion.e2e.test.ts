// PET over CT, read from the screen.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Archive, archive, colours, open, saysSoon } from "./display";
import { type Stack, stackOf } from "./objects";
import { type Node, openBrowser, shoot, violations } from "./rig";

let browser: Browser, held: Archive, node: Node;

// A CT without anything, and PET of one spot of SUV 8 over its first three images.
const empty: Stack = { study: "2.25.6005", series: "2.25.6005.1", modality: "CT", description: "Body", slices: 5, value: () => 24 };
const glowing: Stack = {
  study: empty.study, series: "2.25.6005.2", modality: "PT", description: "Uptake", slices: 3, spacing: 2,
  value: (column, row) => (column >= 10 && column < 20 && row >= 10 && row < 20 ? 8 : 0), more: () => [[0x00281052, "DS", "0"], [0x00541001, "CS", "GML"]],
};

beforeAll(async () => {
  browser = await openBrowser();
  held = await archive([...stackOf(empty), ...stackOf(glowing)]);
  node = held.node;
});

afterAll(async () => {
  await held.strike();
});

const black = [0, 0, 0];

test("PET lies over CT as a wash of colour, cut at each image, with its range and opacity in words", async () => {
  const seen = await open(browser, node, empty.study), { page } = seen;
  await page.getByRole("button", { name: "Lay over: PT · Uptake" }).click();
  await saysSoon(page, /PET drawn over it in hot colours at 50%, SUV 0 to 10/);
  const places = [[30, 30], [10, 30], [60, 60]] as const;
  const near = (found: number[][], want: number[]): void => { expect(found[0]?.map((v, i) => Math.abs(v - (want[i] ?? 0)) <= 2), String(found[0])).toEqual([true, true, true]); };
  const half = await colours(page, places);
  near(half, [128, 76, 24]); // Hot Iron of 8 of 10, half of it
  expect(half.slice(1)).toEqual([black, black]);
  await shoot(seen, "display-fusion");
  await page.locator(".over-list").getByRole("slider").fill("1");
  near(await colours(page, places), [255, 152, 48]);
  await page.getByLabel("To SUV").fill("16");
  await saysSoon(page, /at 100%, SUV 0 to 16/);
  near(await colours(page, places), [255, 0, 0]);
  await page.getByLabel("From SUV").fill("9");
  expect(await colours(page, places)).toEqual([black, black, black]);
  await page.getByLabel("To SUV").press("Control+A");
  await page.keyboard.type("12"); // its first key is less than the other end, and refused
  await saysSoon(page, /SUV 9 to 12/);
  await page.getByLabel("From SUV").fill("0");
  expect(await violations(page)).toEqual([]);
  await page.locator(".tile").first().focus();
  await page.keyboard.press("End"); // beyond the PET
  await saysSoon(page, /image 5 of 5/);
  expect(await colours(page, places)).toEqual([black, black, black]);
  await page.getByRole("button", { name: "Lay over: PT · Uptake" }).click();
  await saysSoon(page, /^(?!.*PET drawn)/);
  expect(seen.complaints).toEqual([]);
  await seen.context.close();
});
