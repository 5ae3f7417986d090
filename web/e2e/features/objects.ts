// Objects that are no plain images.
import { alters, colours, downloads, type Feature, plays, seen, shows } from "./hands";
import { button, hand, over, tile } from "./ours";
import { brush, cy, dialog, overlay, pick, port } from "./theirs";

export const objects: readonly Feature[] = [
  {
    name: "SEG shown", sort: "ct",
    ohif: (page) => colours(page, port(page), () => overlay(page, "SEG")),
    ours: (page) => colours(page, tile(page), () => over(page, /Organs/)),
  },
  { name: "SEG edited", sort: "ct", mode: "segmentation", ohif: (page) => colours(page, port(page), () => brush(page, port(page))) },
  {
    name: "SEG exported", sort: "ct", mode: "segmentation",
    async ohif(page) {
      await brush(page, port(page));
      await cy(page, "segmentation-collapsed-more-btn-Labelmap").click();
      await page.getByRole("menuitem", { name: "Export" }).hover();
      await page.getByRole("menuitem", { name: "DICOM SEG" }).click();
      await dialog(page).locator("input").last().fill("Bench");
      return downloads(page, () => dialog(page).getByText("Download", { exact: true }).click());
    },
  },
  {
    name: "RTSTRUCT shown", sort: "ct",
    ohif: (page) => colours(page, port(page), () => overlay(page, "RTSTRUCT")),
    ours: (page) => colours(page, tile(page), () => over(page, /Plan/)),
  },
  {
    name: "PDF", sort: "pdf", ohif: shows("object, iframe, embed"),
    ours: (page) => downloads(page, () => page.getByRole("link", { name: /Download/ }).or(button(page, /Download/)).first().click()),
  },
  { name: "MPEG-4 film", sort: "film", ohif: plays, ours: plays },
  {
    name: "ECG", sort: "ecg", ours: shows(".ecg-scroller canvas"),
    async ohif(page) {
      await page.waitForTimeout(3000);
      return /Lead V6|Rhythm/.test(await port(page).innerText()) && (await seen(page, port(page))).coloured > 0.001;
    },
  },
  {
    name: "slides (microscopy)", sort: "slide", mode: "microscopy",
    async ohif(page) {
      await page.locator(".ol-viewport canvas").first().waitFor();
      await page.waitForTimeout(3000);
      const zooms = await alters(page, port(page), async () => {
        await port(page).hover();
        await page.mouse.wheel(0, -600);
        await page.waitForTimeout(1500);
      });
      return (await seen(page, port(page))).coloured > 0.3 && zooms;
    },
    ours: async (page) => `${await page.locator(".slice").first().innerText()}, tile by tile`,
  },
  {
    name: "ultrasound mode (pleura lines)", sort: "us", mode: "usAnnotation",
    ohif: async (page) => await page.locator("canvas").count() > 0,
  },
  {
    name: "volumes over time (4D)", sort: "time", mode: "dynamic-volume",
    async ohif(page) { // it plays at once: four takes, each brighter
      const take = async (): Promise<string> => /(\d) ?\/4/.exec((await port(page).innerText()).replaceAll("\n", " "))?.[1] ?? "", takes = new Set<string>();
      await cy(page, "cine-player-play-pause").waitFor();
      for (let i = 0; i < 60 && takes.size < 3; i++) takes.add(await page.waitForTimeout(130).then(take));
      return takes.size > 2 && (await seen(page, port(page))).coloured > 0;
    },
  },
  {
    name: "tags of an object", sort: "ct",
    async ohif(page) {
      await pick(page, "TagBrowser");
      await dialog(page).getByText(/\(0010,0010\)/).first().waitFor({ timeout: 8000 });
      return true;
    },
    async ours(page) {
      await hand(page, /^Tags$/);
      await page.getByText(/\(0010,0010\)/).first().waitFor({ timeout: 8000 });
      return true;
    },
  },
  {
    name: "picture as a file", sort: "ct",
    async ohif(page) {
      await pick(page, "Capture");
      await page.waitForTimeout(1500);
      return downloads(page, () => dialog(page).getByText(/^Save image$/i).click());
    },
    ours: (page) => downloads(page, () => button(page, "Picture as PNG").click()),
  },
];
