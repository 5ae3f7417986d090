// A series as a volume in a real browser, drawn without a graphics processor: which side is
// which, and what a preset shows, is read from the pixels of the canvas.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Archive, archive, desktop } from "./display";
import { go, looks, type Node, openBrowser, see, shoot, violations, visit } from "./rig";
import { ball, choose, drawn, find, rod, solid, withoutWebGL } from "./solid";

let held: Archive, node: Node, browser: Browser;

const holed = "2.25.7709"; // a series of which a slice is missing

beforeAll(async () => {
  const missing = solid().filter((_, k) => k !== 10).slice(0, 20).map((file) => Buffer.from(file.toString("latin1").replaceAll("2.25.7701", holed), "latin1"));
  [held, browser] = await Promise.all([archive([...solid(), ...solid(true), ...missing]), openBrowser()]);
  node = held.node;
});

afterAll(async () => {
  await held.strike();
});

const canvas = (page: Page) => page.locator(".solid-ground canvas");

// dare shows a volume although this machine is slow.
async function dare(page: Page): Promise<void> {
  await page.locator(".instead button").nth(1).click();
  await canvas(page).waitFor();
  await drawn(page);
}

const stands: Record<string, string> = { A: "0,0", P: "180,0", L: "90,0", R: "-90,0", H: "180,90", F: "0,-90" }; // in the address

const from = async (page: Page, side: string): Promise<void> => {
  await page.locator(".model-tools .group button", { hasText: side }).click();
  await page.waitForFunction((at) => location.hash.includes(`&v=${at},`), stands[side] ?? ""); // the address follows the click
  await drawn(page);
};

// colour reads the canvas at a place, in mm to the right of and above its middle, as the
// mean of some pixels. The scale bar tells how long a mm is.
async function colour(page: Page, right: number, up: number): Promise<number[]> {
  const perMm = await page.locator(".scale").evaluate((bar) => {
    const [, long = ""] = /h([\d.]+)/.exec(bar.querySelector("path")?.getAttribute("d") ?? "") ?? [];
    return Number(long) / Number.parseFloat(bar.textContent ?? "");
  });
  return canvas(page).evaluate((on: HTMLCanvasElement, [x, y]) => {
    const copy = new OffscreenCanvas(on.width, on.height), to = copy.getContext("2d"), ratio = on.width / on.clientWidth;
    to?.drawImage(on, 0, 0);
    const { data } = to?.getImageData(Math.round(on.width / 2 + x * ratio) - 2, Math.round(on.height / 2 - y * ratio) - 2, 4, 4) ?? { data: [] };
    return [0, 1, 2].map((channel) => [...data].reduce((sum, value, i) => (i % 4 === channel ? sum + value / 16 : sum), 0));
  }, [right * perMm, up * perMm] as const);
}

const bright = async (page: Page, right: number, up: number): Promise<number> => Math.max(...await colour(page, right, up));

// The body is centred at 0, 0, 70 mm: where a place within the ball is on the screen from six
// sides, worked out by hand. In a mirror image it would be at the other side, where there is
// nothing: the place is 12 mm before the ball's middle, since the rod is behind the body's.
const [left, back, head] = [ball.at[0], ball.at[1] - 12, ball.at[2] - 70];
const expected: readonly (readonly [side: string, right: number, up: number, atRight: string])[] = [
  ["A", left, head, "L"], ["P", -left, head, "R"], ["L", back, head, "P"], ["R", -back, head, "A"], ["H", -left, -back, "R"], ["F", left, -back, "L"],
];

const small = { width: 860, height: 520 };

test.each(["2.25.7701", "2.25.7702"])("the ball is on the patient's left from each of six sides, and so say the letters: series %s", async (uid) => {
  const { page, context, complaints } = await visit(browser, node, desktop, "owner"), { study, series } = await find(page);
  await page.setViewportSize(small);
  await go(page, `#/model/${study}/${series[uid] ?? ""}?w=bone,0`);
  await dare(page);
  for (const [side, right, up, atRight] of expected) {
    await from(page, side);
    expect(await bright(page, right, up), `from ${side}: the ball`).toBeGreaterThan(90);
    expect(await bright(page, -right, up), `from ${side}: where a mirror image had it`).toBeLessThan(20);
    expect(await page.locator(".edge-right").innerText()).toBe(atRight);
  }
  expect(complaints).toEqual([]);
  await context.close();
});

