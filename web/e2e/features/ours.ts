// How our viewer is worked.
import type { Locator, Page } from "playwright-core";
import { go } from "../rig";
import { drawn } from "../solid";
import { alters, drag, type Try } from "./hands";

export const tile = (page: Page, n = 0): Locator => page.locator(".tile").nth(n);
export const button = (page: Page, name: string | RegExp): Locator => page.getByRole("button", { name, exact: typeof name === "string" }).first();

export async function openOurs(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.locator(".tile canvas[data-image], .tile.paper, .tile-note, .cards").first().waitFor();
  await page.waitForTimeout(300);
}

// hand takes a tool by the name that is read, from the bar or from its list.
export async function hand(page: Page, name: RegExp): Promise<void> {
  const bar = page.locator(".viewer-tools"), tool = bar.getByRole("button", { name }).first(), option = bar.locator("option", { hasText: name }).first();
  if (await tool.isVisible()) return void await tool.click();
  if (await option.count() === 0) throw new Error(`there is no ${name.source}`);
  await option.locator("xpath=..").selectOption({ label: await option.textContent() ?? "" });
}

// acting tells whether an act changes the first tile.
export const acting = (act: (page: Page) => Promise<void>): Try => (page) => alters(page, tile(page), () => act(page));
export const key = (name: string): Try => acting((page) => tile(page).press(name));
export const tool = (name: RegExp): Try => acting(async (page) => {
  await hand(page, name);
  await drag(page, tile(page), [0.5, 0.4], [0.6, 0.55]);
});

// reads waits for words at the marks.
export async function reads(page: Page, says: RegExp): Promise<boolean> {
  const written = (): Promise<string> => page.locator(".marks text").allTextContents().then((all) => all.join(" "));
  for (let i = 0; i < 8 && !says.test(await written()); i++) await page.waitForTimeout(250);
  return says.test(await written());
}

export const marks = (name: RegExp, says: RegExp): Try => async (page) => {
  await hand(page, name);
  await drag(page, tile(page), [0.45, 0.45], [0.58, 0.55]);
  return reads(page, says);
};

export const planes = async (page: Page): Promise<void> => {
  await button(page, /MPR/).click();
  await page.waitForFunction(() => document.querySelectorAll(".layout-2x2 .tile canvas[data-image]").length === 4, undefined, { timeout: 15_000 });
};

// over lays an object over the image, and goes to where it is.
export async function over(page: Page, series: RegExp): Promise<void> {
  await page.locator(".series-list button", { hasText: series }).first().click();
  await page.locator(".over-list").waitFor();
  for (const _ of [0, 1]) await tile(page).press("ArrowUp");
}

// volume opens the first series of the study shown as a volume, and waits until it is drawn.
export async function volume(page: Page): Promise<void> {
  const series = await page.evaluate(async () => {
    const study = /view\/([^/?]+)/.exec(location.hash)?.[1] ?? "";
    const { seriesList } = await (await fetch(`/api/v1/studies/${study}`)).json() as { seriesList: { id: string }[] };
    return `${study}/${seriesList[0]?.id}`;
  });
  await go(page, `#/model/${series}?w=bone,0`);
  await page.locator(".instead button").nth(1).click();
  await drawn(page);
}
