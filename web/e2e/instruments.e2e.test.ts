// What a reader has in hand beside the image: the tags of an object, and what measures and magnifies.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dicom, items } from "./dicom";
import { about, classOf, instanceOf, keep, side, sorted, type Stack, stackOf } from "./objects";
import { type Look, looks, type Node, openBrowser, serve, shoot, stage, type Stage, violations, visit } from "./rig";

const run = promisify(execFile);
const desk: Look = { language: "en", theme: "light", screen: "desktop" };

// A CT of 128² pixels of 1 mm: a bright square of 40 pixels in the middle, and what only its header has.
const ct: Stack = {
  study: "2.25.901", series: "2.25.901.1", modality: "CT", description: "Square", slices: 4, spacing: 1,
  value: (column, row) => (Math.abs(column - 63.5) < 20 && Math.abs(row - 63.5) < 20 ? 1100 : 1000),
  more: (k) => [
    [0x00080008, "CS", "ORIGINAL\\PRIMARY\\AXIAL"], [0x00081140, "SQ", items([[0x00081155, "UI", "2.25.901.77"]])], [0x00090010, "LO", "INVENTED WORKS"], [0x00091001, "LO", `private ${k + 1}`],
  ],
};

// A picture that does not say how large anything on it is.
const plain = { study: "2.25.902", series: "2.25.902.1", modality: "OT", description: "Picture" };
const picture = (): Buffer => dicom(classOf("OT"), `${plain.series}.1`, sorted([
  ...about(plain, classOf("OT"), `${plain.series}.1`), [0x00280002, "US", 1], [0x00280004, "CS", "MONOCHROME2"], [0x00280010, "US", side], [0x00280011, "US", side],
  [0x00280100, "US", 8], [0x00280101, "US", 8], [0x00280102, "US", 7], [0x00280103, "US", 0], [0x7fe00010, "OW", Buffer.alloc(side * side, 90)],
]));

let set: Stage, node: Node, browser: Browser;

beforeAll(async () => {
  set = await stage();
  const files = join(set.folder, "files"), data = join(set.folder, "node");
  await keep(files, [...stackOf(ct), picture()]);
  await run(set.sinso, ["init", "--data", data]);
  await run(set.sinso, ["import", files, "--data", data]);
  [node, browser] = await Promise.all([serve(set.sinso, data), openBrowser()]);
});

afterAll(async () => {
  await browser.close();
  await node.stop();
  await set.strike();
});

// view opens a study in the viewer, on its first image.
async function view(page: Page, study = ct.study): Promise<void> {
  const { items: all } = await page.evaluate(async () => (await fetch("/api/v1/studies")).json() as Promise<{ items: { id: string; uid: string }[] }>);
  await page.goto(`${node.base}/#/view/${all.find(({ uid }) => uid === study)?.id}`);
  await page.reload();
  await page.locator(".tile canvas[data-image]").waitFor();
  await page.locator(".tile").focus();
}

