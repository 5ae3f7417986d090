// make bench-features: what OHIF's viewer and ours can do, tried one by one in the same browser on
// the same node and studies. A table goes to stderr, one JSON object to the file BENCH_OUT;
// pictures go where rig.ts keeps them. What a try needs an eye for is not here: docs/viewer.md says so.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { BrowserContext, Locator, Page } from "playwright-core";
import { test } from "vitest";
import { gallery, studyOf } from "./gallery";
import { keep } from "./objects";
import { fetched, serveOhif } from "./ohif";
import { type Node, openBrowser, program, serve, shots, signIn, violations } from "./rig";
import { record } from "./record";

const run = promisify(execFile);
type Sort = keyof typeof studyOf;
type Try = (page: Page) => Promise<boolean | string>; // true, false or what was found
type Feature = { name: string; sort?: Sort; mode?: string; ohif?: Try; ours?: Try };
type Row = { name: string; ohif: string; ours: string };

const patience = 90_000; // ms that one try may take

test("bench", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sinso-bench-features-"));
  try {
    const sinso = await program(folder), data = join(folder, "node"), browser = await openBrowser();
    const page = await browser.newPage();
    await page.setContent("<h1>Letter</h1>");
    await keep(join(folder, "files"), gallery(await record(page), (await page.pdf()).toString("latin1")));
    await run(sinso, ["init", "--data", data]);
    await run(sinso, ["import", join(folder, "files"), "--data", data]);
    const node = await serve(sinso, data), ohif = await serveOhif(await fetched(), node);
    await mkdir(shots, { recursive: true });
    const rows = await all(await browser.newContext(looking), node, ohif.base);
    await browser.close();
    await ohif.stop();
    await node.stop();
    if (process.env.BENCH_OUT) await writeFile(process.env.BENCH_OUT, `${JSON.stringify({ rows })}\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 3_600_000);

const looking = { viewport: { width: 1400, height: 900 }, acceptDownloads: true, locale: "en-GB", reducedMotion: "reduce" } as const;

async function all(context: BrowserContext, node: Node, ohif: string): Promise<Row[]> {
  const rows: Row[] = [], only = process.env.BENCH_ONLY, whose = process.env.BENCH_WHOSE ?? "both", first = await context.newPage();
  await first.goto(node.base);
  await signIn(first, node.tokens.owner);
  const found = (await (await fetch(`${node.base}/api/v1/studies`, { headers: { Authorization: `Bearer ${node.tokens.owner}` } })).json()) as { items: { id: string; uid: string }[] };
  const idOf = (sort: Sort): string => found.items.find(({ uid }) => uid === studyOf[sort])?.id ?? "";
  for (const { name, sort, mode = "viewer", ohif: theirs, ours } of features) {
    if (only && !new RegExp(only).test(name)) continue;
    const row: Row = { name, ohif: "no", ours: "no" };
    if (theirs && whose !== "ours") row.ohif = await tried(context, `${name} ohif`, async (page) => { await openTheirs(page, sort ? `${ohif}/${mode}?StudyInstanceUIDs=${studyOf[sort]}` : ohif, sort); return theirs(page); });
    if (ours && whose !== "ohif") row.ours = await tried(context, `${name} ours`, async (page) => { await openOurs(page, sort ? `${node.base}/#/view/${idOf(sort)}` : node.base, sort); return ours(page); });
    rows.push(row);
    process.stderr.write(`${name.padEnd(44)} OHIF ${row.ohif.padEnd(30)} ours ${row.ours}\n`);
  }
  return rows;
}

// tried says what became of a try, in a page of its own; one that throws failed, and why.
async function tried(context: BrowserContext, name: string, what: Try): Promise<string> {
  const page = await context.newPage();
  const late = new Promise<never>((_, failed) => { setTimeout(() => { failed(new Error("took too long")); }, patience); });
  let said: string;
  try {
    const found = await Promise.race([what(page), late]);
    said = found === true ? "yes" : found === false ? "no" : found;
  } catch (error) {
    said = `failed: ${error instanceof Error ? error.message.split("\n")[0]?.slice(0, 80) : "?"}`;
  }
  await page.screenshot({ path: join(shots, `feature-${name.replace(/\W+/g, "-")}.png`) }).catch(() => { /* the try is what counts */ });
  await page.close();
  return said;
}

async function openTheirs(page: Page, address: string, sort?: Sort): Promise<void> {
  await page.goto(address);
  if (!sort) return void await page.getByText("1-12 of 12").waitFor();
  await page.locator("canvas").first().waitFor({ timeout: 12_000 }).catch(() => { /* a paper has none */ });
  await page.waitForTimeout(2500); // it draws when its volumes and tours are there, and says so nowhere
  const skip = page.getByText("Skip all");
  if (await skip.isVisible()) await skip.click();
}

async function openOurs(page: Page, address: string, sort?: Sort): Promise<void> {
  await page.goto(address);
  await page.locator(sort ? ".tile canvas[data-image], .tile.paper, .tile-note" : ".cards").first().waitFor();
  if (sort) await page.waitForTimeout(300);
}

// What follows is done in OHIF's viewer.
const cy = (page: Page, name: string): Locator => page.locator(`[data-cy="${name}"]`).first();
const port = (page: Page): Locator => cy(page, "viewport-pane");

// pick presses a tool, out of its menu if it is in one.
async function pick(page: Page, name: string): Promise<void> {
  for (const menu of ["", "MeasurementTools-split-button-secondary", "MoreTools-split-button-secondary"]) {
    if (menu) await cy(page, menu).click({ timeout: 2000 }).catch(() => { /* this mode has no such menu */ });
    if (await cy(page, name).isVisible()) return void await cy(page, name).click();
    if (menu) await page.keyboard.press("Escape");
  }
  throw new Error(`there is no ${name}`);
}

// at is a place of something, as parts of its width and height.
async function at(where: Locator, x: number, y: number): Promise<[number, number]> {
  const box = await where.boundingBox();
  if (!box) throw new Error("it has no place");
  return [box.x + box.width * x, box.y + box.height * y];
}

async function drag(page: Page, where: Locator, from: readonly [number, number], to: readonly [number, number], button: "left" | "right" | "middle" = "left"): Promise<void> {
  await page.mouse.move(...await at(where, ...from));
  await page.mouse.down({ button });
  await page.mouse.move(...await at(where, ...to), { steps: 6 });
  await page.mouse.up({ button });
  await page.waitForTimeout(400);
}

// alters tells whether a picture of something is another after an act.
async function alters(page: Page, where: Locator, act: () => Promise<void>): Promise<boolean> {
  await page.mouse.move(5, 890);
  const before = await where.screenshot();
  await act();
  await page.mouse.move(5, 890);
  await page.waitForTimeout(700);
  return !before.equals(await where.screenshot());
}

const theirs = (act: Try): Try => (page) => alters(page, port(page), async () => { await act(page); });
const pressed = (name: string): Try => theirs(async (page) => { await pick(page, name); return true; });
const dragged = (name: string): Try => theirs(async (page) => { await pick(page, name); await drag(page, port(page), [0.5, 0.4], [0.6, 0.55]); return true; });

// measures draws with a tool by the clicks or the drag that it wants, and answers with what is written then.
const measures = (name: string, places: readonly (readonly [number, number])[] | "drag", says: RegExp): Try => async (page) => {
  await pick(page, name);
  if (places === "drag") await drag(page, port(page), [0.45, 0.45], [0.58, 0.55]);
  else for (const [x, y] of places) await page.mouse.click(...await at(port(page), x, y), { delay: 80 }).then(() => page.waitForTimeout(250));
  const written = (): Promise<string> => page.locator("svg.svg-layer text").allTextContents().then((all) => all.join(" "));
  for (let i = 0; i < 12 && !says.test(await written()); i++) await page.waitForTimeout(250);
  return says.test(await written());
};

const laid = (name: string): Try => async (page) => {
  await cy(page, "Layout").click();
  await page.locator(`[data-cy="${name}"]`).first().click();
  await page.waitForTimeout(5000);
  return `${await page.locator('[data-cy="viewport-pane"]').count()} tiles`;
};

// What follows is done in ours.
const tile = (page: Page, n = 0): Locator => page.locator(".tile").nth(n);
const button = (page: Page, name: string | RegExp): Locator => page.getByRole("button", { name, exact: typeof name === "string" }).first();
const altered = (act: (page: Page) => Promise<void>): Try => (page) => alters(page, tile(page), () => act(page));
const key = (name: string): Try => altered(async (page) => { await tile(page).focus(); await page.keyboard.press(name); });
const tool = (name: string): Try => altered(async (page) => { await button(page, name).click(); await drag(page, tile(page), [0.5, 0.4], [0.6, 0.55]); });
const marks = (name: string, says: RegExp, more?: (page: Page) => Promise<void>): Try => async (page) => {
  await button(page, name).click({ timeout: 3000 });
  await drag(page, tile(page), [0.45, 0.45], [0.58, 0.55]);
  await more?.(page);
  return says.test((await page.locator(".marks text").allTextContents()).join(" "));
};
const more = async (page: Page, name: string): Promise<void> => { await page.getByLabel("More tools").selectOption({ label: name }); };
const says = async (page: Page, what: RegExp): Promise<boolean> => { await page.waitForTimeout(300); return what.test((await page.locator(".marks text").allTextContents()).join(" ")); };
const planes = async (page: Page): Promise<void> => {
  await button(page, /MPR/).click();
  await page.waitForFunction(() => document.querySelectorAll(".layout-2x2 .tile canvas[data-image]").length === 4, undefined, { timeout: 15_000 });
};
const shows = (selector: string, inside?: (page: Page) => Promise<void>): Try => async (page) => {
  await inside?.(page);
  await page.locator(selector).first().waitFor({ timeout: 8000 });
  return true;
};
const downloads = async (page: Page, act: () => Promise<void>): Promise<string> => {
  const [came] = await Promise.all([page.waitForEvent("download", { timeout: 8000 }), act()]);
  return came.suggestedFilename().replace(/^.*\./, "yes, as ");
};
const axe: Try = async (page) => `${(await violations(page)).length} violations`;
const narrow = async (page: Page): Promise<string> => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.waitForTimeout(1500);
  const off = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  return off > 0 ? `wider than the screen by ${off} px` : "fits";
};
const offline: Try = async (page) => {
  await page.waitForTimeout(6000);
  await page.context().setOffline(true);
  try {
    return await page.reload({ timeout: 6000 }).then(() => page.waitForTimeout(1500)).then(async () => (await page.locator("body").innerText()).trim() !== "");
  } finally {
    await page.context().setOffline(false);
  }
};

