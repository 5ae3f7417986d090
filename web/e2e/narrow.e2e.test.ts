// The first step of an offer chooses series by part of the body, and by time, in one go.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { drawStudy } from "./draw";
import { ask, looks, type Node, openBrowser, shoot, stage, type Stage, violations, visit } from "./rig";

const run = promisify(execFile);
let set: Stage, seller: Node, browser: Browser, study = "";

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

const chosen = (page: Page): Promise<string[]> => page.locator(".series input:checked").evaluateAll((boxes) => boxes.map((box) => box.closest("label")?.querySelector("strong")?.textContent ?? ""));

test.each(looks)("series are chosen by part of the body and by time: $language, $theme, $screen", async (look) => {
  const seen = await visit(browser, seller, look, "owner");
  const { page } = seen;
  // The study that is drawn has one time: the node tells of three days.
  await page.route(new RegExp(`/api/v1/studies/${study}$`), async (route) => {
    const answer = await route.fetch();
    const found = (await answer.json()) as { seriesList: { date: string; time: string }[] };
    for (const [i, one] of found.seriesList.entries()) Object.assign(one, { date: `2024011${7 + i}`, time: "0930" });
    await route.fulfill({ response: answer, json: found });
  });
  await page.goto(`${seller.base}/#/sell/${study}`);
  await page.locator(".narrow summary").click();
  const all = await chosen(page);
  expect(all.length).toBe(3);
  const choose = page.locator(".narrow button");
  await page.locator(".narrow select").selectOption("HEAD");
  await choose.focus();
  await page.keyboard.press("Enter");
  const heads = await chosen(page);
  expect(heads.length).toBe(1);
  await page.locator(".narrow select").selectOption("");
  await page.locator(".narrow input").first().fill("2024-01-18T09:30");
  await choose.click();
  expect(await chosen(page)).toEqual(all.slice(1));
  await page.locator(".narrow input").last().fill("2024-01-18T23:59");
  await choose.click();
  expect(await chosen(page)).toEqual(all.slice(1, 2));
  expect(decodeURIComponent(page.url()).split("/")[7]?.split(".").length).toBe(1); // it stands in the address
  await page.locator(".narrow input").first().fill("2030-01-01T00:00");
  expect(await choose.isDisabled()).toBe(true);
  expect(await page.locator(".series .small").first().innerText()).toContain("09:30");
  expect(await violations(page)).toEqual([]);
  expect(await page.evaluate(() => [...document.querySelectorAll("main *")].filter((one) => one.getBoundingClientRect().right > innerWidth).map((one) => one.outerHTML.slice(0, 80)))).toEqual([]);
  await shoot(seen, "sell-narrow");
  expect(seen.complaints).toEqual([]);
  await seen.context.close();
}, 15_000);
