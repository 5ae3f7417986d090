// What the tries of both viewers do with a mouse, and how they read the screen.
import type { Locator, Page } from "playwright-core";
import { type Part, placed } from "../display";
import type { studyOf } from "../gallery";
import { axeFinds } from "../rig";

export type Sort = keyof typeof studyOf;
export type Try = (page: Page) => Promise<boolean | string>; // true, false or what was found

// Feature is one row. Without a try a viewer has nothing to try: no. Without a sort it is tried at the
// list of studies; own is where ours is, if elsewhere. mode and query are of OHIF's address; seconds
// are what a try may take; small is a window in which volumes are rendered soon enough.
export type Feature = { name: string; sort?: Sort; own?: Sort | "list"; mode?: string; query?: string; seconds?: number; small?: boolean; ohif?: Try; ours?: Try };

export async function drag(page: Page, where: Locator, from: Part, to: Part): Promise<void> {
  await page.mouse.move(...await placed(where, from));
  await page.mouse.down();
  await page.mouse.move(...await placed(where, to), { steps: 6 });
  await page.mouse.up();
  await page.waitForTimeout(400);
}

export async function click(page: Page, where: Locator, places: readonly Part[]): Promise<void> {
  for (const place of places) {
    await page.mouse.click(...await placed(where, place), { delay: 80 });
    await page.waitForTimeout(250); // two clicks too near in time are a double click
  }
}

// loop draws around something with the button held.
export async function loop(page: Page, where: Locator): Promise<void> {
  const place = (i: number): Promise<[number, number]> => placed(where, [0.5 + 0.07 * Math.cos(i * Math.PI / 10), 0.5 + 0.07 * Math.sin(i * Math.PI / 10)]);
  await page.mouse.move(...await place(0));
  await page.mouse.down();
  for (let i = 1; i <= 20; i++) await page.mouse.move(...await place(i), { steps: 2 });
  await page.mouse.up();
}

// alters tells whether a picture of something is another after an act.
export async function alters(page: Page, where: Locator, act: () => Promise<void>): Promise<boolean> {
  await page.mouse.move(5, 630);
  const before = await where.screenshot();
  await act();
  await page.mouse.move(5, 630);
  await page.waitForTimeout(700);
  return !before.equals(await where.screenshot());
}

// seen reads the middle of what the screen shows of something: the part of pixels that have a
// colour, and the mean of all, from 0 for black to 1 for white.
export async function seen(page: Page, where: Locator): Promise<{ coloured: number; light: number }> {
  const picture = (await where.screenshot()).toString("base64");
  return page.evaluate(async (coded) => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(coded), (c) => c.charCodeAt(0))])), { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext("2d");
    context?.drawImage(bitmap, 0, 0);
    const data = context?.getImageData(Math.round(width / 5), Math.round(height / 5), Math.round(width * 0.6), Math.round(height * 0.6)).data ?? [];
    let coloured = 0, sum = 0;
    for (let i = 0; i < data.length; i += 4) {
      const [r = 0, g = 0, b = 0] = [data[i], data[i + 1], data[i + 2]];
      if (Math.max(r, g, b) - Math.min(r, g, b) > 50) coloured++;
      sum += (r + g + b) / 3;
    }
    return { coloured: coloured / (data.length / 4), light: sum / (data.length / 4) / 255 };
  }, picture);
}

// colours tells whether something has coloured pixels after an act, and had none before.
export async function colours(page: Page, where: Locator, act: () => Promise<void>): Promise<boolean> {
  const before = await seen(page, where);
  await act();
  await page.mouse.move(5, 630);
  await page.waitForTimeout(700);
  return before.coloured === 0 && (await seen(page, where)).coloured > 0.001;
}

export async function downloads(page: Page, act: () => Promise<void>): Promise<string> {
  const [came] = await Promise.all([page.waitForEvent("download", { timeout: 15_000 }), act()]);
  return came.suggestedFilename().replace(/^.*\./, "yes, as ");
}

export const shows = (selector: string): Try => async (page) => {
  await page.locator(selector).first().waitFor({ timeout: 8000 });
  return true;
};

// forgetting does something that a viewer keeps in the browser, and then puts back what was kept before.
export const forgetting = (act: Try): Try => async (page) => {
  const before = await page.evaluate(() => ({ ...localStorage }) as Record<string, string>);
  try {
    return await act(page);
  } finally {
    await page.context().clearCookies({ name: "i18next" }); // where OHIF keeps its language
    await page.evaluate((kept) => {
      localStorage.clear();
      for (const [name, value] of Object.entries(kept)) localStorage.setItem(name, value);
    }, before);
  }
};

// What follows is asked of both in the same words.
export const axe: Try = async (page) => `${(await axeFinds(page)).length} violations`;

export const narrow: Try = async (page) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.waitForTimeout(1500);
  const off = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  return off > 0 ? `wider than the screen by ${off} px` : "fits";
};

export const offline: Try = async (page) => {
  await page.waitForTimeout(6000);
  await page.context().setOffline(true);
  try {
    return await page.reload({ timeout: 6000 }).then(() => page.waitForTimeout(1500)).then(async () => (await page.locator("body").innerText()).trim() !== "").catch(() => false);
  } finally {
    await page.context().setOffline(false);
  }
};

export const plays: Try = async (page) => {
  const film = page.locator("video").first();
  if (!await film.waitFor({ timeout: 8000 }).then(() => true, () => false)) return false;
  await page.waitForTimeout(800);
  return film.evaluate((video) => (video as HTMLVideoElement).readyState >= 2);
};
