// What somebody else wrote into their files changes nothing of the page: no script runs, no
// letter turns what stands beside it, and nothing is pushed off the screen.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Element } from "./dicom";
import { type Archive, archive, open } from "./display";
import { enclosed, segmentation, type Stack, stackOf, structures, waveform } from "./objects";
import { type Look, looks, openBrowser, shoot, violations, visit, type Visit } from "./rig";

const script = '"><img src=x onerror="window.hit=1"><script>window.hit=1</script><svg onload="window.hit=1">{{7*7}}${7*7}';
const turned = "\u202egnp.exe\u2066\u2067\u061c\u200f";
const huge = "W".repeat(3900); // more than 4,096 bytes are not filed

// hostile are the words of an object, each in a way of its own; they are read as UTF-8.
const hostile = (part: string): Element[] => [
  [0x00080005, "CS", "ISO_IR 192"], [0x00080050, "SH", `${turned}A`], [0x00080070, "LO", text(`${script}${turned}`)], [0x00080080, "LO", text(`${turned}${script}`)],
  [0x00081010, "SH", text(script)], [0x00081030, "LO", text(`${part}${turned}`)], [0x0008103e, "LO", text(part === "long" ? huge : `${part}${script}${turned}`)],
  [0x00081090, "LO", text(huge)], [0x00180015, "CS", text(`${script}${turned}`)], [0x00180024, "SH", text(turned)], [0x00181030, "LO", text(`${script}${huge}`)], [0x00204000, "LT", text(`${script}\n${turned}${huge}`)],
];
const text = (words: string): Buffer => Buffer.from(words + (Buffer.byteLength(words) % 2 ? " " : ""));

const stack = (n: number, part: string): Stack => ({
  study: "2.25.6901", series: `2.25.6901.${n}`, reference: "2.25.6901.99", modality: "CT", description: part, slices: 4, value: (column, row) => (column > 40 && column < 90 && row > 40 && row < 90 ? 1400 : 24),
  more: () => hostile(part),
});
const evil = stack(1, "evil"), long = stack(2, "long");

let browser: Browser, held: Archive, folder = "";

beforeAll(async () => {
  [browser, folder] = await Promise.all([openBrowser(), mkdtemp(join(tmpdir(), "sinso-hostile-"))]);
  held = await archive([
    ...stackOf(evil), ...stackOf(long),
    segmentation(evil, "2.25.6901.3", [{ name: `${script}${turned}`, boxes: [{ slice: 1, from: [20, 20], to: [40, 40] }] }, { name: huge.slice(0, 900), boxes: [{ slice: 2, from: [60, 20], to: [80, 40] }] }]),
    structures(evil, "2.25.6901.4", `${turned}${script}`, "0\\255\\0", [{ slice: 2, from: [90, 90], to: [110, 110] }]),
    enclosed({ study: evil.study, series: "2.25.6901.5", description: `${script}${turned}` }, `%PDF-1.4\n${script}`),
    waveform({ study: evil.study, series: "2.25.6901.6", description: `${turned}${script}` }, 2, [{ name: `${script}${turned}`, microvolts: 1, baseline: 0, value: (second) => Math.round(900 * Math.sin(second)) }]),
  ]);
});

afterAll(async () => {
  await held.strike();
  await rm(folder, { recursive: true, force: true });
});

// harmless wants the page to be what it was: nothing ran, nothing came in, nothing turns what
// is not its own, and nothing is wider than the screen.
async function harmless(seen: Visit, name: string): Promise<void> {
  const { page } = seen;
  const found = await page.evaluate(() => {
    const turning = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/, mixed: string[] = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      if (!turning.test(node.textContent ?? "")) continue;
      let box = node.parentElement;
      while (box && getComputedStyle(box).display.startsWith("inline") && !getComputedStyle(box).unicodeBidi.includes("isolate") && getComputedStyle(box).unicodeBidi !== "plaintext") box = box.parentElement;
      if (box && box.textContent?.trim() !== node.textContent?.trim() && !getComputedStyle(box).unicodeBidi.includes("isolate")) mixed.push(box.outerHTML.slice(0, 200));
    }
    return {
      hit: "hit" in window, brought: document.querySelectorAll('img[src="x"], svg[onload], main script').length, title: turning.test(document.title), mixed,
      wide: document.documentElement.scrollWidth > innerWidth ? [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > innerWidth).map((one) => one.outerHTML.slice(0, 120)) : [],
    };
  });
  expect(found, name).toEqual({ hit: false, brought: 0, title: false, mixed: [], wide: [] });
  expect((await violations(page)).filter((one) => !one.startsWith("cut: ")), name).toEqual([]); // what is too long for its place is cut there
  await shoot(seen, `hostile-${name}`);
}

const settled = (page: Page): Promise<unknown> => page.waitForFunction(() => !document.querySelector("main [aria-busy=true]"), undefined, { timeout: 20_000 });

test.each(looks)("names and descriptions change no page: $language, $theme, $screen", async (look: Look) => {
  const seen = await open(browser, held.node, evil.study, look), { page } = seen, { base } = held.node;
  await page.locator("canvas[data-image]").first().waitFor();
  await harmless(seen, "viewer");
  const id = /#\/view\/([^/?]+)/.exec(page.url())?.[1] ?? "";
  for (const [name, place, at] of [
    ["studies", "", ".page"], ["study", `study/${id}`, "h1"], ["sell", `sell/${id}`, ".series img"], ["look", `sell/${id}/look/all/faces-in/0.02`, ".sides"], ["review", `sell/${id}/review/all/faces-in/0.02`, ".onward"],
    ["share", `share/${id}`, "h1"], ["assets", "assets", "h1"],
  ] as const) {
    await page.goto(`${base}/#/${place}`);
    await page.locator(at).first().waitFor();
    await page.waitForTimeout(300);
    await harmless(seen, name);
  }
  expect(seen.complaints).toEqual([]);
  await seen.context.close();
}, 120_000);

test("segments, structures, documents and waveforms with such names are shown as words", async () => {
  const seen = await open(browser, held.node, evil.study), { page } = seen;
  await page.locator("canvas[data-image]").first().waitFor();
  for (const button of await page.locator(".series-list button").all()) {
    await button.click();
    await page.waitForTimeout(300);
  }
  await settled(page);
  await harmless(seen, "objects");
  expect(seen.complaints).toEqual([]);
  await seen.context.close();
}, 60_000);

test("files with such names are refused or taken in as they are", async () => {
  const path = join(folder, `${turned}<img src=x onerror=window.hit=1>.dcm`);
  await writeFile(path, "no DICOM");
  const seen = await visit(browser, held.node, looks[0] as Look, "operator"), { page } = seen;
  await page.goto(`${held.node.base}/#/import`);
  await page.locator('input[type="file"]').first().setInputFiles(path);
  await page.locator(".panel table .badge.T4").first().waitFor({ timeout: 30_000 });
  await harmless(seen, "import");
  expect(seen.complaints).toEqual([]);
  await seen.context.close();
}, 60_000);
