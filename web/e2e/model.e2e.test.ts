// A 3-D model in a real browser: which side is which is read from the pixels of the drawn
// canvas and from the vertices of the files that are saved. A mirror image would hurt somebody.
import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Archive, archive, desktop } from "./display";
import { go, looks, type Node, openBrowser, see, shoot, violations, visit } from "./rig";
import { ball, drawn, find, outlined, rod, solid, withoutWebGL } from "./solid";

let held: Archive, node: Node, browser: Browser;

beforeAll(async () => {
  [held, browser] = await Promise.all([archive([...solid(), ...solid(true), outlined()]), openBrowser()]);
  node = held.node;
});

afterAll(async () => {
  await held.strike();
});

// make makes the model that is chosen, and waits until it is drawn.
async function make(page: Page): Promise<void> {
  await page.locator(".model-side form .primary").click();
  await page.locator(".solid-ground canvas[data-shown]").waitFor();
  await page.locator(".model-side form progress").waitFor({ state: "detached" });
  await drawn(page);
}

type Blob = { x: number; y: number; width: number; height: number; samples: number };

// blobs are the parts of the canvas that are lit, the widest first, in its pixels; x and y
// are their middles from its middle, to the right and up.
const blobs = (page: Page): Promise<Blob[]> => page.locator(".solid-ground canvas").evaluate((canvas: HTMLCanvasElement) => {
  const copy = new OffscreenCanvas(canvas.width, canvas.height), to = copy.getContext("2d");
  if (!to) return [];
  to.drawImage(canvas, 0, 0);
  const { width, height } = canvas, { data } = to.getImageData(0, 0, width, height), left = new Uint8Array(width * height).map((_, i) => Number((data[4 * i] ?? 0) > 40)), found: Blob[] = [];
  for (let from = 0; from < left.length; from++) {
    if (!left[from]) continue;
    const stack = [from], box = { x0: width, x1: 0, y0: height, y1: 0, samples: 0 };
    left[from] = 0;
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      const x = at % width, y = Math.floor(at / width);
      Object.assign(box, { x0: Math.min(box.x0, x), x1: Math.max(box.x1, x), y0: Math.min(box.y0, y), y1: Math.max(box.y1, y), samples: box.samples + 1 });
      for (const [next, inside] of [[at - 1, x > 0], [at + 1, x < width - 1], [at - width, y > 0], [at + width, y < height - 1]] as const) {
        if (inside && left[next]) {
          left[next] = 0;
          stack.push(next);
        }
      }
    }
    if (box.samples > 50) found.push({ x: (box.x0 + box.x1 + 1 - width) / 2, y: (height - box.y0 - box.y1 - 1) / 2, width: box.x1 + 1 - box.x0, height: box.y1 + 1 - box.y0, samples: box.samples });
  }
  return found.sort((a, b) => b.width - a.width);
});

const two = async (page: Page): Promise<[Blob, Blob]> => {
  const found = await blobs(page), [wide, narrow] = found;
  if (!wide || !narrow || found.length !== 2) throw new Error(`${found.length} parts are drawn, want the ball and the rod`);
  return [wide, narrow];
};

// expected is where the ball is beside the rod, in mm of the screen to the right and up,
// worked out by hand from where both lie in the patient.
const expected: readonly (readonly [side: string, right: number, up: number, atRight: string])[] = [
  ["A", 60, 20, "L"], ["P", -60, 20, "R"], ["L", -70, 20, "P"], ["R", 70, 20, "A"], ["H", -60, 70, "R"], ["F", 60, 70, "L"],
];