test("the tags of an object are listed, found and copied, and go with the images", async () => {
  const { page, context, complaints } = await visit(browser, node, desk, "clinician"), lines = page.locator(".tag-lines tbody tr"), find = page.getByLabel("Find words, a name or a tag");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await view(page);
  await page.keyboard.press("t");
  await lines.filter({ hasText: "(0008,0018) UI" }).waitFor();
  expect(await lines.filter({ hasText: "(0008,0018) UI" }).innerText()).toMatch(/SOP Instance UID\s+2\.25\.901\.1\.1\s/);
  expect(await lines.filter({ hasText: "(0009,1001)" }).innerText()).toMatch(/Private, INVENTED WORKS\s+private 1\s/);
  expect(await lines.filter({ hasText: "(7FE0,0010)" }).innerText()).toMatch(/Pixel Data\s+large value/);
  await lines.filter({ hasText: "Referenced Image Sequence" }).getByRole("button").click();
  expect(await lines.filter({ hasText: "2.25.901.77" }).innerText()).toContain("Referenced SOP Instance UID");

  // It goes with the image, whose keys work beside it, and asks for what the hand rests on.
  await page.locator(".tile").focus();
  await page.keyboard.press("End");
  await lines.filter({ hasText: `${instanceOf(ct, 3)}` }).waitFor();
  await find.fill("private 4");
  await expect.poll(() => lines.count()).toBe(1);
  await page.getByText("1 attribute of 38 found").waitFor();
  await find.fill("pixelspacing");
  await page.getByRole("button", { name: "Copy: Pixel Spacing" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("1\\1");
  await find.press("Escape");
  expect(await page.locator(".viewer-tags").count()).toBe(0);
  expect(await page.evaluate(() => document.activeElement?.classList.contains("tile"))).toBe(true);
  expect(complaints).toEqual([]);
  await context.close();
});

test("the tools and the tags are usable in every look", async () => {
  for (const look of looks) {
    const visited = await visit(browser, node, look, "clinician"), { page } = visited;
    await view(page, plain.study);
    for (const tool of ["circle", "contour", "cobb", "calibrate"]) {
      await page.locator(".viewer-tools .more").selectOption(tool);
      await page.locator(".tile").press("Enter");
    }
    await page.locator(".calibration input").waitFor();
    await page.locator(".tile").press("m");
    await page.locator(".lens").waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await page.locator(".viewer-tools .more").selectOption("calibrate");
    await shoot(visited, "instruments");
    await page.locator(".viewer-tools > button").first().click();
    await page.locator(".tag-lines").waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(visited, "tags");
    expect(visited.complaints).toEqual([]);
    await visited.context.close();
  }
});

type Spot = readonly [column: number, row: number];

// drag draws with a tool of the list through places of the image, which has 128² pixels and fits its tile.
async function drag(page: Page, tool: string, ...spots: Spot[]): Promise<void> {
  await page.getByLabel("More tools").selectOption({ label: tool });
  const box = await page.locator(".tile").boundingBox();
  if (!box) throw new Error("the tile has no place");
  const scale = Math.min(box.width, box.height) / 128, at = ([column, row]: Spot): [number, number] => [box.x + box.width / 2 + (column - 63.5) * scale, box.y + box.height / 2 + (row - 63.5) * scale];
  const [first = [0, 0] as Spot, ...others] = spots;
  await page.mouse.move(...at(first));
  await page.mouse.down();
  for (const spot of others) await page.mouse.move(...at(spot), { steps: 6 });
  await page.mouse.up();
  await page.mouse.move(box.x + 3, box.y + 3);
}

const said = (page: Page): Promise<string[]> => page.locator(".mark").evaluateAll((all) => all.map((mark) => [...mark.querySelectorAll("tspan")].map((line) => line.textContent).join("; ")));

// near takes the numbers out of words and compares them, each within a part of a hundred.
function near(words: string | undefined, ...want: number[]): void {
  const found = (words ?? "").match(/-?[\d,.]*\d/g)?.map((n) => Number(n.replaceAll(",", ""))) ?? [];
  expect(found, words).toHaveLength(want.length);
  for (const [i, n] of want.entries()) expect(Math.abs((found[i] ?? Number.NaN) - n), words).toBeLessThanOrEqual(Math.max(0.05, Math.abs(n) * 0.015));
}

test("a circle, a freehand region and a Cobb angle measure what is drawn, and are saved and there again", async () => {
  const { page, context, complaints } = await visit(browser, node, desk, "clinician");
  await view(page);
  await drag(page, "Circle", [63.5, 63.5], [73.5, 63.5]);
  await drag(page, "Freehand", [53.5, 53.5], [73.5, 53.5], [73.5, 73.5], [53.5, 73.5], [53.5, 54.5]);
  await drag(page, "Cobb angle", [20, 20], [60, 20]);
  expect((await said(page))[2]).toBe("draw the second line");
  await drag(page, "Cobb angle", [60, 110], [20, 90]);
  const drawn = await said(page);
  near(drawn[0], 76, 0, 76, 76, Math.PI * 100); // HU: mean, SD, least, most; mm²
  near(drawn[1], 76, 0, 76, 76, 400);
  near(drawn[2], (Math.atan2(20, 40) * 180) / Math.PI);

  // A point of the contour is moved out of the square by keyboard.
  await page.locator(".handle.many").first().focus();
  await page.keyboard.press("PageUp");
  for (let i = 0; i < 20; i++) await page.keyboard.press("Shift+ArrowLeft");
  expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toMatch(/^Freehand, point [3-9]: mean /);
  const changed = await said(page);
  expect(changed[1]).toMatch(/-24 HU to 76 HU/);

  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.locator(".keeping", { hasText: /^Saved /m }).waitFor();
  await view(page);
  await page.locator(".mark.saved").nth(2).waitFor();
  expect((await said(page)).sort()).toEqual([...changed].sort());
  expect(await page.locator(".mark polygon").count()).toBe(1);
  const list = await page.locator(".mark-list li strong").allInnerTexts();
  expect([...list].sort()).toEqual(["Circle", "Cobb angle", "Freehand"]);
  const written = await page.evaluate(async (study) => (await fetch(`/dicom-web/studies/${study}/metadata`, { headers: { Accept: "application/dicom+json" } })).text(), ct.study);
  for (const one of ['"CIRCLE"', '"285285000"', '"POLYLINE"']) expect(written).toContain(one);
  for (const kind of list) await page.getByRole("button", { name: `Remove: ${kind}` }).click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.locator(".keeping", { hasText: /^Saved /m }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test("a line that crosses itself measures nothing, and one drawn by keyboard does", async () => {
  const { page, context, complaints } = await visit(browser, node, desk, "owner");
  await view(page);
  await drag(page, "Freehand", [40, 40], [90, 90], [90, 40], [40, 90]);
  expect(await said(page)).toEqual(["the line crosses itself: nothing is measured"]);
  await page.getByRole("button", { name: "Remove: Freehand" }).click();
  for (const [tool, points] of [["Circle", 2], ["Freehand", 8], ["Cobb angle", 4]] as const) {
    await page.getByLabel("More tools").selectOption({ label: tool });
    await page.locator(".tile").focus();
    await page.keyboard.press("Enter");
    expect(await page.locator(".mark.selected .handle").count()).toBe(points);
  }
  expect((await said(page))[2]).toMatch(/^2\d(\.\d)?°$/);
  expect(complaints).toEqual([]);
  await context.close();
});

// lensRow is the middle row of the lens, as grays, and its words.
const lensRow = (page: Page): Promise<{ grays: number[]; says: string }> => page.locator(".lens").evaluate((lens) => {
  const canvas = lens.querySelector("canvas"), row = canvas?.getContext("2d")?.getImageData(0, canvas.height / 2, canvas.width, 1).data ?? [];
  return { grays: Array.from(row).filter((_, i) => i % 4 === 0), says: lens.textContent ?? "" };
});

test("the magnifier shows the image's own pixels in its window, as many times larger as it says", async () => {
  const { page, context, complaints } = await visit(browser, node, desk, "clinician");
  await view(page);
  await page.keyboard.press("o"); // a pixel is one of the screen: the square is 40 wide in the middle of the tile
  await page.keyboard.press("m");
  await page.locator(".lens").waitFor();
  for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowLeft"); // on its left edge
  await expect.poll(async () => (await lensRow(page)).grays.indexOf(150) > 0 || new Set((await lensRow(page)).grays).size === 2).toBe(true);
  const on = await page.locator(".tile canvas").first().evaluate((canvas: HTMLCanvasElement) => Array.from(canvas.getContext("2d")?.getImageData(0, Math.round(canvas.height / 2), canvas.width, 1).data ?? []).filter((_, i) => i % 4 === 0));
  const edge = on.findIndex((gray, i) => i > on.length / 2 - 40 && gray > (on[i - 1] ?? gray) + 20);
  for (const factor of ["2", "3", "4"]) {
    await page.getByLabel("Magnification").selectOption(factor);
    await expect.poll(async () => (await lensRow(page)).says).toBe(`${factor}× · zoom ${factor}00%`);
    await page.waitForTimeout(60); // two frames of the screen
    const { grays } = await lensRow(page), middle = Math.round(on.length / 2) - 20;
    expect(new Set(grays)).toEqual(new Set([on[edge - 1], on[edge]])); // two grays, of this window, and none between
    const at = grays.findIndex((gray, i) => i > 0 && gray !== grays[i - 1]);
    expect(Math.abs(at - (80 + (edge - middle) * Number(factor)))).toBeLessThanOrEqual(Number(factor));
  }
  // It goes with the pointer, and away with it; another window is seen in it at once.
  await page.locator(".tile").hover({ position: { x: 300, y: 300 } });
  expect(await page.locator(".lens").evaluate((lens) => [(lens as HTMLElement).offsetLeft, (lens as HTMLElement).offsetTop])).toEqual([220, 220]);
  await page.locator(".tile").hover();
  await page.locator(".tile").press("i");
  await expect.poll(async () => Math.min(...(await lensRow(page)).grays)).toBeGreaterThan(50);
  await page.mouse.move(5, 5);
  expect(await page.locator(".lens").count()).toBe(0);
  expect(complaints).toEqual([]);
  await context.close();
});

test("a picture without a scale is measured by a line of known length, which says so, and is saved so", async () => {
  const { page, context, complaints } = await visit(browser, node, desk, "clinician"), form = page.locator(".calibration");
  await view(page, plain.study);
  await drag(page, "Circle", [20, 20], [30, 20]);
  near((await said(page))[0], 90, 0, 90, 90, Math.PI * 100);
  expect((await said(page))[0]).toContain("square pixels");
  await page.getByLabel("More tools").selectOption({ label: "Calibration line" });
  await form.getByText("Draw a line on the picture").waitFor();
  await drag(page, "Calibration line", [20, 60], [100, 60]);
  expect(await page.evaluate(() => document.activeElement?.getAttribute("type"))).toBe("number"); // its length is asked for at once
  await page.keyboard.type("0");
  await page.keyboard.press("Enter");
  await form.getByRole("alert").waitFor();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("40");
  await page.keyboard.press("Enter");
  await page.locator(".corner .warns", { hasText: "calibrated by hand" }).waitFor();
  const words = await said(page);
  near(words[0], 90, 0, 90, 90, Math.PI * 25);
  expect(words[0]).toMatch(/mm², calibrated by hand$/);
  expect(words[1]).toBe("40 mm, calibrated by hand");

  // It goes with the page; what was saved by it says so still, there and in the document.
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.locator(".keeping", { hasText: /^Saved /m }).waitFor();
  await view(page, plain.study);
  await page.locator(".mark.saved").nth(1).waitFor();
  expect(await page.locator(".corner .warns").count()).toBe(0);
  expect((await said(page)).sort()).toEqual([...words].sort());
  const written = await page.evaluate(async (study) => (await fetch(`/dicom-web/studies/${study}/metadata`, { headers: { Accept: "application/dicom+json" } })).text(), plain.study);
  expect(written).toContain("Calibrated by hand, by a line whose length a person gave");

  // By keyboard, and taken back.
  await page.getByLabel("More tools").selectOption({ label: "Calibration line" });
  await page.locator(".tile").press("Enter");
  await form.getByLabel("Length of the line in mm").fill("80");
  await form.getByRole("button", { name: "Calibrate", exact: true }).click();
  expect((await said(page)).at(-1)).toBe("80 mm, calibrated by hand");
  await form.getByRole("button", { name: "Measure as the file says again" }).click();
  for (const one of await said(page)) expect(one).toMatch(/pixels$/);
  await view(page);
  await page.getByLabel("More tools").selectOption({ label: "Calibration line" });
  await form.getByText("This cannot be calibrated").waitFor(); // a CT has its millimetres
  expect(complaints).toEqual([]);
  await context.close();
});
