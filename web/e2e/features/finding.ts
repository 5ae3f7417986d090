// Finding a study, and how it is laid out.
import type { Page } from "playwright-core";
import { studyOf } from "../gallery";
import { choose } from "../solid";
import { alters, type Feature, shows } from "./hands";
import { button, planes, volume } from "./ours";
import { cy, dialog, laid, port, ports } from "./theirs";

const counted = (page: Page): Promise<string> => page.getByText(/\d+-\d+ of \d+/).first().innerText().catch(() => "none");

// cards are how many studies our list has for some words.
async function cards(page: Page, words: string): Promise<number> {
  await page.getByRole("searchbox").fill(words);
  await page.waitForTimeout(800);
  return page.locator(".cards > *").count();
}

const all = Object.keys(studyOf).length;

export const finding: readonly Feature[] = [
  {
    name: "list: search by name",
    async ohif(page) {
      await page.locator("input").first().fill("NOBODY");
      await page.waitForTimeout(2500);
      return await counted(page) !== `1-${all} of ${all}`;
    },
    async ours(page) { // the list does not show whose a study is
      return await cards(page, "FIGURE") > 0;
    },
  },
  {
    name: "list: search by words",
    async ohif(page) {
      await page.locator("input").nth(4).fill("nothing");
      await page.waitForTimeout(2500);
      return await counted(page) !== `1-${all} of ${all}`;
    },
    async ours(page) {
      return await cards(page, "drawn") > 0 && await cards(page, "nothing has this") === 0;
    },
  },
  {
    name: "list: by modality",
    async ohif(page) {
      await page.locator("input").nth(3).click();
      await page.keyboard.type("MG");
      await page.keyboard.press("Enter");
      await page.waitForTimeout(2500);
      return counted(page);
    },
    async ours(page) {
      await page.getByRole("search").locator("select").first().selectOption("MG");
      return `${await cards(page, "")} of ${all}`;
    },
  },
  {
    name: "list: sorted",
    async ohif(page) {
      const last = (): Promise<string> => page.locator("tbody tr").last().innerText(), before = await last();
      await page.locator("th", { hasText: "Study Date" }).first().locator("button, svg").first().click();
      await page.waitForTimeout(2500);
      return await last() !== before;
    },
    async ours(page) {
      const first = (): Promise<string> => page.locator(".cards > *").first().innerText(), before = await first();
      await page.getByRole("search").locator("select").last().selectOption({ index: 1 });
      await page.waitForTimeout(500);
      return await first() !== before;
    },
  },
  {
    name: "series with small pictures", sort: "ct",
    ohif: shows('[data-cy="study-browser-thumbnail"] img'),
    ours: shows(".series-list .small-picture img, .series-list .small-picture canvas"),
  },
  {
    name: "address that opens a study", sort: "ct",
    ohif: async (page) => page.url().includes("StudyInstanceUIDs"),
    ours: async (page) => page.url().includes("view/"),
  },
];

export const layouts: readonly Feature[] = [
  {
    name: "grid", sort: "ct", ohif: laid("Layout-1-1"),
    async ours(page) {
      await button(page, "2 × 2").click();
      return `${await page.locator(".tile").count()} tiles`;
    },
  },
  {
    name: "four mammograms side by side at first", sort: "mg",
    ohif: async (page) => `${await ports(page).count()} tiles`,
    ours: async (page) => `${await page.locator(".tile").count()} tiles`,
  },
  {
    name: "planes (MPR)", sort: "ct", ohif: laid("MPR"),
    async ours(page) {
      await planes(page);
      return `${await page.locator(".tile").count()} tiles`;
    },
  },
  { name: "3D four up", sort: "little", small: true, seconds: 240, ohif: laid("3D four up") },
  {
    name: "presets of volume rendering", sort: "little", small: true, seconds: 240,
    async ohif(page) { // it renders CT-Bone first
      await laid("3D only")(page);
      return alters(page, port(page), async () => {
        await cy(page, "windowLevelMenu-btn").click();
        await page.getByText("Rendering Presets").first().click();
        await dialog(page).getByText("CT-MIP", { exact: true }).click();
        await dialog(page).getByText("Cancel").click();
      });
    },
    async ours(page) {
      await volume(page);
      return alters(page, page.locator(".solid-ground canvas"), () => choose(page, "mip"));
    },
  },
];
