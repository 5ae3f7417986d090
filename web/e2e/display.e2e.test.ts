// What the viewer draws over images and beside them, read from the screen.
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { bits, keep, side, type Stack, stackOf } from "./objects";
import { type Look, type Node, openBrowser, serve, shoot, violations, visit, type Visit } from "./rig";

const run = promisify(execFile);
const look: Look = { language: "en", theme: "light", screen: "desktop" };
let folder = "", browser: Browser, node: Node;
const chest: Stack = { study: "2.25.6001", series: "2.25.6001.1", modality: "CT", description: "Chest", slices: 5, value: () => 24 };

// marked has overlays: one in free bits of the pixels, one with data of its own that is
// asked for, one that is damaged.
const marked: Stack = {
  study: "2.25.6002", series: "2.25.6002.1", modality: "CT", description: "Marked", slices: 3,
  value: (column, row) => 24 | (row === 30 && column >= 20 && column < 40 ? 0x8000 : 0),
  more: (k) => [
    [0x60000010, "US", side], [0x60000011, "US", side], [0x60000040, "CS", "G"], [0x60000050, "SS", new Uint8Array([1, 0, 1, 0])], [0x60000100, "US", 16], [0x60000102, "US", 15],
    [0x60020010, "US", side], [0x60020011, "US", side], [0x60020040, "CS", "G"], [0x60020050, "SS", new Uint8Array([11, 0, 1, 0])], [0x60020100, "US", 1], [0x60020102, "US", 0],
    [0x60023000, "OW", bits(side * side, (i) => Math.floor(i / side) === 40 + k && i % side >= 50 && i % side < 60)],
    [0x60040010, "US", side], [0x60040011, "US", side], [0x60040040, "CS", "G"], [0x60040050, "SS", new Uint8Array([1, 0, 1, 0])], [0x60040100, "US", 1], [0x60040102, "US", 0],
    [0x60043000, "OW", bits(64, () => true)],
  ],
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sinso-display-"));
  const data = join(folder, "node"), sinso = inject("sinso");
  await keep(join(folder, "files"), [...stackOf(chest), ...stackOf(marked)]);
  await run(sinso, ["init", "--data", data]);
  await run(sinso, ["import", join(folder, "files"), "--data", data]);
  [node, browser] = await Promise.all([serve(sinso, data), openBrowser()]);
});

afterAll(async () => {
  await browser.close();
  await node.stop();
  await rm(folder, { recursive: true, force: true });
});

type Found = { items: { id: string; uid: string }[] };

// open goes to the viewer of a study and waits for its first image.
async function open(study: string, as: Look = look): Promise<Visit> {
  const seen = await visit(browser, node, as, "owner");
  const all = await seen.page.evaluate(async () => (await fetch("/api/v1/studies")).json() as Promise<Found>);
  await seen.page.goto(`${node.base}/#/view/${all.items.find(({ uid }) => uid === study)?.id}`);
  await drawn(seen.page);
  return seen;
}

const drawn = async (page: Page): Promise<void> => {
  await page.locator('.tile[aria-busy="false"] canvas[data-image]').first().waitFor();
};

// colours reads pixels of the image in a tile, which is shown one to one first.
async function colours(page: Page, places: readonly (readonly [column: number, row: number])[], tile = 0): Promise<number[][]> {
  await page.locator(".tile").nth(tile).focus();
  await page.keyboard.press("o");
  await page.waitForTimeout(80); // some frames of the screen
  return page.locator(".tile canvas").nth(tile).evaluate((element, { places: all, side: n }) => {
    const canvas = element as HTMLCanvasElement, context = canvas.getContext("2d");
    return all.map(([column, row]) => [...(context?.getImageData(Math.round((canvas.width - n) / 2) + column, Math.round((canvas.height - n) / 2) + row, 1, 1).data.slice(0, 3) ?? [])]);
  }, { places, side });
}

const says = (page: Page, tile = 0): Promise<string> => page.locator(".tile").nth(tile).locator("p.unseen").innerText();
const saysSoon = (page: Page, what: RegExp, tile = 0): Promise<void> => expect.poll(() => says(page, tile), { timeout: 5000 }).toMatch(what);

const black = [0, 0, 0], blue = [0x8f, 0xd0, 0xff];

test("overlay planes lie over their image, from its free bits too, and can be hidden", async () => {
  const seen = await open(marked.study), { page } = seen;
  const places = [[19, 30], [20, 30], [39, 30], [40, 30], [50, 50], [59, 50], [60, 50], [50, 51]] as const;
  await saysSoon(page, /2 overlays drawn over it, 1 overlay is damaged and not shown/);
  const first = await colours(page, places);
  await shoot(seen, "display-overlays");
  expect(first).toEqual([black, blue, blue, black, blue, blue, black, black]);
  await page.keyboard.press("ArrowDown");
  await saysSoon(page, /image 2 of 3/);
  expect(await colours(page, places)).toEqual([black, blue, blue, black, black, black, black, blue]);
  await page.getByLabel("Overlays").uncheck();
  await saysSoon(page, /2 overlays hidden/);
  expect(await colours(page, places)).toEqual(places.map(() => black));
  expect(await violations(page)).toEqual([]);
  expect(seen.complaints).toEqual([]);
  await seen.context.close();
});
