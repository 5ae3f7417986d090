// What is marked is kept: drawn, saved, and after the page was left drawn again at the same
// pixels, with the same words.
import { type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Archive, archive, desktop, drag, open, type Part, save, view } from "./display";
import { type Series, slicesOf } from "./drawn";
import { looks, openBrowser, type Role, see, visit, type Visit } from "./rig";

const study = "2.25.889";
const drawn: Series = { study, series: `${study}.1`, name: "Drawn", slices: 6, side: 256 };

let held: Archive, browser: Browser;

beforeAll(async () => { [held, browser] = await Promise.all([archive(slicesOf(drawn)), openBrowser()]); });

afterAll(async () => {
  await held.strike();
});

// opened is the study in the viewer, on its third image; again has it come anew.
async function opened(role: Role): Promise<Visit> {
  const visited = await visit(browser, held.node, desktop, role);
  await again(visited.page);
  return visited;
}

async function again(page: Page): Promise<void> {
  await view(page, held.node, study);
  await page.locator(".tile canvas[data-image]").waitFor();
  await page.locator(".tile").focus();
  await page.keyboard.press("Home");
  for (let i = 0; i < 2; i++) await page.keyboard.press("ArrowDown");
  await page.locator(".slice", { hasText: "image 3 of" }).waitFor();
}

async function draw(page: Page, tool: string, ...parts: readonly [Part, ...Part[]]): Promise<void> {
  await page.getByRole("button", { name: tool, exact: true }).click();
  await drag(page, page.locator(".tile"), ...parts);
}

// seen is the tile as it is on the screen, without what tells that something is selected.
async function seen(page: Page): Promise<{ png: Buffer; words: string[] }> {
  await page.getByRole("button", { name: "Scroll", exact: true }).click();
  await page.evaluate(() => { for (const mark of document.querySelectorAll(".mark.selected")) mark.classList.remove("selected"); });
  return { png: await page.locator(".tile").screenshot(), words: (await page.locator(".marks text").allTextContents()).sort() };
}

// different counts the pixels in which two pictures are not the same, in the page.
const different = (page: Page, a: Buffer, b: Buffer): Promise<number> => page.evaluate(async ([one, other]) => {
  const data = async (coded = ""): Promise<Uint8ClampedArray> => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(coded), (c) => c.charCodeAt(0))], { type: "image/png" }));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
    context?.drawImage(bitmap, 0, 0);
    return context?.getImageData(0, 0, bitmap.width, bitmap.height).data ?? new Uint8ClampedArray();
  };
  const [x, y] = [await data(one), await data(other)];
  let n = Math.abs(x.length - y.length);
  for (let i = 0; i < Math.min(x.length, y.length); i += 4) if ([0, 1, 2].some((k) => Math.abs((x[i + k] ?? 0) - (y[i + k] ?? 0)) > 8)) n++;
  return n;
}, [a.toString("base64"), b.toString("base64")]);

