import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { drawStudy, echo } from "./draw";
import { ask, looks, type Node, openBrowser, see, stage, type Stage, visit } from "./rig";

const run = promisify(execFile);
let set: Stage, seller: Node, browser: Browser, study = "";

// The seller of the demo has one more study: a chest, an ultrasound and a head.
beforeAll(async () => {
  set = await stage();
  [seller, browser] = await Promise.all([set.seller(), openBrowser()]);
  const session = await ask<{ person: string }>(seller, "owner", "session");
  const files = join(set.folder, "study");
  await drawStudy(files);
  const took = await run(set.sinso, ["import", "--json", "--person", session.person, "--data", seller.folder, files]);
  study = (JSON.parse(took.stdout) as { studies: string[] }).studies[0] ?? "";
});

afterAll(async () => {
  await set.strike();
});

// at waits for a step: its heading has the focus, and the trail says so.
async function at(page: Page, n: number): Promise<void> {
  await page.locator(`.trail li:nth-child(${n}) [aria-current="step"]`).waitFor();
  await page.waitForFunction(() => document.activeElement?.classList.contains("step"));
}

// gray reads pixels of a picture: the brightest of a part of it, given in shares of its size.
const gray = (page: Page, which: number, [x0, y0, x1, y1]: readonly [number, number, number, number]): Promise<number> =>
  page.locator(".sides figure").nth(which).locator("img").evaluate((img: HTMLImageElement, box) => {
    const canvas = new OffscreenCanvas(img.naturalWidth, img.naturalHeight);
    const to = canvas.getContext("2d");
    if (!to) return -1;
    to.drawImage(img, 0, 0);
    const w = canvas.width, h = canvas.height;
    const data = to.getImageData(Math.round(box[0] * w), Math.round(box[1] * h), Math.max(1, Math.round((box[2] - box[0]) * w)), Math.max(1, Math.round((box[3] - box[1]) * h))).data;
    return data.reduce((most, value, i) => (i % 4 === 3 ? most : Math.max(most, value)), 0);
  }, [x0, y0, x1, y1] as const);

// pictures waits until both sides are there.
const pictures = async (page: Page): Promise<void> => {
  for (const i of [0, 1]) await page.locator(".sides figure").nth(i).locator("img, p").waitFor();
  await page.waitForFunction(() => [...document.querySelectorAll<HTMLImageElement>(".sides img")].every((img) => img.complete && img.naturalWidth > 0));
};

const above = echo.top / echo.rows;

test("an owner goes from the studies to a receipt, in few clicks", async () => {
  const seen = await visit(browser, seller, { language: "en", theme: "light", screen: "desktop" }, "owner");
  const { page } = seen;
  let clicks = 0;
  const click = async (what: string, n = 0): Promise<void> => {
    clicks++;
    await page.locator(what).nth(n).click();
  };
  const began = Date.now();
  await click(`a[href="#/sell/${study}"]`);
  await at(page, 1);
  await page.locator(".series img").nth(2).waitFor();
  await click(".series label", 2); // the head stays
  expect(await page.locator('.series input:checked').count()).toBe(2);
  await click(".onward .primary");
  await at(page, 2);
  await pictures(page);
  expect(await gray(page, 0, [.2, .2, .8, .8])).toBeGreaterThan(100);
  expect(await gray(page, 1, [.2, .2, .8, .8])).toBeGreaterThan(100);
  await click(".panel > .tools button", 1); // the ultrasound
  await page.locator(".marks .region").waitFor();
  await pictures(page);
  expect(await gray(page, 0, [.05, .05, .6, above - .07])).toBeGreaterThan(200);
  expect(await gray(page, 1, [0, 0, 1, above - .02])).toBe(0);
  expect(await gray(page, 1, [.45, .5, .55, .6])).toBeGreaterThan(50);
  expect(await page.locator(".film rect.region").count()).toBeGreaterThan(0);
  await click(".onward .primary");
  await at(page, 3);
  await click(".onward .primary");
  await at(page, 4);
  await page.locator("main input").first().fill("0.02");
  await click(".onward .primary");
  await at(page, 5);
  await page.reload(); // the address has all of it
  await at(page, 5);
  await page.locator(".columns").getByText("0.02").first().waitFor();
  await click(".onward .primary");
  await click("dialog .danger");
  await page.getByRole("button", { name: "Undo" }).waitFor();
  await page.locator(".receipt").waitFor({ timeout: 60_000 });
  const seconds = (Date.now() - began) / 1000;
  expect(clicks).toBeLessThanOrEqual(10);
  expect(seconds).toBeLessThan(180);
  const made = await ask<{ items: Record<string, unknown>[] }>(seller, "owner", "assets");
  const sold = made.items.filter((one) => one.study === study) as { series: string[]; token: string; order: string }[];
  expect(sold).toHaveLength(1);
  expect(sold[0]).toMatchObject({ state: "registered", instances: 8, withheld: { "not-chosen": 6 }, priceWei: "20000000000000000" });
  expect(sold[0]?.series).toHaveLength(2);
  const [paper] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save the receipt" }).click()]);
  const saved = await paper.path();
  const { readFile } = await import("node:fs/promises");
  const receipt = await readFile(saved, "utf8");
  expect(JSON.parse(receipt)).toMatchObject({ kind: "sinso-receipt", token: sold[0]?.token, order: sold[0]?.order, study });
  for (const word of ["INVENTED", "IRIS", "MRN-77001", "Invented Hospital", "1979"]) expect(receipt).not.toContain(word);
  // A page that was closed while the node worked finds the end by how many there were before.
  await page.goto(`${seller.base}/#/sell/${study}/done/${sold[0]?.series.join(".")}/faces-in/0.02/0`);
  await page.reload();
  await page.locator(".receipt code").first().waitFor();
  expect(await page.locator(".receipt code").first().getAttribute("title")).toBe(sold[0]?.token);
  expect(page.url()).not.toMatch(/INVENTED|Checkup/);
  expect(seen.complaints).toEqual([]);
  console.info(`clicks: ${clicks}, ${seconds.toFixed(0)} s`);
  await seen.context.close();
});