test.each(["2.25.7701", "2.25.7702"])("the ball is on the patient's left from each of six sides, and so say the letters: series %s", async (uid) => {
  const { page, context, complaints } = await visit(browser, node, desktop, "owner"), { study, series } = await find(page);
  await go(page, `#/model/${study}/${series[uid] ?? ""}`);
  await page.locator("#triangles").selectOption("50000");
  await make(page);
  for (const [side, right, up, atRight] of expected) {
    await page.locator(".model-tools .group button", { hasText: side }).click();
    await expect.poll(async () => { // the address follows the click, and the picture the address
      await drawn(page);
      const [wide, narrow] = await two(page), mm = wide.width / (2 * ball.radius);
      return Math.hypot((wide.x - narrow.x) / mm - right, (wide.y - narrow.y) / mm - up);
    }, { message: `from ${side}, in mm from where it must be`, timeout: 10_000 }).toBeLessThan(5);
    expect(await page.locator(".edge-right").innerText()).toBe(atRight);
    const spots = await page.locator(".compass g").evaluateAll((all) => all.map((g) => ({ side: g.getAttribute("data-side"), x: Number(g.querySelector("circle")?.getAttribute("cx")) })));
    expect(spots.sort((a, b) => b.x - a.x)[0]?.side).toBe(atRight);
  }
  expect(complaints).toEqual([]);
  await context.close();
});

test("the files that are saved have the ball on the patient's left", async () => {
  const { page, context, complaints } = await visit(browser, node, desktop, "owner"), { study, series } = await find(page);
  await go(page, `#/model/${study}/${series["2.25.7701"] ?? ""}`);
  await make(page);
  const saved = async (name: string): Promise<Buffer> => {
    const coming = page.waitForEvent("download");
    await page.locator(".numbers .tools button", { hasText: name }).click();
    return readFile(await (await coming).path());
  };
  // What the model is made of: millimetres to the left, to the back, to the head.
  const glb = verticesOfGlb(await saved("GLB")).map(([x, y, z]): Point => [1000 * x, -1000 * z, 1000 * y]), stl = verticesOfStl(await saved("STL"));
  for (const points of [glb, stl]) {
    const side = points.filter(([x]) => x > 30), middle = points.filter(([x]) => x <= 30);
    expect(side.length).toBeGreaterThan(200);
    for (const [axis, at] of ball.at.entries()) {
      const values = side.map((point) => point[axis] ?? 0);
      expect((Math.max(...values) + Math.min(...values)) / 2).toBeCloseTo(at, -0.5);
    }
    expect(Math.min(...middle.map(([x]) => x))).toBeGreaterThan(-rod.radius - 3);
    expect(Math.min(...middle.map(([, y]) => y))).toBeGreaterThan(rod.y - rod.radius - 3);
  }
  expect((await saved("3MF")).subarray(0, 2).toString()).toBe("PK");
  expect(complaints).toEqual([]);
  await context.close();
});

type Point = readonly [number, number, number];

const threes = (count: number, value: (i: number) => number): Point[] => Array.from({ length: count }, (_, i): Point => [value(3 * i), value(3 * i + 1), value(3 * i + 2)]);

function verticesOfGlb(file: Buffer): Point[] {
  const size = file.readUInt32LE(12), told = JSON.parse(file.subarray(20, 20 + size).toString()) as { accessors: { count: number }[] };
  return threes(told.accessors[0]?.count ?? 0, (i) => file.readFloatLE(28 + size + 4 * i));
}

// Of a triangle in binary STL the first twelve bytes are its normal.
const verticesOfStl = (file: Buffer): Point[] => Array.from({ length: file.readUInt32LE(80) }, (_, n) => threes(3, (i) => file.readFloatLE(84 + 50 * n + 12 + 4 * i))).flat();

test("a segment that was outlined lies on the patient's right, beside the bones", async () => {
  const seen = await visit(browser, node, desktop, "owner"), { page, context, complaints } = seen, { study, series } = await find(page);
  await go(page, `#/model/${study}/${series["2.25.7702"] ?? ""}`);
  await page.locator("#second").waitFor();
  await page.waitForLoadState("networkidle");
  expect(await page.locator("#first-kind option").count(), "it is of the other series").toBe(3);
  await go(page, `#/model/${study}/${series["2.25.7701"] ?? ""}`);
  await page.locator("#first-kind option").nth(3).waitFor({ state: "attached" });
  await page.locator("#second").check();
  await page.locator("#other-kind").selectOption("segment");
  expect(await page.locator("#other-segment option").allInnerTexts()).toEqual(["Box at the right"]);
  await make(page);
  expect(await page.locator(".numbers th").allInnerTexts()).toContain("2. Box at the right");
  const found = await blobs(page), [segment] = found.sort((a, b) => a.x - b.x), bone = found.slice(1).sort((a, b) => a.width - b.width)[0];
  if (!segment || !bone || found.length !== 3) throw new Error(`${found.length} parts are drawn, want three`);
  // Eleven slices of 4 mm, sixteen columns of 2.5 mm.
  expect(Math.abs(segment.height / segment.width - 1.1)).toBeLessThan(0.1);
  // 60 mm to the right of the patient from the rod, of 20 mm.
  expect(Math.abs((segment.x - bone.x) / bone.width + 3)).toBeLessThan(0.3);
  await shoot(seen, "model-segment");
  expect(complaints).toEqual([]);
  await context.close();
});

