// Many studies: found by words and modality, and put in order.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Archive, archive } from "./display";
import { stackOf } from "./objects";
import { looks, openBrowser, shoot, violations, visit } from "./rig";

let browser: Browser, held: Archive;

beforeAll(async () => {
  browser = await openBrowser();
  held = await archive([["CT", "Head"], ["MR", "Head"], ["MR", "Knee"], ["CT", "Chest"], ["CT", "Abdomen"]].flatMap(([modality = "", description = ""], i) =>
    stackOf({ study: `2.25.81${i}`, series: `2.25.81${i}.1`, modality, description, slices: 1, value: () => 24, more: () => [[0x00081030, "LO", description]] })));
});

afterAll(async () => {
  await held.strike();
});

test("a study is found among others by its words and its modality", async () => {
  for (const look of looks) {
    const seen = await visit(browser, held.node, look, "owner"), { page } = seen;
    const names = async (): Promise<string[]> => page.locator(".card h2").allTextContents();
    await page.locator(".card").nth(4).waitFor();
    await page.getByRole("searchbox").fill("head");
    await page.locator(".card").nth(2).waitFor({ state: "detached" });
    expect(await names()).toEqual(["Head", "Head"]);
    await page.locator("[role=search] select").first().selectOption("MR");
    await page.locator(".card").nth(1).waitFor({ state: "detached" });
    expect(await page.locator("[role=status]").first().textContent()).toBe(look.language === "en" ? "1 study" : "1 项检查");
    expect(await violations(page)).toEqual([]);
    await page.getByRole("searchbox").fill("nowhere");
    await page.locator(".card").waitFor({ state: "detached" });
    await page.locator("[role=search] select").first().selectOption("");
    await page.getByRole("searchbox").fill("");
    await page.locator("[role=search] select").last().selectOption("name");
    await page.locator(".card").nth(4).waitFor();
    expect(await names()).toEqual(["Abdomen", "Chest", "Head", "Head", "Knee"]);
    await shoot(seen, "studies-many");
    expect(seen.complaints).toEqual([]);
    await seen.context.close();
  }
}, 60_000);
