// What the tests of the viewer's display share: a node with synthetic studies, a browser, and
// how the screen is read.
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser, Locator, Page } from "playwright-core";
import { expect, inject } from "vitest";
import { keep, side } from "./objects";
import { type Look, type Node, type Role, serve, visit, type Visit } from "./rig";

const run = promisify(execFile);
export const desktop: Look = { language: "en", theme: "light", screen: "desktop" };

export type Archive = { node: Node; strike: () => Promise<void> };

// archive starts a node that has imported some objects.
export async function archive(objects: readonly Buffer[]): Promise<Archive> {
  const folder = await mkdtemp(join(tmpdir(), "sinso-display-")), data = join(folder, "node"), sinso = inject("sinso");
  await keep(join(folder, "files"), objects);
  await run(sinso, ["init", "--data", data]);
  await run(sinso, ["import", join(folder, "files"), "--data", data]);
  const node = await serve(sinso, data);
  return { node, strike: async () => { await node.stop(); await rm(folder, { recursive: true, force: true }); } };
}

type Found = { items: { id: string; uid: string }[] };

// view goes to the viewer of a study as one who comes anew, also from there.
export async function view(page: Page, node: Node, study: string): Promise<void> {
  const { items } = await page.evaluate(async () => (await fetch("/api/v1/studies")).json() as Promise<Found>);
  await page.goto(`${node.base}/#/view/${items.find(({ uid }) => uid === study)?.id}`);
  await page.reload();
  await page.locator(".series-list").waitFor();
}

export async function open(browser: Browser, node: Node, study: string, look: Look = desktop, role: Role = "owner"): Promise<Visit> {
  const seen = await visit(browser, node, look, role);
  await view(seen.page, node, study);
  return seen;
}

// Part is a place in a tile, as parts of its width and height.
export type Part = readonly [x: number, y: number];

// placed is where a part of a tile is on the screen.
export async function placed(tile: Locator, [x, y]: Part): Promise<[number, number]> {
  const box = await tile.boundingBox();
  if (!box) throw new Error("the tile has no place");
  return [box.x + box.width * x, box.y + box.height * y];
}

// drag draws with the tool in hand through parts of a tile, and takes the pointer aside.
export async function drag(page: Page, tile: Locator, from: Part, ...through: readonly Part[]): Promise<void> {
  await page.mouse.move(...await placed(tile, from));
  await page.mouse.down();
  for (const part of through) await page.mouse.move(...await placed(tile, part), { steps: 6 });
  await page.mouse.up();
  await page.mouse.move(...await placed(tile, [0.01, 0.01]));
}

export async function save(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.locator(".keeping", { hasText: /^Saved /m }).waitFor();
}

// colours reads pixels of the image in a tile, which is shown one to one first.
export async function colours(page: Page, places: readonly (readonly [column: number, row: number])[], tile = 0): Promise<number[][]> {
  await page.locator(".tile").nth(tile).focus();
  await page.keyboard.press("o");
  await page.waitForTimeout(80); // some frames of the screen
  return page.locator(".tile canvas").nth(tile).evaluate((element, { places: all, side: n }) => {
    const canvas = element as HTMLCanvasElement, context = canvas.getContext("2d");
    return all.map(([column, row]) => [...(context?.getImageData(Math.round((canvas.width - n) / 2) + column, Math.round((canvas.height - n) / 2) + row, 1, 1).data.slice(0, 3) ?? [])]);
  }, { places, side });
}

// says is a tile's text alternative, which is told once the hand rests.
const says = (page: Page, tile = 0): Promise<string> => page.locator(".tile").nth(tile).locator("p.unseen").innerText();
export const saysSoon = (page: Page, what: RegExp, tile = 0): Promise<void> => expect.poll(() => says(page, tile), { timeout: 15_000 }).toMatch(what);

export const seriesButton = (page: Page, name: RegExp): Locator => page.locator(".series-list button", { hasText: name });