test("a distance is right, a cut is closed, and the address brings both back", async () => {
  const seen = await visit(browser, node, desktop, "owner"), { page, context, complaints } = seen, { study, series } = await find(page);
  await go(page, `#/model/${study}/${series["2.25.7701"] ?? ""}`);
  await make(page);
  const [wide, narrow] = await two(page), on = await page.locator(".solid-ground").boundingBox();
  if (!on) throw new Error("nothing is shown");
  const press = (x: number, y: number): Promise<void> => page.mouse.click(on.x + on.width / 2 + x, on.y + on.height / 2 - y);
  await page.locator(".solid-ground").focus();
  await page.keyboard.press("m");
  await press(narrow.x - wide.width, wide.y); // there is nothing
  await press(wide.x, wide.y);
  await press(narrow.x, wide.y);
  const says = await page.locator(".distances li span").innerText();
  // From the front of the ball to that of the rod, at one height: 60 mm to the side and 80 back.
  expect(Number.parseFloat(says)).toBeGreaterThan(97);
  expect(Number.parseFloat(says)).toBeLessThan(103);
  await page.locator(".looks select").selectOption("coronal");
  const at = page.locator(".looks select ~ input, .looks input[type=range]").last();
  await at.fill("-40");
  await drawn(page);
  expect(await flat(page, wide)).toBe(true);
  await shoot(seen, "model-cut");
  await page.locator(".solid-ground").focus();
  for (const key of ["ArrowLeft", "ArrowUp", "+", "Shift+ArrowRight"]) await page.keyboard.press(key);
  await page.waitForTimeout(400);
  await drawn(page);
  const before = { url: page.url(), blobs: await blobs(page) };
  await page.reload();
  await page.locator(".solid-ground canvas[data-shown]").waitFor();
  await drawn(page);
  expect(page.url()).toBe(before.url);
  for (const [i, blob] of (await blobs(page)).entries()) {
    for (const [name, value] of Object.entries(blob)) expect(Math.abs(value / (before.blobs[i]?.[name as keyof Blob] ?? 0) - 1), name).toBeLessThan(0.01);
  }
  expect(await page.locator(".distances li span").innerText()).toBe(says);
  await page.keyboard.press("Escape");
  await page.locator(".looks input[type=checkbox]").check(); // the other part: the ball's front half stays
  await page.locator(".model-tools .group button").first().click();
  await drawn(page);
  expect(await flat(page, wide)).toBe(false);
  expect(complaints).toEqual([]);
  await context.close();
});

// flat reports whether the middle of a part has one colour, as the lid of a cut has.
const flat = (page: Page, { x, y, width }: Blob): Promise<boolean> => page.locator(".solid-ground canvas").evaluate((canvas: HTMLCanvasElement, [right, up, side]) => {
  const copy = new OffscreenCanvas(canvas.width, canvas.height), to = copy.getContext("2d");
  if (!to) return false;
  to.drawImage(canvas, 0, 0);
  const { data } = to.getImageData(canvas.width / 2 + right - side / 2, canvas.height / 2 - up - side / 2, side, side);
  return (data[0] ?? 0) > 40 && data.every((value, i) => value === data[i % 4]);
}, [x, y, width / 2] as const);

