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
import { type Look, type Node, serve, visit, type Visit } from "./rig";

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

// open goes to the viewer of a study.
export async function open(browser: Browser, node: Node, study: string, look: Look = desktop): Promise<Visit> {
  const seen = await visit(browser, node, look, "owner");
  const all = await seen.page.evaluate(async () => (await fetch("/api/v1/studies")).json() as Promise<Found>);
  await seen.page.goto(`${node.base}/#/view/${all.items.find(({ uid }) => uid === study)?.id}`);
  await seen.page.locator(".series-list").waitFor();
  return seen;
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
