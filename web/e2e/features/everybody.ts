// Who uses it: language, colours, keys, a small screen, no network, no mouse.
import type { Page } from "playwright-core";
import { alters, axe, type Feature, forgetting, narrow, offline, seen } from "./hands";
import { button } from "./ours";
import { cy, dialog, port, settings } from "./theirs";

const picks = async (page: Page, list: RegExp): Promise<string[]> => {
  await dialog(page).getByRole("combobox", { name: list }).click();
  return page.getByRole("option").allInnerTexts();
};

export const everybody: readonly Feature[] = [
  {
    name: "languages", sort: "ct", own: "list",
    ohif: forgetting(async (page) => {
      await settings(page, /Preferences/);
      const languages = (await picks(page, /Language/)).filter((name) => !name.startsWith("Test"));
      await page.getByRole("option", { name: "Chinese" }).click();
      await dialog(page).getByText("Save", { exact: true }).click();
      await page.waitForTimeout(2000);
      return /\p{Script=Han}/u.test(await page.locator("body").innerText()) && `yes, ${languages.length}`;
    }),
    ours: forgetting(async (page) => {
      const choice = page.getByLabel("Language"), languages = await choice.locator("option").count();
      await choice.selectOption("zh");
      await page.waitForTimeout(1000);
      return /\p{Script=Han}/u.test(await page.locator("main").innerText()) && `yes, ${languages}`;
    }),
  },
  {
    name: "light and dark", sort: "ct", own: "list",
    ohif: forgetting(async (page) => {
      await settings(page, /Appearance/);
      const themes = await picks(page, /Theme/), light: number[] = [];
      for (const name of themes) {
        if (light.length > 0) await picks(page, /Theme/);
        await page.getByRole("option", { name, exact: true }).click();
        await page.waitForTimeout(500);
        light.push((await seen(page, dialog(page))).light);
      }
      return light.some((of) => of > 0.5) || `no: ${themes.length} sets of colours, all dark`;
    }),
    ours: forgetting(async (page) => {
      const light: number[] = [];
      for (const name of ["light", "dark"]) {
        await page.getByLabel("Colours").selectOption(name);
        await page.waitForTimeout(500);
        light.push((await seen(page, page.locator("body"))).light);
      }
      return (light[0] ?? 0) > 0.7 && (light[1] ?? 1) < 0.3;
    }),
  },
  {
    name: "list of shortcuts", sort: "ct",
    async ohif(page) {
      const preferences = await settings(page, /Preferences/);
      return await preferences.locator("input").count() > 20 && (await preferences.innerText()).includes("Zoom In");
    },
    async ours(page) {
      await button(page, "Shortcuts").click();
      return await page.locator("dialog[open] kbd").count() > 10;
    },
  },
  {
    name: "keys of one's own", sort: "ct",
    ohif: forgetting(async (page) => {
      const preferences = await settings(page, /Preferences/);
      await preferences.locator("div").filter({ has: page.locator("input"), hasText: /^Invert$/ }).last().locator("input").click();
      await page.keyboard.press("y");
      await page.waitForTimeout(300);
      await preferences.getByText("Save", { exact: true }).click();
      await preferences.waitFor({ state: "hidden" });
      await port(page).click();
      await page.waitForTimeout(500);
      return alters(page, port(page), () => page.keyboard.press("y"));
    }),
    async ours(page) {
      await button(page, "Shortcuts").click();
      return await page.locator("dialog[open] input, dialog[open] select").count() > 0;
    },
  },
  {
    name: "several screens", sort: "little", query: "&multimonitor=split",
    async ohif(page) {
      await page.waitForTimeout(5000);
      const windows = page.context().pages().filter((other) => other.url().includes("screenNumber="));
      await Promise.all(windows.map((other) => cy(other, "viewport-grid").waitFor()));
      await Promise.all(windows.map((other) => other.close()));
      return windows.length === 2 && "yes, two windows, by its configuration";
    },
  },
  { name: "axe: list of studies", ohif: axe, ours: axe },
  { name: "axe: viewer", sort: "ct", ohif: axe, ours: axe },
  {
    name: "image in words", sort: "ct",
    async ohif(page) {
      return /image|slice/i.test(await port(page).getAttribute("aria-label") ?? "") || await port(page).locator("canvas[aria-label], [role=img][aria-label], [aria-live]").count() > 0;
    },
    async ours(page) {
      await page.locator(".tile p.unseen", { hasText: /image \d+ of/ }).first().waitFor({ timeout: 8000 });
      return true;
    },
  },
  { name: "opens without a network", ohif: offline, ours: offline },
  { name: "390 px wide: list", ohif: narrow, ours: narrow },
  { name: "390 px wide: viewer", sort: "ct", ohif: narrow, ours: narrow },
];
