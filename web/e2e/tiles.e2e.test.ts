// What presses, drags and fingers do to tiles, also where answers come late and where the
// pictures come by a link.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Archive, archive, desktop, open, placed, save, seriesButton, view } from "./display";
import { segmentation, type Stack, stackOf, unsampled, waveform } from "./objects";
import { type Node, openBrowser, visit } from "./rig";

let browser: Browser, held: Archive, node: Node;
const study = "2.25.6060";
const ct: Stack = { study, series: `${study}.1`, modality: "CT", description: "Plain", slices: 3, value: (column, row, k) => 1000 + column + row + 10 * k };
const other: Stack = { ...ct, series: `${study}.2`, description: "Other" };
const gap = [{ name: "I", microvolts: 5, baseline: 0, value: (second: number) => (second >= 1 && second < 2 ? unsampled : 0) }];

beforeAll(async () => {
  browser = await openBrowser();
  held = await archive([
    ...stackOf(ct), ...stackOf(other), segmentation(ct, `${study}.3`, [{ name: "Liver", boxes: [{ slice: 1, from: [20, 20], to: [60, 60] }] }]), waveform({ study, series: `${study}.4`, description: "Rhythm" }, 4, gap, 50),
  ]);
  node = held.node;
});

afterAll(async () => {
  await held.strike();
});

const title = (page: Page, name: RegExp): Promise<void> => page.locator(".tile .top-left", { hasText: name }).first().waitFor();

test("an ECG has no line where nothing was sampled, and its tile takes a series that is dragged there", async () => {
  const { page, context } = await open(browser, node, study);
  await title(page, /CT · /);
  await seriesButton(page, /Rhythm/).click();
  await page.getByText("Waveform of 1 lead").waitFor();
  await page.waitForTimeout(100); // some frames of the screen
  const inked = (second: number, zoom: number): Promise<boolean> => page.locator(".ecg-scroller canvas").evaluate((element, x) => {
    const canvas = element as HTMLCanvasElement, data = canvas.getContext("2d")?.getImageData(x, 30, 1, canvas.height - 30).data ?? new Uint8ClampedArray();
    return data.some((v, i) => i % 4 === 0 && v < 90);
  }, Math.round((zoom * second * 25 * 96) / 25.4));
  for (const zoom of [1, 1.5, 2]) { // also where a sample is wider than a pixel
    expect([await inked(0.5, zoom), await inked(1.5, zoom)]).toEqual([true, false]);
    await page.locator(".ecg-scroller").focus();
    await page.keyboard.press("+");
    await page.waitForTimeout(100);
  }
  await seriesButton(page, /Other/).dragTo(page.locator(".tile.paper"));
  await title(page, /Other/);
  await context.close();
});

test("a segmentation that is pressed early and twice is laid over once, and takes no tile from what was chosen since", async () => {
  const { page, context } = await visit(browser, node, desktop, "owner");
  let release: () => void = () => {};
  const gate = new Promise<void>((done) => { release = done; });
  await page.route(`**/series/${study}.3/metadata*`, async (route) => { await gate; await route.continue(); });
  await view(page, node, study);
  await page.locator("canvas[data-image]").waitFor();
  await seriesButton(page, /SEG/).dblclick();
  await seriesButton(page, /Other/).click();
  await title(page, /Other/);
  release();
  await page.getByRole("group", { name: "Organs" }).getByText("Liver").waitFor();
  await title(page, /Other/);
  await seriesButton(page, /SEG/).dblclick(); // as one press: off
  await page.getByText("Liver").waitFor({ state: "detached" });
  await context.close();
});

test("two fingers leave no note behind, one does", async () => {
  const { page, context } = await open(browser, node, study), touch = await context.newCDPSession(page);
  await title(page, /CT · /);
  await page.locator("canvas[data-image]").waitFor();
  await page.getByRole("button", { name: "Value", exact: true }).click();
  const [x, y] = await placed(page.locator(".tile"), [0.5, 0.5]), at = (...ways: number[]) => ways.map((way, id) => ({ x: x + way, y, id }));
  const send = (type: "touchStart" | "touchMove" | "touchEnd", ...ways: number[]) => touch.send("Input.dispatchTouchEvent", { type, touchPoints: at(...ways) });
  const zoom = (): Promise<string> => page.locator(".bottom-left").innerText(), before = await zoom();
  await send("touchStart", -20);
  await page.locator(".mark").waitFor();
  await send("touchStart", -20, 20);
  await send("touchMove", -60, 60);
  await send("touchEnd");
  await expect.poll(zoom).not.toBe(before);
  expect(await page.locator(".mark").count()).toBe(0);
  await send("touchStart", 5);
  await send("touchEnd");
  await page.locator(".mark").waitFor();
  await context.close();
});

test("behind a link, a key image and a segmentation find the series that they are of", async () => {
  const clinician = await open(browser, node, study, desktop, "clinician"), { page } = clinician, id = page.url().split("/").at(-1);
  await page.locator("canvas[data-image]").waitFor();
  await page.locator(".tile").focus();
  await page.keyboard.press("End");
  await page.locator(".slice", { hasText: "image 3 of 3" }).waitFor();
  await page.keyboard.press("k");
  await save(page);
  await clinician.context.close();
  const owner = await visit(browser, node, desktop, "owner");
  await owner.page.goto(`${node.base}/#/share/${id}`);
  await owner.page.locator(".share-form button.primary").click();
  const link = await owner.page.locator("#share-link").inputValue();
  await owner.context.close();
  const doctor = await visit(browser, node, desktop), shown = doctor.page;
  await shown.goto(`${node.base}/icon.svg`);
  await shown.goto(link);
  await shown.locator("canvas[data-image]").first().waitFor();
  const key = shown.locator(".key-images li button");
  await expect.poll(() => key.innerText()).toMatch(/CT · Plain/);
  await seriesButton(shown, /Other/).click();
  await title(shown, /Other/);
  await seriesButton(shown, /over: CT · Plain/i).click();
  await title(shown, /Plain/); // the images that it is of
  await seriesButton(shown, /Other/).click();
  await title(shown, /Other/);
  await key.click();
  await title(shown, /Plain/);
  await shown.locator(".slice", { hasText: "image 3 of 3" }).waitFor();
  await doctor.context.close();
});
