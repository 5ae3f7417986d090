// What the viewer shows of each kind of object, in every look: nothing here asks for a word.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Archive, archive, open, seriesButton } from "./display";
import { bits, enclosed, film, segmentation, side, type Stack, stackOf, structures, waveform } from "./objects";
import { record } from "./record";
import { looks, openBrowser, see, unasked } from "./rig";

let browser: Browser, held: Archive;
const root = "2.25.6030", study = `${root}.1`, papers = `${root}.3`;
const body = (column: number, row: number): number => ((column - 64) ** 2 + (row - 64) ** 2 < 2500 ? 1064 : 24);

// A CT with an overlay in its first half, what lies over it, and PET of its frame of reference.
const chest: Stack = {
  study, series: `${study}.1`, modality: "CT", description: "Chest", slices: 5, value: body,
  more: () => [[0x60000010, "US", side], [0x60000011, "US", side], [0x60000040, "CS", "G"], [0x60000050, "SS", new Uint8Array([1, 0, 1, 0])], [0x60000100, "US", 1], [0x60000102, "US", 0],
    [0x60003000, "OW", bits(side * side, (i) => Math.floor(i / side) === 64 && i % side < 64)]],
};
const uptake: Stack = { study, series: `${study}.2`, modality: "PT", description: "Uptake", slices: 5, value: (column, row) => ((column - 80) ** 2 + (row - 64) ** 2 < 60 ? 8 : 0), more: () => [[0x00281052, "DS", "0"], [0x00541001, "CS", "GML"]] };
const torn: Stack = { study, series: `${study}.5`, modality: "CT", description: "Torn", slices: 1, more: () => [[0x7fe00010, "OW", new Uint8Array(64)]] };
const before: Stack = { study: `${root}.2`, series: `${root}.2.1`, modality: "CT", description: "Before", date: "20230301", slices: 5, value: body };
const paper = (n: number, description: string): { study: string; series: string; description: string } => ({ study: papers, series: `${papers}.${n}`, description });

beforeAll(async () => {
  browser = await openBrowser();
  const page = await browser.newPage(), recorded = await record(page);
  await page.close();
  held = await archive([
    ...stackOf(chest), ...stackOf(uptake), ...stackOf(torn), ...stackOf(before),
    segmentation(chest, `${study}.3`, [{ name: "Liver", lab: [35_579, 53_664, 50_858], boxes: [{ slice: 2, from: [20, 20], to: [60, 60] }] }]),
    structures(chest, `${study}.4`, "Heart", "0\\255\\0", [{ slice: 2, from: [70, 70], to: [100, 100] }]),
    waveform(paper(1, "Rhythm"), 12, [{ name: "I", microvolts: 5, baseline: 0, value: (second) => (second >= 1 && second < 2 ? 200 : 0) }]),
    enclosed(paper(2, "Letter"), "%PDF-1.4\n%%EOF"), enclosed(paper(3, "Trap"), "<script></script>"), film(paper(4, "Endoscopy"), recorded, 25), film(paper(5, "Old film"), Buffer.alloc(376, 0x47), 25),
  ]);
});

afterAll(async () => {
  await held.strike();
});

const shown = (page: Page, tile = 0): Promise<void> => page.locator(`.tile >> nth=${tile} >> canvas[data-image]`).waitFor();

test.each(looks)("images and what lies over them: $language, $theme, $screen", async (look) => {
  const seen = await open(browser, held.node, study, look), { page } = seen;
  await shown(page);
  for (const over of [/SEG/, /RTSTRUCT/]) await seriesButton(page, over).click();
  await expect.poll(() => page.locator(".over-list li").count()).toBe(2);
  await see(seen, "kinds-over");
  await page.locator(".over-list > button").click(); // PET
  await page.locator(".fusion-range").waitFor();
  await see(seen, "kinds-fusion");
  await page.locator('.viewer-tools .group [aria-busy="false"]').click(); // planes
  await shown(page, 2);
  await see(seen, "kinds-planes");
  await page.locator('.viewer-tools .group [aria-busy="false"]').click();
  await page.locator(".viewer-tools > button").last().click();
  await page.locator("dialog[open]").waitFor();
  expect(await page.locator("dialog[open]").evaluate((dialog) => dialog.scrollTop), "it begins at its beginning").toBe(0);
  await see(seen, "kinds-keys");
  await page.keyboard.press("Escape");
  await page.locator(".compare > button").click();
  await page.locator(".compare li button").first().waitFor();
  await see(seen, "kinds-others");
  await page.locator(".compare li button").first().click();
  await shown(page, 1);
  await see(seen, "kinds-compared");
  expect(unasked(seen, /thumbnail\?/)).toEqual([]); // papers have no picture
  await seen.context.close();
});

test.each(looks)("what cannot be shown or made: $language, $theme, $screen", async (look) => {
  const seen = await open(browser, held.node, study, look), { page } = seen;
  await shown(page);
  await seriesButton(page, /Torn/).click();
  await page.locator(".tile-note, .failure").first().waitFor();
  await see(seen, "kinds-torn");
  await page.goto(page.url().replace("#/view/", "#/model/"));
  await page.locator(".workbench .primary, .model-page .primary").first().click(); // bone, of which there is none
  await page.locator(".failure").waitFor();
  await see(seen, "kinds-no-model");
  expect(unasked(seen, /thumbnail\?|status of 502 .*\/2\.25\.6030\.1\.5\/|status of 400 .*\/model\?/)).toEqual([]);
  await seen.context.close();
});

test.each(looks)("what is no image: $language, $theme, $screen", async (look) => {
  const seen = await open(browser, held.node, papers, look), { page } = seen;
  for (const [series, there] of [["Rhythm", ".ecg-scroller canvas"], ["Letter", ".paper-body p + button"], ["Trap", ".paper-body h2"], ["Endoscopy", "video"], ["Old film", ".paper-body [role=status]"]] as const) {
    await seriesButton(page, new RegExp(series)).click();
    await page.locator(there).waitFor();
    await see(seen, `kinds-${series.toLowerCase().replace(" ", "-")}`);
  }
  expect(unasked(seen, /thumbnail\?|status of 406 .*\/frames\/1$/)).toEqual([]);
  await seen.context.close();
});
