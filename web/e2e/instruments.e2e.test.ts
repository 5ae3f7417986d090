// What a reader has in hand beside the image: the tags of an object, and what measures and magnifies.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dicom, items } from "./dicom";
import { type Archive, archive, desktop, drag, type Part, save, view } from "./display";
import { about, classOf, instanceOf, side, sorted, type Stack, stackOf } from "./objects";
import { type Look, looks, openBrowser, type Role, see, visit, type Visit } from "./rig";

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

let held: Archive, browser: Browser;

beforeAll(async () => { [held, browser] = await Promise.all([archive([...stackOf(ct), picture()]), openBrowser()]); });

afterAll(async () => {
  await held.strike();
});

// opened is a study in the viewer; again has it come anew.
async function opened(role: Role, study = ct.study, look: Look = desktop): Promise<Visit> {
  const seen = await visit(browser, held.node, look, role);
  await again(seen.page, study);
  return seen;
}

async function again(page: Page, study = ct.study): Promise<void> {
  await view(page, held.node, study);
  await page.locator(".tile canvas[data-image]").waitFor();
  await page.locator(".tile").focus();
}

test("the tags of an object are listed, found and copied, and go with the images", async () => {
  const { page, context, complaints } = await opened("clinician"), lines = page.locator(".tag-lines tbody tr"), find = page.getByLabel("Find words, a name or a tag");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
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
    const visited = await opened("clinician", plain.study, look), { page } = visited;
    for (const tool of ["circle", "contour", "cobb", "calibrate"]) {
      await page.locator(".viewer-tools .more").selectOption(tool);
      await page.locator(".tile").press("Enter");
    }
    await page.locator(".calibration input").waitFor();
    await page.locator(".tile").press("m");
    await page.locator(".lens").waitFor();
    await page.locator(".viewer-tools .more").selectOption("calibrate");
    await see(visited, "instruments");
    await page.locator(".viewer-tools > button").first().click();
    await page.locator(".tag-lines").waitFor();
    await see(visited, "tags");
    expect(visited.complaints).toEqual([]);
    await visited.context.close();
  }
});

type Spot = readonly [column: number, row: number];

// draw takes a tool of the list through places of the image, which fits its tile.
async function draw(page: Page, tool: string, from: Spot, ...through: readonly Spot[]): Promise<void> {
  await page.getByLabel("More tools").selectOption({ label: tool });
  const tile = page.locator(".tile"), ratio = await tile.evaluate((on: HTMLElement) => on.offsetWidth / on.offsetHeight);
  const part = ([column, row]: Spot): Part => [0.5 + ((column - 63.5) / side) * Math.min(1, 1 / ratio), 0.5 + ((row - 63.5) / side) * Math.min(1, ratio)];
  await drag(page, tile, part(from), ...through.map(part));
}

const said = (page: Page): Promise<string[]> => page.locator(".mark").evaluateAll((all) => all.map((mark) => [...mark.querySelectorAll("tspan")].map((line) => line.textContent).join("; ")));

// near takes the numbers out of words and compares them, each within a part of a hundred.
function near(words: string | undefined, ...want: number[]): void {
  const found = (words ?? "").match(/-?[\d,.]*\d/g)?.map((n) => Number(n.replaceAll(",", ""))) ?? [];
  expect(found, words).toHaveLength(want.length);
  for (const [i, n] of want.entries()) expect(Math.abs((found[i] ?? Number.NaN) - n), words).toBeLessThanOrEqual(Math.max(0.05, Math.abs(n) * 0.015));
}

test("a circle, a freehand region and a Cobb angle measure what is drawn, and are saved and there again", async () => {
  const { page, context, complaints } = await opened("clinician");
  await draw(page, "Circle", [63.5, 63.5], [73.5, 63.5]);
  await draw(page, "Freehand", [53.5, 53.5], [73.5, 53.5], [73.5, 73.5], [53.5, 73.5], [53.5, 54.5]);
  await draw(page, "Cobb angle", [20, 20], [60, 20]);
  expect((await said(page))[2]).toBe("draw the second line");
  await draw(page, "Cobb angle", [60, 110], [20, 90]);
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

  await save(page);
  await again(page);
  await page.locator(".mark.saved").nth(2).waitFor();
  expect((await said(page)).sort()).toEqual([...changed].sort());
  expect(await page.locator(".mark polygon").count()).toBe(1);
  const list = await page.locator(".mark-list li strong").allInnerTexts();
  expect([...list].sort()).toEqual(["Circle", "Cobb angle", "Freehand"]);
  const written = await page.evaluate(async (study) => (await fetch(`/dicom-web/studies/${study}/metadata`, { headers: { Accept: "application/dicom+json" } })).text(), ct.study);
  for (const one of ['"CIRCLE"', '"285285000"', '"POLYLINE"']) expect(written).toContain(one);
  for (const kind of list) await page.getByRole("button", { name: `Remove: ${kind}` }).click();
  await save(page);
  expect(complaints).toEqual([]);
  await context.close();
});

test("a line that crosses itself measures nothing, and one drawn by keyboard does", async () => {
  const { page, context, complaints } = await opened("owner");
  await draw(page, "Freehand", [40, 40], [90, 90], [90, 40], [40, 90]);
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
  const { page, context, complaints } = await opened("clinician");
  await page.keyboard.press("o"); // a pixel is one of the screen: the square is 40 wide in the middle of the tile
  await page.keyboard.press("m");
  await page.locator(".lens").waitFor();
  for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowLeft"); // on its left edge
  await expect.poll(async () => new Set((await lensRow(page)).grays).size).toBe(2);
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
  const { page, context, complaints } = await opened("clinician", plain.study), form = page.locator(".calibration");
  await draw(page, "Circle", [20, 20], [30, 20]);
  near((await said(page))[0], 90, 0, 90, 90, Math.PI * 100);
  expect((await said(page))[0]).toContain("square pixels");
  await page.getByLabel("More tools").selectOption({ label: "Calibration line" });
  await form.getByText("Draw a line on the picture").waitFor();
  await draw(page, "Calibration line", [20, 60], [100, 60]);
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
  await save(page);
  await again(page, plain.study);
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
  await again(page);
  await page.getByLabel("More tools").selectOption({ label: "Calibration line" });
  await form.getByText("This cannot be calibrated").waitFor(); // a CT has its millimetres
  expect(complaints).toEqual([]);
  await context.close();
});