test("what is measured, noted and chosen is there again at the same pixels, and can be changed", async () => {
  const { page, context, complaints } = await opened("clinician");
  const bare = await seen(page);
  await draw(page, "Length", [0.4, 0.5], [0.6, 0.55]);
  await draw(page, "Ellipse", [0.3, 0.3], [0.45, 0.42]);
  await draw(page, "Note", [0.7, 0.6]);
  await page.locator(".words").fill("nodule? 结节");
  await page.locator(".tile").focus();
  await page.keyboard.press("k");
  const before = await seen(page);
  await save(page);
  expect(await page.locator(".mark.saved").count()).toBe(3);
  await again(page);
  await page.locator(".mark.saved").nth(2).waitFor();
  const after = await seen(page);
  expect(after.words).toEqual(before.words);
  expect(after.words.join(" ")).toMatch(/\d mm.*mean.*HU.*结节/s);
  expect(await different(page, bare.png, before.png)).toBeGreaterThan(500); // the comparison sees marks
  expect(await different(page, before.png, after.png)).toBe(0);
  expect(await page.locator(".mark-list li").first().innerText()).toMatch(/Saved .*SINSO \(Clinician\)/);
  await page.locator(".tile p.unseen", { hasText: /key image, 3 marks saved/ }).waitFor();

  // Key images only, and the others again.
  await page.getByLabel("Key images only").check();
  await page.locator(".slice", { hasText: "image 1 of 1" }).waitFor();
  await page.getByLabel("Key images only").uncheck();
  await page.locator(".slice", { hasText: "image 3 of 6" }).waitFor();

  // A newer version without the note, and none of the key images.
  await page.getByRole("button", { name: "Remove: Note" }).click();
  await page.locator(".tile").focus();
  await page.keyboard.press("k");
  await save(page);
  await again(page);
  await page.locator(".mark.saved").nth(1).waitFor();
  expect(await page.locator(".mark").count()).toBe(2);
  expect(await page.locator(".key-images").count()).toBe(0);
  await page.getByLabel("Show what is saved").uncheck();
  expect(await page.locator(".mark").count()).toBe(0);
  expect(complaints).toEqual([]);
  await context.close();
});

test("a new note is written at once, by pointer and by keyboard, and its point is moved and not made again", async () => {
  const { page, context, complaints } = await opened("owner");
  const marks = await page.locator(".mark").count();
  await draw(page, "Note", [0.3, 0.6]);
  await page.keyboard.type("or so");
  await page.locator(".tile").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.type("kif");
  expect(await page.locator(".words").evaluateAll((all) => all.map((one) => (one as HTMLTextAreaElement).value))).toEqual(["or so", "kif"]);
  expect(await page.locator(".corner", { hasText: "inverted" }).count()).toBe(0);
  await page.locator(".handle").last().hover();
  await page.mouse.down();
  await page.mouse.move(500, 500, { steps: 4 });
  await page.mouse.up();
  expect(await page.locator(".mark").count()).toBe(marks + 2);
  expect(complaints).toEqual([]);
  await context.close();
});

test("what is measured on a computed plane is there again when the planes are", async () => {
  const { page, context, complaints } = await opened("owner");
  const planes = async (): Promise<void> => {
    await page.getByRole("button", { name: "Planes (MPR)" }).click();
    await page.waitForFunction(() => document.querySelectorAll(".layout-2x2 .tile canvas[data-image]").length === 4);
  };
  const coronal = page.locator(".tile").nth(1);
  await planes();
  await page.getByRole("button", { name: "Rectangle", exact: true }).click();
  await drag(page, coronal, [0.45, 0.492], [0.6, 0.508]); // the body is six slices high
  const before = await coronal.locator(".marks text").allTextContents(), place = await coronal.locator(".mark rect").boundingBox();
  expect(before.join()).toMatch(/mean.*HU.*mm²/);
  await save(page);
  await again(page);
  expect(await page.locator(".mark rect").count()).toBe(0); // no image lies so
  await planes();
  await coronal.locator(".mark.saved rect").waitFor();
  expect(await coronal.locator(".marks text").allTextContents()).toEqual(before);
  const now = await coronal.locator(".mark rect").boundingBox();
  for (const side of ["x", "y", "width", "height"] as const) expect(Math.abs((now?.[side] ?? 0) - (place?.[side] ?? Number.NaN))).toBeLessThanOrEqual(1);
  await page.getByRole("button", { name: "Remove: Rectangle" }).click();
  await save(page);
  expect(complaints).toEqual([]);
  await context.close();
});

test("the owner sees what the clinician saved, in every look", async () => {
  for (const look of looks) {
    const visited = await open(browser, held.node, study, look), { page } = visited;
    await page.locator(".mark-list li").nth(1).waitFor();
    await page.locator(".mark-list li button").first().click();
    await page.locator(".mark.saved").nth(1).waitFor();
    await see(visited, "measured");
    expect(visited.complaints).toEqual([]);
    await visited.context.close();
  }
});
