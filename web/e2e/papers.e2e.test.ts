// What is no image: waveforms, documents, films.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Archive, archive, open, seriesButton } from "./display";
import { enclosed, film, waveform } from "./objects";
import { type Node, openBrowser, shoot, violations } from "./rig";
import { record } from "./record";

let browser: Browser, held: Archive, node: Node;
const study = "2.25.6006", paper = (n: number, description: string) => ({ study, series: `${study}.${n}`, description });
const leads = [
  { name: "I", microvolts: 5, baseline: 0, value: (second: number) => (second >= 1 && second < 2 ? 200 : 0) }, // a mV
  { name: "II", microvolts: 5, baseline: -500, value: () => 0 },
];

async function recorded(): Promise<Buffer> {
  const page = await browser.newPage(), film = await record(page);
  await page.close();
  return film;
}

beforeAll(async () => {
  browser = await openBrowser();
  held = await archive([
    waveform(paper(1, "Rhythm"), 12, leads), enclosed(paper(2, "Letter"), "%PDF-1.4\n%%EOF"), enclosed(paper(3, "Trap"), "<script>document.title = 'run'</script>"),
    film(paper(4, "Endoscopy"), await recorded(), 25), film(paper(5, "Old film"), Buffer.alloc(376, 0x47), 25),
  ]);
  node = held.node;
});

afterAll(async () => {
  await held.strike();
});

// unexpected leaves out that the node has no pictures of films, and no frames.
const unexpected = (complaint: string): boolean => !complaint.includes("/thumbnail?") && !/406 .*\.[45]($|\/)/.test(complaint);

// inked returns where a column of the ECG paper has ink, from and to, between two heights.
const inked = (page: Page, x: number, from: number, to: number): Promise<number[]> => page.locator(".ecg-scroller canvas").evaluate((element, { x: column, from: top, to: bottom }) => {
  const canvas = element as HTMLCanvasElement, data = canvas.getContext("2d")?.getImageData(column, top, 1, bottom - top).data ?? new Uint8ClampedArray(), found: number[] = [];
  for (let y = 0; y < bottom - top; y++) if ((data[4 * y] ?? 255) < 90) found.push(top + y);
  return found.length > 0 ? [Math.min(...found), Math.max(...found)] : [];
}, { x, from, to });

const mm = 96 / 25.4; // CSS pixels

test("an ECG is plotted at 25 mm/s and 10 mm/mV, by lead, and zoomed", async () => {
  const seen = await open(browser, node, study), { page } = seen;
  await seriesButton(page, /Rhythm/).click();
  await page.locator(".ecg-scroller canvas").waitFor();
  await page.getByText("Waveforms of 2 leads (I, II), 12 s at 500 Hz, 25 mm/s, 10 mm/mV").waitFor();
  await page.getByText("Drawn rhythm").waitFor();
  await page.waitForTimeout(100); // some frames of the screen
  const row = Math.round(30 * mm), near = (found: number[], want: number): void => { expect(found.every((y) => Math.abs(y - want) <= 2) && found.length > 0, `${found} is not ${want}`).toBe(true); };
  near(await inked(page, Math.round(0.7 * 25 * mm), 0, row), 15 * mm);
  near(await inked(page, Math.round(1.5 * 25 * mm), 0, row), 5 * mm); // 1 mV up
  near(await inked(page, Math.round(1.5 * 25 * mm), row, 2 * row), 50 * mm); // half a mV down
  await shoot(seen, "display-ecg");
  await page.locator(".ecg-scroller").focus();
  await page.keyboard.press("+");
  await page.waitForTimeout(100);
  near(await inked(page, Math.round(1.5 * 25 * mm * 1.5), 0, Math.round(row * 1.5)), 5 * mm * 1.5);
  await page.locator(".ecg-scroller").evaluate((box) => { box.scrollLeft = 50; });
  await page.waitForTimeout(100);
  const step = Math.round(25 * mm * 1.5) - 50, tall = await Promise.all([-2, -1, 0, 1, 2].map(async (off) => { const [from = 0, to = 0] = await inked(page, step + off, 0, Math.round(row * 1.5)); return to - from; }));
  expect(Math.max(...tall)).toBeGreaterThan(10 * mm * 1.5 - 4); // at 1 s
  expect(await violations(page)).toEqual([]);
  expect(seen.complaints.filter(unexpected)).toEqual([]);
  await seen.context.close();
});

test("a document is handed over as a file, never opened, and not at all if it is none", async () => {
  const seen = await open(browser, node, study), { page } = seen;
  await seriesButton(page, /Letter/).click();
  await page.getByText("It is not opened in this page").waitFor();
  const [saved] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download" }).click()]);
  expect(saved.suggestedFilename()).toBe("document.pdf");
  await seriesButton(page, /Trap/).click();
  await page.getByText("What this object holds is no PDF document").waitFor();
  expect(await page.getByRole("button", { name: "Download" }).count()).toBe(0);
  expect([await page.locator("iframe, embed, object").count(), await page.title()]).toEqual([0, expect.not.stringContaining("run")]);
  expect(await violations(page)).toEqual([]);
  expect(seen.complaints.filter(unexpected)).toEqual([]);
  await seen.context.close();
});

test("a film plays in the browser, and one that it cannot play is handed over", async () => {
  const seen = await open(browser, node, study), { page } = seen;
  await seriesButton(page, /Endoscopy/).click();
  const video = page.locator("video");
  await page.getByText("Video of 25 pictures, 1 s").waitFor();
  await video.evaluate(async (element) => { await (element as HTMLVideoElement).play(); });
  await expect.poll(() => video.evaluate((element) => (element as HTMLVideoElement).currentTime)).toBeGreaterThan(0);
  const [red = 255, green = 0] = await video.evaluate((element) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 64 }), context = canvas.getContext("2d");
    context?.drawImage(element as HTMLVideoElement, 0, 0, 64, 64);
    return [...(context?.getImageData(32, 32, 1, 1).data ?? [])];
  });
  expect([red < 60, green > 150], `${red}, ${green}`).toEqual([true, true]);
  await shoot(seen, "display-film");
  await seriesButton(page, /Old film/).click();
  await page.getByText("This browser cannot play this video").waitFor();
  const [saved] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download" }).click()]);
  expect(saved.suggestedFilename()).toBe("film.ts");
  expect(await violations(page)).toEqual([]);
  expect(seen.complaints.filter(unexpected)).toEqual([]);
  await seen.context.close();
});