test.each(looks)("two models are shown together, by words and colours: $language, $theme, $screen", async (look) => {
  const seen = await visit(browser, node, look, "owner"), { page, context, complaints } = seen, { study } = await find(page);
  await go(page, `#/study/${study}`);
  await page.locator(`a[href="#/model/${study}"]`).waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  await page.locator(`a[href="#/model/${study}"]`).click();
  await page.locator("#second").waitFor();
  await see(seen, "model-start");
  await page.locator("#second").check();
  await make(page);
  expect(page.url(), "the address names the series").toMatch(/\/e_\w+\?m=bone,250,/);
  const [body] = await blobs(page);
  expect(body?.width).toBeGreaterThan(150);
  const bright = await page.locator(".solid-ground canvas").evaluate((canvas: HTMLCanvasElement) => {
    const copy = new OffscreenCanvas(canvas.width, canvas.height), to = copy.getContext("2d");
    to?.drawImage(canvas, 0, 0);
    const { data } = to?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
    return [...data].reduce((most, value, i) => (i % 4 === 2 ? Math.max(most, value) : most), 0); // blue: bone has more of it than skin
  });
  expect(bright).toBeGreaterThan(120);
  expect(await page.locator(".model-tools > button").count(), "who wants no motion is offered none").toBe(2);
  expect(await violations(page)).toEqual([]);
  if (look.screen === "phone") await fingers(page);
  await page.locator(".solid-ground").focus();
  for (let i = 0; i < 7; i++) await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowDown");
  await page.locator(".looks select").selectOption("axial");
  await page.waitForTimeout(400);
  await drawn(page);
  await see(seen, "model-two");
  expect(complaints).toEqual([]);
  await context.close();
});

// fingers turn the model by one finger, and make it larger by two.
async function fingers(page: Page): Promise<void> {
  const on = await page.locator(".solid-ground").boundingBox(), screen = await page.context().newCDPSession(page);
  if (!on) throw new Error("nothing is shown");
  const [x, y] = [on.x + on.width / 2, on.y + on.height / 2];
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", ...points: number[]): Promise<unknown> =>
    screen.send("Input.dispatchTouchEvent", { type, touchPoints: points.map((off, id) => ({ x: x + off, y, id })) });
  const view = async (): Promise<number[]> => {
    await page.waitForTimeout(400);
    await drawn(page);
    return (new URLSearchParams(page.url().split("?")[1]).get("v") ?? "").split(",").map(Number);
  };
  await touch("touchStart", 0);
  for (const off of [20, 40, 60]) await touch("touchMove", off);
  await touch("touchEnd");
  const [turn, rise, zoom] = await view();
  expect([turn, rise, zoom]).toEqual([expect.closeTo(-30, -0.5), 0, 1]); // half a degree a pixel, from the patient's right
  await touch("touchStart", -20, 20);
  for (const off of [30, 40]) await touch("touchMove", -off, off);
  await touch("touchEnd");
  const after = await view();
  expect([after[0], after[2]]).toEqual([turn, expect.closeTo(2, 1)]);
}

test("a model can be cancelled while the node makes it, and a browser without WebGL says so and still saves", async () => {
  const { page, context, complaints } = await visit(browser, node, desktop, "owner"), { study } = await find(page);
  await withoutWebGL(page);
  await page.reload();
  await go(page, `#/model/${study}`);
  let release = (): void => {};
  const held = new Promise<void>((done) => { release = done; });
  await page.route(/\/model\?/, async (route) => { await held; await route.continue().catch(() => {}); });
  await page.locator(".model-side form .primary").click();
  await page.locator(".model-side form progress").waitFor();
  await page.locator(".model-side form .primary ~ button").click();
  await page.locator(".model-side form progress").waitFor({ state: "detached" });
  expect(await page.locator(".numbers").count()).toBe(0);
  release();
  await page.unroute(/\/model\?/);
  await page.locator(".model-side form [role=status] button").click();
  expect(await page.locator(".solid-ground .tile-note").innerText()).toMatch(/WebGL/);
  const coming = page.waitForEvent("download");
  await page.locator(".numbers .tools button", { hasText: "STL" }).click();
  expect((await readFile(await (await coming).path())).length).toBeGreaterThan(1000);
  expect(await violations(page)).toEqual([]);
  expect(complaints.filter((one) => !one.includes("abort"))).toEqual([]);
  await context.close();
});