test("undo begins nothing, and a page that comes back is told so", async () => {
  const seen = await visit(browser, seller, { language: "en", theme: "light", screen: "desktop" }, "owner");
  const { page } = seen;
  const count = async (): Promise<number> => (await ask<{ items: unknown[] }>(seller, "owner", "assets")).items.length;
  const before = await count();
  await page.goto(`${seller.base}/#/sell/${study}/review/all/faces-in/0.5`);
  await at(page, 5);
  await page.locator(".onward .primary").click();
  await page.locator("dialog .danger").click();
  await page.getByRole("button", { name: "Undo" }).click();
  await at(page, 5);
  await page.locator(".onward .primary").click();
  await page.locator("dialog .danger").click();
  await page.getByRole("button", { name: "Undo" }).waitFor();
  await page.goBack(); // as good as the button
  await at(page, 5);
  await page.waitForTimeout(6000);
  await page.goto(`${seller.base}/#/sell/${study}/done/all/faces-in/0.5/99`);
  await page.getByText("Nothing of it is to be seen yet").waitFor();
  expect(await count()).toBe(before);
  await seen.context.close();
});

test.each(looks)("each step: $language, $theme, $screen", async (look) => {
  const seen = await visit(browser, seller, look, "owner");
  const { page } = seen;
  const step = (name: string, rest = "all/faces-in/0.02"): Promise<unknown> => page.goto(`${seller.base}/#/sell/${study}/${name}/${rest}`);
  await step("choose");
  await at(page, 1);
  await page.locator(".series img").nth(2).waitFor();
  await see(seen, "sell-1-choose");
  await step("look");
  await at(page, 2);
  await pictures(page);
  await page.locator(".panel > .tools button").nth(1).click();
  await page.locator(".marks .region").waitFor();
  await pictures(page);
  await page.locator(".elements summary").click();
  await see(seen, "sell-2-look");
  await page.locator(".panel > .tools button").nth(2).click();
  await page.locator(".note").waitFor();
  await page.locator(".faces input").check();
  await page.locator(".sides img").waitFor();
  await see(seen, "sell-2-face");
  await step("terms");
  await at(page, 3);
  await see(seen, "sell-3-terms");
  await step("price");
  await at(page, 4);
  await see(seen, "sell-4-price");
  await step("review");
  await at(page, 5);
  await page.locator(".panel strong").first().waitFor();
  await page.waitForFunction(() => !document.querySelector("[aria-busy=true]"));
  await see(seen, "sell-5-review");
  await page.locator(".onward .primary").click();
  await see(seen, "sell-5-confirm");
  await page.locator("dialog .danger").click();
  await page.locator(".trail li:nth-child(6) [aria-current]").waitFor();
  await see(seen, "sell-6-undo");
  await page.locator(".panel button").click();
  await at(page, 5);
  const made = await ask<{ items: { id: string; study: string }[] }>(seller, "owner", "assets");
  await step("done", `all/faces-in/0.02/${made.items.find((one) => one.study === study)?.id}`);
  await page.locator(".receipt").waitFor();
  await see(seen, "sell-6-receipt");
  expect(seen.complaints).toEqual([]);
  await seen.context.close();
});
