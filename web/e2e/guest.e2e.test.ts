// What somebody with a link sees of each kind of object: the same as its owner does.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Archive, archive, colours, desktop, open, saysSoon, seriesButton } from "./display";
import { enclosed, film, instanceOf, segmentation, type Stack, stackOf, structures, waveform } from "./objects";
import { type Node, openBrowser, shoot, type Visit, violations, visit } from "./rig";
import { record } from "./record";

let browser: Browser, held: Archive, node: Node, link = "";
const study = "2.25.6010", of = (n: number, description: string) => ({ study, series: `${study}.${n}`, description });
const chest: Stack = { ...of(1, "Chest"), modality: "CT", slices: 5, value: () => 24 };
const mebibyte = 1 << 20, large = 17 * mebibyte; // more than fits among the attributes

// recorded is a film of a second, with a box of nothing behind it that makes it large.
async function recorded(): Promise<Buffer> {
  const page = await browser.newPage(), coded = await record(page);
  await page.close();
  const nothing = Buffer.alloc(large);
  nothing.writeUInt32BE(large);
  nothing.write("free", 4);
  return Buffer.concat([coded, nothing]);
}

beforeAll(async () => {
  browser = await openBrowser();
  held = await archive([
    ...stackOf(chest),
    segmentation(chest, `${study}.2`, [{ name: "Liver", lab: [35_579, 53_664, 50_858], boxes: [{ slice: 2, from: [20, 20], to: [40, 40] }] }]),
    structures(chest, `${study}.3`, "Heart", "0\\255\\0", [{ slice: 2, from: [90, 90], to: [110, 110] }]),
    waveform(of(4, "Rhythm"), 12, [{ name: "I", microvolts: 5, baseline: 0, value: (second) => (second >= 1 && second < 2 ? 200 : 0) }]),
    enclosed(of(5, "Letter"), `%PDF-1.4\n${" ".repeat(large)}%%EOF`), film(of(6, "Endoscopy"), await recorded(), 25),
  ]);
  node = held.node;
  link = await share();
});

afterAll(async () => {
  await held.strike();
});

// share marks an image, as an owner, and makes a link to all of the study.
async function share(): Promise<string> {
  const owner = await open(browser, node, study), { page } = owner, view = page.url();
  await page.evaluate(async ({ id, image, points }) => {
    const file = async (what: string, body: unknown): Promise<void> => {
      const answer = await fetch(`/api/v1/studies/${id}/${what}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(await answer.text());
    };
    await file("reports", { marks: [{ kind: "length", tracking: "2.25.7", label: "Length 1", points, image, frame: 1, values: [{ of: "length", in: "mm", number: 50 }] }] });
    await file("keyimages", { images: [{ image, frame: 1 }], replaces: [] });
  }, { id: view.split("/").at(-1) ?? "", image: instanceOf(chest, 2), points: [[50.5, 60.5], [100.5, 60.5]] });
  await page.goto(view.replace("#/view/", "#/share/"));
  await page.locator(".share-form button.primary").click();
  await page.locator("#share-link").waitFor();
  const made = await page.locator("#share-link").inputValue();
  await owner.context.close();
  return made;
}

async function guest(): Promise<Visit> {
  const seen = await visit(browser, node, desktop);
  seen.page.setDefaultTimeout(8000);
  await seen.page.goto(`${node.base}/icon.svg`); // the link is not only another place in the page that is open
  await seen.page.goto(link);
  await seen.page.locator(".series-list").waitFor();
  return seen;
}

const inked = (page: Page, x: number): Promise<number> => page.locator(".ecg-scroller canvas").evaluate((element, column) => {
  const data = (element as HTMLCanvasElement).getContext("2d")?.getImageData(column, 0, 1, 113).data ?? new Uint8ClampedArray();
  for (let y = 0; y < 113; y++) if ((data[4 * y] ?? 255) < 90) return y;
  return -1;
}, x);

test("segments, contours, marks and key images lie over the images that they are of", async () => {
  const seen = await guest(), { page } = seen;
  await expect.poll(() => seriesButton(page, /over: CT · Chest/).count()).toBe(2);
  await seriesButton(page, /SEG/).click();
  await seriesButton(page, /RTSTRUCT/).click();
  await page.locator(".key-images button").click(); // goes to the image
  await saysSoon(page, /image 3 of 5.*key image.*1 mark saved/s);
  await page.locator(".marks text", { hasText: "50" }).first().waitFor();
  const [inside, outside, line] = await colours(page, [[30, 30], [50, 30], [90, 100]]);
  await shoot(seen, "guest-over");
  expect([(inside?.[0] ?? 0) > 60, outside, (line?.[1] ?? 0) > 200], `${inside}, ${line}`).toEqual([true, [0, 0, 0], true]);
  expect(await violations(page)).toEqual([]);
  expect(seen.complaints.filter((complaint) => !complaint.includes("favicon"))).toEqual([]);
  await seen.context.close();
});

test("an ECG, a document and a film that are large show as they do for their owner", async () => {
  const seen = await guest(), { page } = seen;
  await seriesButton(page, /Rhythm/).click();
  await page.getByText("Waveform of 1 lead (I), 12 s at 500 Hz").waitFor();
  await page.waitForTimeout(100); // some frames of the screen
  const mm = 96 / 25.4, up = await inked(page, Math.round(1.5 * 25 * mm)), flat = await inked(page, Math.round(0.7 * 25 * mm));
  expect(flat - up).toBeGreaterThan(9 * mm); // a millivolt
  await seriesButton(page, /Letter/).click();
  await page.getByText("It is not opened in this page").waitFor();
  const [saved] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download", exact: true }).click()]);
  expect(saved.suggestedFilename()).toBe("document.pdf");
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
  await shoot(seen, "guest-film");
  expect(await violations(page)).toEqual([]);
  expect(seen.complaints.filter((complaint) => !complaint.includes("favicon"))).toEqual([]);
  await seen.context.close();
});

test("after the end nothing of it opens, in a page that is open neither", async () => {
  const seen = await guest(), { page } = seen;
  const owner = await open(browser, node, study);
  await owner.page.evaluate(async () => {
    const { items } = await (await fetch("/api/v1/shares")).json() as { items: { id: string }[] };
    for (const { id } of items) await fetch(`/api/v1/shares/${id}`, { method: "DELETE" });
  });
  await owner.context.close();
  await seriesButton(page, /Letter/).click();
  await page.locator(".paper .failure, .viewer .failure").first().waitFor();
  expect(await page.getByRole("button", { name: "Download", exact: true }).count()).toBe(0);
  await page.reload();
  await page.getByText("This link shows nothing").waitFor();
  await seen.context.close();
});