const columns = (page: Page): Locator => page.locator("input");
const counted = async (page: Page): Promise<string> => (await page.getByText(/\d+-\d+ of \d+/).first().innerText());

const ct = "ct" as const;
const features: readonly Feature[] = [
  { name: "worklist: search by name", ohif: async (page) => { await columns(page).first().fill("NOBODY"); await page.waitForTimeout(2500); return await counted(page).catch(() => "none") !== "1-12 of 12"; } },
  { name: "worklist: by modality", ohif: async (page) => { await columns(page).nth(3).click(); await page.keyboard.type("MG"); await page.keyboard.press("Enter"); await page.waitForTimeout(2500); return counted(page); } },
  { name: "worklist: sort", ohif: async (page) => { const first = async (): Promise<string> => page.locator("tbody tr").last().innerText(); const was = await first(); await page.locator("th", { hasText: "Study Date" }).first().locator("button, svg").first().click(); await page.waitForTimeout(2500); return (await first()) !== was; } },
  { name: "series with thumbnails", sort: ct, ohif: shows('[data-cy="study-browser-thumbnail"] img'), ours: shows(".series-list .small-picture img, .series-list .small-picture canvas") },
  { name: "layout: grid", sort: ct, ohif: laid("Layout-1-1"), ours: async (page) => { await button(page, "2 × 2").click(); return `${await page.locator(".tile").count()} tiles`; } },
  { name: "hanging by modality (mammogram)", sort: "mg", ohif: async (page) => `${await page.locator('[data-cy="viewport-pane"]').count()} tiles`, ours: async (page) => `${await page.locator(".tile").count()} tiles` },
  { name: "layout: planes (MPR)", sort: ct, ohif: laid("MPR"), ours: async (page) => { await planes(page); return `${await page.locator(".tile").count()} tiles`; } },
  { name: "layout: 3D four up", sort: ct, ohif: laid("3D four up") },
  { name: "layout: 3D primary", sort: ct, ohif: laid("3D primary") },
  { name: "window by dragging", sort: ct, ohif: dragged("WindowLevel"), ours: tool("Window") },
  { name: "window presets", sort: ct, ohif: theirs(async (page) => { await port(page).click(); await page.keyboard.press("2"); return true; }), ours: key("2") },
  { name: "invert", sort: ct, ohif: pressed("invert"), ours: key("i") },
  { name: "zoom", sort: ct, ohif: dragged("Zoom"), ours: tool("Zoom") },
  { name: "pan", sort: ct, ohif: dragged("Pan"), ours: tool("Move") },
  { name: "rotate", sort: ct, ohif: pressed("rotate-right"), ours: key("r") },
  { name: "flip", sort: ct, ohif: pressed("flipHorizontal"), ours: key("f") },
  { name: "side letters follow a flip", sort: ct, ohif: async (page) => { await pick(page, "flipHorizontal"); await page.waitForTimeout(800); return /\bL\b/.test(await port(page).innerText()); }, ours: async (page) => { await tile(page).focus(); await page.keyboard.press("f"); return (await page.locator(".edge-left").first().innerText()) === "L"; } },
  { name: "reset", sort: ct, ohif: async (page) => { await pick(page, "rotate-right"); return alters(page, port(page), () => pick(page, "Reset")); }, ours: async (page) => { await tile(page).focus(); await page.keyboard.press("r"); return alters(page, tile(page), () => page.keyboard.press("0")); } },
  { name: "cine", sort: "xa", ohif: async (page) => { await pick(page, "Cine").catch(() => {}); await page.waitForTimeout(800); const was = await port(page).innerText(); await page.waitForTimeout(2500); return (await port(page).innerText()) !== was; }, ours: async (page) => { await tile(page).focus(); const was = await page.locator(".slice").innerText(); await page.keyboard.press(" "); await page.waitForTimeout(900); return (await page.locator(".slice").innerText()) !== was; } },
  { name: "magnifying glass", sort: ct, ohif: async (page) => { await pick(page, "Magnify"); await page.mouse.move(...await at(port(page), 0.5, 0.5)); const was = await port(page).screenshot(); await page.mouse.down(); await page.mouse.move(...await at(port(page), 0.52, 0.5), { steps: 4 }); await page.waitForTimeout(500); const now = await port(page).screenshot(); await page.mouse.up(); return !was.equals(now); }, ours: key("m") },
  { name: "value at a point (probe)", sort: ct, ohif: measures("Probe", [[0.5, 0.5]], /HU/), ours: marks("Value", /HU/) },
  { name: "length", sort: ct, ohif: measures("Length", "drag", /mm/), ours: marks("Length", /mm/) },
  { name: "bidirectional", sort: ct, ohif: measures("Bidirectional", "drag", /mm/), ours: marks("Two axes", /mm.*mm/) },
  { name: "angle", sort: ct, ohif: measures("Angle", [[0.45, 0.45], [0.55, 0.5], [0.5, 0.6]], /°/), ours: marks("Angle", /°/) },
  { name: "Cobb angle", sort: ct, ohif: measures("CobbAngle", [[0.45, 0.4], [0.55, 0.42], [0.45, 0.55], [0.55, 0.6]], /°/), ours: async (page) => { await more(page, "Cobb angle"); await drag(page, tile(page), [0.45, 0.4], [0.55, 0.42]); await drag(page, tile(page), [0.45, 0.55], [0.55, 0.6]); return says(page, /°/); } },
  { name: "ellipse", sort: ct, ohif: measures("EllipticalROI", "drag", /mm²/), ours: marks("Ellipse", /mm²/) },
  { name: "rectangle", sort: ct, ohif: measures("RectangleROI", "drag", /mm²/), ours: marks("Rectangle", /mm²/) },
  { name: "circle", sort: ct, ohif: measures("CircleROI", "drag", /mm²/), ours: async (page) => { await more(page, "Circle"); await drag(page, tile(page), [0.45, 0.45], [0.5, 0.55]); return says(page, /mm²/); } },
  { name: "freehand region", sort: ct, ohif: async (page) => { await pick(page, "PlanarFreehandROI"); await loop(page, port(page)); await page.waitForTimeout(800); return /mm²/.test((await page.locator("svg.svg-layer text").allTextContents()).join(" ")); }, ours: async (page) => { await more(page, "Freehand"); await loop(page, tile(page)); return says(page, /mm²/); } },
  { name: "spline region", sort: ct, ohif: measures("SplineROI", [[0.45, 0.45], [0.55, 0.45], [0.55, 0.55], [0.45, 0.55], [0.45, 0.45]], /mm²/) },
  { name: "livewire region", sort: ct, ohif: theirs(async (page) => { await pick(page, "LivewireContour"); for (const [x, y] of [[0.45, 0.45], [0.55, 0.45], [0.5, 0.55], [0.45, 0.45]] as const) await page.mouse.click(...await at(port(page), x, y), { delay: 80 }); return true; }) },
  { name: "arrow with words", sort: ct, ohif: async (page) => { await pick(page, "ArrowAnnotate"); await drag(page, port(page), [0.45, 0.45], [0.58, 0.55]); const field = page.locator("[role=dialog] input").first(); await field.fill("nodule"); await page.getByText("Save", { exact: true }).last().click(); await page.waitForTimeout(600); return /nodule/.test((await page.locator("svg.svg-layer").allTextContents()).join(" ")); }, ours: marks("Note", /nodule/, async (page) => { await page.locator(".words").fill("nodule"); }) },
  { name: "calibration line", sort: "sc", ohif: async (page) => { await pick(page, "CalibrationLine"); await drag(page, port(page), [0.45, 0.45], [0.58, 0.55]); await page.waitForTimeout(800); return (await page.locator("[role=dialog]").count()) > 0; }, ours: async (page) => { await more(page, "Calibration line"); await drag(page, tile(page), [0.45, 0.45], [0.58, 0.55]); await page.locator(".calibration input").fill("40"); await page.keyboard.press("Enter"); return says(page, /40 mm/); } },
  { name: "ultrasound regions give mm", sort: "us", ohif: measures("Length", "drag", /mm/), ours: marks("Length", /mm/) },
  { name: "scroll: wheel", sort: ct, ohif: theirs(async (page) => { await page.mouse.move(...await at(port(page), 0.5, 0.5)); await page.mouse.wheel(0, 100); return true; }), ours: altered(async (page) => { await page.mouse.move(...await at(tile(page), 0.5, 0.5)); await page.mouse.wheel(0, 100); }) },
  { name: "scroll: keys", sort: ct, ohif: theirs(async (page) => { await port(page).click(); await page.keyboard.press("ArrowDown"); return true; }), ours: key("ArrowDown") },
  { name: "scroll: bar to drag", sort: ct, ohif: async (page) => { const box = await port(page).boundingBox(); if (!box) return false; return alters(page, port(page), () => page.mouse.click(box.x + box.width - 13, box.y + box.height * 0.7)); }, ours: async (page) => { const bar = page.locator(".tile .scrubber").first(); if (await bar.count() === 0) return false; return alters(page, tile(page), async () => page.mouse.click(...await at(bar, 0.5, 0.7))); } },
  { name: "crosshairs", sort: ct, ohif: async (page) => { await laid("MPR")(page); await pick(page, "Crosshairs"); await page.waitForTimeout(1500); return (await page.locator("svg.svg-layer line").count()) > 0; }, ours: async (page) => { await planes(page); return (await page.locator(".reference").count()) > 0 && alters(page, tile(page, 2), async () => page.mouse.dblclick(...await at(tile(page), 0.62, 0.5))); } },
  { name: "slab (MIP, MinIP, mean)", sort: ct, ours: async (page) => { await planes(page); await page.getByLabel("Slab", { exact: true }).selectOption("20"); return alters(page, tile(page, 1), async () => { await page.getByLabel("Shown of a slab").selectOption("max"); }); } },
  { name: "reference lines", sort: ct, ohif: async (page) => { await laid("MPR")(page); await pick(page, "ReferenceLines"); await page.waitForTimeout(1500); return (await page.locator("svg.svg-layer line").count()) > 0; }, ours: async (page) => { await planes(page); return (await page.locator(".reference").count()) > 0; } },
  { name: "PET over CT", sort: "pet", mode: "tmtv", ohif: async (page) => `${await page.locator('[data-cy="viewport-pane"]').count()} tiles`, ours: async (page) => alters(page, tile(page), async () => { await button(page, /Lay over: PT/).click(); await page.locator(".over-list").waitFor(); }) },
  { name: "overlay planes (60xx)", sort: "marked", ohif: theirs(async (page) => { await pick(page, "ImageOverlayViewer"); return true; }), ours: altered(async (page) => { await page.getByLabel("Overlays").uncheck(); }) },
  { name: "SEG shown", sort: ct, ohif: theirs(async (page) => { await page.locator('[data-cy="study-browser-thumbnail-no-image"]', { hasText: "SEG" }).first().dblclick(); await page.waitForTimeout(4000); return true; }), ours: altered(async (page) => { await button(page, /Organs/).click(); await page.locator(".over-list").waitFor(); await tile(page).focus(); for (const _ of [0, 1]) await page.keyboard.press("ArrowUp"); }) },
  { name: "RTSTRUCT shown", sort: ct, ohif: theirs(async (page) => { await page.locator('[data-cy="study-browser-thumbnail-no-image"]', { hasText: "RTSTRUCT" }).first().dblclick(); await page.waitForTimeout(4000); return true; }), ours: altered(async (page) => { await page.locator(".series-list button", { hasText: "Plan" }).click(); await page.locator(".over-list").waitFor(); await tile(page).focus(); for (const _ of [0, 1]) await page.keyboard.press("ArrowUp"); }) },
  { name: "SEG edited", sort: ct, mode: "segmentation", ohif: async (page) => { await page.getByText("Add segmentation").first().click(); await page.waitForTimeout(2500); await page.getByText("Brush").first().click(); return alters(page, port(page), () => drag(page, port(page), [0.45, 0.45], [0.55, 0.5])); } },
  { name: "measurements listed", sort: ct, ohif: async (page) => { await measures("Length", "drag", /mm/)(page); await page.getByText("Confirm", { exact: false }).first().click({ timeout: 2000 }).catch(() => {}); await page.getByText(/^(Track measurements\?)?Yes$/).first().click({ timeout: 2000 }).catch(() => {}); await cy(page, "trackedMeasurements-btn").click().catch(() => {}); await page.waitForTimeout(800); return (await page.locator('[data-cy="data-row"]').count()) > 0; }, ours: async (page) => { await marks("Length", /mm/)(page); return (await page.locator(".mark-list li").count()) === 1; } },
  { name: "measurements as CSV", sort: ct, ohif: async (page) => { await measures("Length", "drag", /mm/)(page); await page.getByText("Yes", { exact: true }).first().click({ timeout: 2000 }).catch(() => {}); await cy(page, "trackedMeasurements-btn").click().catch(() => {}); return downloads(page, () => page.getByText("CSV").first().click({ timeout: 3000 })); }, ours: async (page) => { await marks("Length", /mm/)(page); return downloads(page, () => button(page, /CSV/).click({ timeout: 3000 })); } },
  { name: "measurements saved as SR, restored", sort: "mr", ours: async (page) => { await marks("Length", /\d/)(page); await button(page, "Save").click(); await page.locator(".keeping", { hasText: /^Saved /m }).waitFor(); await page.reload(); await page.locator(".mark-list li").first().waitFor(); return true; } },
  { name: "SR of another program restored", sort: "mr", ohif: async (page) => { const thumb = page.locator('[data-cy="study-browser-thumbnail-no-image"]', { hasText: "SR" }).first(); await thumb.dblclick({ timeout: 4000 }); await page.waitForTimeout(3500); return (await page.locator("svg.svg-layer line, svg.svg-layer path").count()) > 0; } },
  { name: "key images", sort: ct, ours: async (page) => { await tile(page).focus(); await page.keyboard.press("k"); return (await page.locator(".key-images li").count()) === 1; } },
  { name: "image as a file", sort: ct, ohif: async (page) => { await pick(page, "Capture"); await page.waitForTimeout(1500); return downloads(page, () => page.locator("[role=dialog]").getByText(/^Save image$/i).click()); }, ours: async (page) => downloads(page, () => button(page, "Picture as PNG").click({ timeout: 3000 })) },
  { name: "tags of an object", sort: ct, ohif: async (page) => { await pick(page, "TagBrowser"); await page.waitForTimeout(2500); return /PatientName|Patient.?s? Name|\(0010,0010\)/i.test(await page.locator("[role=dialog]").innerText()); }, ours: async (page) => { await button(page, "Tags").click(); await page.locator(".tag-lines tr").nth(5).waitFor(); return /\(0010,0010\)/.test(await page.locator(".tag-lines").innerText()); } },
  { name: "PDF", sort: "pdf", ohif: shows("object, iframe, embed"), ours: async (page) => downloads(page, () => page.getByRole("link", { name: /Download/ }).or(button(page, /Download/)).first().click()) },
  { name: "video", sort: "film", ohif: async (page) => { await page.locator("video").first().waitFor({ timeout: 8000 }); return page.locator("video").first().evaluate((v) => (v as HTMLVideoElement).readyState >= 2); }, ours: async (page) => { await page.locator("video").first().waitFor({ timeout: 8000 }); await page.waitForTimeout(800); return page.locator("video").first().evaluate((v) => (v as HTMLVideoElement).readyState >= 2); } },
  { name: "ECG", sort: "ecg", ohif: async (page) => { await page.waitForTimeout(3000); return (await port(page).locator("canvas, svg").count()) > 0 && !/1\/0/.test(await port(page).innerText()); }, ours: shows(".ecg-scroller canvas") },
  { name: "slides (microscopy)", sort: "slide", mode: "microscopy", ohif: async (page) => { await page.waitForTimeout(6000); return (await page.locator(".ol-viewport canvas, canvas").count()) > 0; }, ours: async (page) => `${await page.locator(".slice").first().innerText()}, tile by tile` },
  { name: "ultrasound: pleura lines", sort: "us", mode: "usAnnotation", ohif: async (page) => (await page.locator("canvas").count()) > 0 },
  { name: "volumes over time (4D)", sort: "mr", mode: "dynamic-volume", ohif: async (page) => { await page.waitForTimeout(4000); return (await page.locator('[data-cy="viewport-overlay-top-left"]').count()) > 0; } },
  { name: "list of shortcuts", sort: ct, ohif: async (page) => { await page.locator("header button, [aria-haspopup=menu]").last().click(); await page.getByText("Preferences").first().click({ timeout: 4000 }); await page.waitForTimeout(800); return (await page.locator("[role=dialog]").innerText()).includes("Zoom"); }, ours: async (page) => { await button(page, "Shortcuts").click(); return (await page.locator("dialog[open] kbd").count()) > 10; } },
  { name: "share by address", sort: ct, ohif: async (page) => page.url().includes("StudyInstanceUIDs"), ours: async (page) => /view\//.test(page.url()) },
  { name: "axe: worklist", ohif: axe, ours: axe },
  { name: "axe: viewer", sort: ct, ohif: axe, ours: axe },
  { name: "the image in words", sort: ct, ohif: async (page) => (await page.locator("[data-cy=viewport-pane] [aria-label], [data-cy=viewport-pane][aria-label]").count()) > 0 && /image|slice/i.test((await port(page).getAttribute("aria-label")) ?? ""), ours: async (page) => { await page.locator(".tile p.unseen", { hasText: /image \d+ of/ }).first().waitFor({ timeout: 8000 }); return true; } },
  { name: "measure by keyboard", sort: ct, ohif: theirs(async (page) => { await pick(page, "Length"); await port(page).focus(); await page.keyboard.press("Enter"); return true; }), ours: async (page) => { await button(page, "Length").click(); await tile(page).focus(); await page.keyboard.press("Enter"); return (await page.locator(".mark").count()) === 1; } },
  { name: "offline: the page opens", ohif: offline, ours: offline },
  { name: "390 px wide: worklist", ohif: narrow, ours: narrow },
  { name: "390 px wide: viewer", sort: ct, ohif: narrow, ours: narrow },
];

// loop draws around something with the button held.
async function loop(page: Page, where: Locator): Promise<void> {
  const place = (i: number): Promise<[number, number]> => at(where, 0.5 + 0.07 * Math.cos(i * Math.PI / 10), 0.5 + 0.07 * Math.sin(i * Math.PI / 10));
  await page.mouse.move(...await place(0));
  await page.mouse.down();
  for (let i = 1; i <= 20; i++) await page.mouse.move(...await place(i), { steps: 2 });
  await page.mouse.up();
}
