// How OHIF's viewer is worked.
import type { Locator, Page } from "playwright-core";
import { alters, click, drag, type Sort, type Try } from "./hands";

export const cy = (page: Page, name: string): Locator => page.locator(`[data-cy="${name}"]`).first();
export const ports = (page: Page): Locator => page.locator('[data-cy="viewport-pane"]');
export const port = (page: Page): Locator => ports(page).first();
export const dialog = (page: Page): Locator => page.locator("[role=dialog]");

// openTheirs opens an address, and waits: OHIF draws when its volumes and tours are there, and says so nowhere.
export async function openTheirs(page: Page, address: string, sort?: Sort): Promise<void> {
  await page.goto(address);
  if (!sort) return void await page.getByText(/\d+-\d+ of \d+/).first().waitFor();
  await page.locator("canvas").first().waitFor({ timeout: 12_000 }).catch(() => { /* a paper has none */ });
  await page.waitForTimeout(2500);
  const skip = page.getByText("Skip all");
  if (await skip.isVisible()) await skip.click();
}

// pick presses a tool, out of its menu if it is in one.
export async function pick(page: Page, name: string): Promise<void> {
  for (const menu of ["", "MeasurementTools-split-button-secondary", "MoreTools-split-button-secondary"]) {
    if (menu) await cy(page, menu).click({ timeout: 2000 }).catch(() => { /* this mode has no such menu */ });
    if (await cy(page, name).isVisible()) return void await cy(page, name).click();
    if (menu) await page.keyboard.press("Escape");
  }
  throw new Error(`there is no ${name}`);
}

// acting tells whether an act changes the first tile.
export const acting = (act: (page: Page) => Promise<void>): Try => (page) => alters(page, port(page), () => act(page));
export const pressed = (name: string): Try => acting((page) => pick(page, name));
export const dragged = (name: string): Try => acting(async (page) => {
  await pick(page, name);
  await drag(page, port(page), [0.5, 0.4], [0.6, 0.55]);
});

const written = (page: Page): Promise<string> => page.locator("svg.svg-layer text").allTextContents().then((all) => all.join(" "));

// reads waits for words at the marks.
export async function reads(page: Page, says: RegExp): Promise<boolean> {
  for (let i = 0; i < 12 && !says.test(await written(page)); i++) await page.waitForTimeout(250);
  return says.test(await written(page));
}

// measures draws with a tool by the clicks or the drag that it wants, and answers with what is written then.
export const measures = (name: string, places: readonly (readonly [number, number])[] | "drag", says: RegExp): Try => async (page) => {
  await pick(page, name);
  if (places === "drag") await drag(page, port(page), [0.45, 0.45], [0.58, 0.55]);
  else await click(page, port(page), places);
  return reads(page, says);
};

// tracked draws a length, says yes to keeping it, and opens the list.
export async function tracked(page: Page): Promise<void> {
  await measures("Length", "drag", /mm/)(page);
  await page.getByText("Yes", { exact: true }).first().click({ timeout: 4000 });
  await cy(page, "trackedMeasurements-btn").click();
  await cy(page, "data-row").waitFor({ timeout: 5000 });
}

// laid chooses a layout, and answers with how many tiles there are.
export const laid = (name: string): Try => async (page) => {
  await cy(page, "Layout").click();
  await cy(page, name).click();
  await page.waitForTimeout(5000);
  return `${await ports(page).count()} tiles`;
};

// overlay opens what is drawn over images, from the list of series.
export async function overlay(page: Page, kind: string): Promise<void> {
  await page.locator('[data-cy="study-browser-thumbnail-no-image"]', { hasText: kind }).first().dblclick({ timeout: 6000 });
  await page.waitForTimeout(4000);
}

// report opens a saved report of measurements, and takes them over where that is offered.
export async function report(page: Page): Promise<void> {
  await overlay(page, "SR");
  await page.getByText("Yes", { exact: true }).first().click({ timeout: 8000 }).catch(() => { /* it draws those of other programs, and keeps them so */ });
  await page.waitForTimeout(2000);
}

// brush paints into a new segmentation, on the tile that was pressed last.
export async function brush(page: Page, where: Locator): Promise<void> {
  await cy(page, "addSegmentation").click();
  await page.waitForTimeout(2500);
  await cy(page, "Brush-btn").click();
  await drag(page, where, [0.45, 0.45], [0.55, 0.5]);
  await page.waitForTimeout(1500);
}

// settings opens an entry of the menu behind the gear.
export async function settings(page: Page, entry: RegExp): Promise<Locator> {
  await page.locator("xpath=//*[@data-cy='redo-btn']/following::button[@aria-haspopup='menu'][1]").click();
  await page.getByRole("menuitem", { name: entry }).click();
  await dialog(page).waitFor();
  return dialog(page);
}