test("presets show skin or bone, a projection is brightest where the rod is, a cut opens the body", async () => {
  const seen = await visit(browser, node, desktop, "owner"), { page, context, complaints } = seen, { study, series } = await find(page);
  await page.setViewportSize(small);
  await go(page, `#/model/${study}/${series["2.25.7701"] ?? ""}?w=bone,0`);
  await dare(page);
  const [flank, low] = [-80, -40]; // mm: at the patient's right and below there is no bone
  expect(await bright(page, flank, low)).toBeLessThan(20);
  await choose(page, "skin");
  const [red = 0, , blue = 0] = await colour(page, flank, low);
  expect(red).toBeGreaterThan(60);
  expect(red, "skin is no gray").toBeGreaterThan(1.2 * blue);
  await expect.poll(() => page.locator(".solid .unseen").innerText()).toMatch(/^Volume: Skin and soft tissue/);

  await choose(page, "mip");
  const [onRod, body, beside] = [await bright(page, rod.x, low), await bright(page, flank, low), await bright(page, flank, 90)];
  expect(onRod).toBeGreaterThan(body + 60);
  expect(body).toBeGreaterThan(beside);
  expect(await brightestColumn(page), "mm from the middle").toBeLessThan(rod.radius + 3);

  await page.locator(".looks input[type=range]").first().fill("400");
  await page.waitForFunction(() => location.hash.includes("w=mip,400"));
  await drawn(page);
  expect(await bright(page, rod.x, low)).toBeLessThan(onRod - 40);

  // Skin hides the rod from the front, until the front half is cut away.
  await choose(page, "skin");
  const whole = await colour(page, rod.x, low);
  await page.locator(".looks select").selectOption("coronal");
  await page.locator(".looks input[type=range]").last().fill(String(rod.y));
  await page.waitForFunction((y) => location.hash.includes(`cut=coronal,${y}`), rod.y);
  await drawn(page);
  const opened = await colour(page, rod.x, low), gray = ([r = 1, , b = 0]: number[]): number => b / r;
  expect(gray(opened), "bone is whiter than skin").toBeGreaterThan(gray(whole) + 0.1);
  await shoot(seen, "volume-cut");
  expect(complaints).toEqual([]);
  await context.close();
});

// brightestColumn is how far the brightest pixel of the lower half is from the middle, in mm.
async function brightestColumn(page: Page): Promise<number> {
  const share = await canvas(page).evaluate((on: HTMLCanvasElement) => {
    const copy = new OffscreenCanvas(on.width, on.height), to = copy.getContext("2d");
    to?.drawImage(on, 0, 0);
    const { data } = to?.getImageData(0, Math.round(on.height * 0.55), on.width, Math.round(on.height * 0.4)) ?? { data: [] };
    let most = 0, farthest = 0;
    for (let i = 0; i < data.length; i += 4) {
      const far = Math.abs(((i / 4) % on.width) - on.width / 2) / (on.width / on.clientWidth), value = data[i] ?? 0;
      if (value > most) [most, farthest] = [value, far];
      else if (value === most) farthest = Math.max(farthest, far);
    }
    return farthest;
  });
  const perMm = await page.locator(".scale").evaluate((bar) => Number(/h([\d.]+)/.exec(bar.querySelector("path")?.getAttribute("d") ?? "")?.[1]) / Number.parseFloat(bar.textContent ?? ""));
  return share / perMm;
}

test.each(looks)("a volume is offered, shown and told of, by keys and in words: $language, $theme, $screen", async (look) => {
  const seen = await visit(browser, node, look, "owner"), { page, context, complaints } = seen, { study, series } = await find(page);
  await go(page, `#/model/${study}/${series["2.25.7701"] ?? ""}`);
  await page.locator(".ways button").nth(1).click();
  await page.locator(".instead").waitFor();
  if (look.screen === "phone") expect(await violations(page)).toEqual([]);
  await shoot(seen, "volume-slow");
  await dare(page);
  const calm = await page.locator(".solid .unseen").innerText();
  await page.locator(".solid-ground").focus();
  for (let i = 0; i < 7; i++) await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowDown");
  await page.waitForFunction(() => location.hash.includes("v=35,5,1"));
  await drawn(page);
  await page.waitForFunction((before) => document.querySelector(".solid .unseen")?.textContent !== before, calm);
  await see(seen, "volume-bone");
  expect(complaints).toEqual([]);
  await context.close();
});

test("who leaves gives the graphics memory back, and a link brings the same view again", async () => {
  const { page, context, complaints } = await visit(browser, node, desktop, "owner"), { study, series } = await find(page);
  await page.setViewportSize(small);
  await go(page, `#/model/${study}/${series["2.25.7701"] ?? ""}?w=skin,40&v=30,10,1.5&lamp=40`);
  await dare(page);
  expect(new URL(page.url()).hash).toMatch(/w=skin,40&.*v=30,10,1.5&lamp=40$/);
  await go(page, `#/model/${study}/${series["2.25.7701"] ?? ""}?w=bone,0&t=200000&v=0,0,1&cut=coronal,-300`);
  await drawn(page);
  expect(await bright(page, left, head), "a cut in front of all takes nothing away").toBeGreaterThan(90);
  await go(page, `#/model/${study}/${series["2.25.7701"] ?? ""}?w=bone,0&t=200000&v=0,0,1&cut=coronal,-300,turned`);
  await drawn(page);
  expect(await bright(page, left, head), "the other way round, all").toBeLessThan(20);
  const lost = await canvas(page).evaluateHandle((on: HTMLCanvasElement) => on.getContext("webgl2"));
  await page.locator(".ways button").first().click();
  await canvas(page).waitFor({ state: "detached" });
  expect(await lost.evaluate((context) => context?.isContextLost())).toBe(true);
  await page.waitForFunction(() => !location.hash.includes("w="));
  expect(complaints).toEqual([]);
  await context.close();
});

test("a series with a gap, and a browser without WebGL, are told of in a sentence", async () => {
  const { page, context, complaints } = await visit(browser, node, desktop, "owner"), { study, series } = await find(page);
  await go(page, `#/model/${study}/${series[holed] ?? ""}?w=bone,0`);
  await page.locator(".instead button").nth(1).click();
  expect(await page.locator(".instead [role=status]").innerText()).toMatch(/not equally far apart/);
  expect(await violations(page)).toEqual([]);
  await page.locator(".instead button").click(); // to the surface
  await page.locator("#triangles").waitFor();
  await withoutWebGL(page);
  await page.reload();
  await page.locator(".ways button").nth(1).click();
  expect(await page.locator(".instead p").innerText()).toMatch(/WebGL/);
  expect(await page.locator(".instead button").count(), "the surface alone is offered").toBe(1);
  expect(complaints).toEqual([]);
  await context.close();
});

test("who leaves while the images come ends that", async () => {
  const { page, context } = await visit(browser, node, desktop, "owner"), { study, series } = await find(page);
  let asked = 0;
  await page.route(/\/dicom-web\/.*(frames|series\/[^/]+$)/, async (route) => {
    asked++;
    await new Promise((later) => { setTimeout(later, 300); });
    await route.continue().catch(() => {});
  });
  await go(page, `#/model/${study}/${series["2.25.7701"] ?? ""}?w=bone,0`);
  await page.locator(".instead button").nth(1).click();
  await page.locator(".instead progress").waitFor();
  await expect.poll(() => asked).toBeGreaterThan(0);
  await go(page, "#/studies");
  await page.locator(".model-page").waitFor({ state: "detached" });
  const then = asked;
  await page.waitForTimeout(900);
  expect(asked, "nothing more is asked for").toBeLessThanOrEqual(then);
  await context.close();
});
