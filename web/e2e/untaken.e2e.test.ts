import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page, Route } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { slice } from "./drawn";
import { looks, type Node, openBrowser, see, stage, type Stage, visit } from "./rig";

let set: Stage, node: Node, browser: Browser;

beforeAll(async () => {
  set = await stage();
  [node, browser] = await Promise.all([set.empty(), openBrowser()]);
});

afterAll(async () => {
  await set.strike();
});

type Row = { name: string; state: string; again?: string; outcome?: unknown };

// full makes the page see a node whose disk is full: a file stands as failed, until somebody
// asks for it.
async function full(page: Page, name: string): Promise<{ asked: string[] }> {
  const told = { asked: [] as string[] };
  const fails = async (route: Route): Promise<void> => {
    const answer = await route.fetch(), said = (await answer.json()) as { items?: Row[]; done?: number; failed?: number };
    if (told.asked.length === 0) {
      for (const row of said.items ?? []) if (row.name === name) Object.assign(row, { state: "failed", again: "2026-11-27T10:30:00Z", outcome: undefined });
      if (said.done) Object.assign(said, { done: 0, failed: said.done });
    }
    await route.fulfill({ response: answer, json: said });
  };
  await page.route("**/api/v1/uploads?*", fails);
  await page.route("**/api/v1/uploads/summary?*", fails);
  await page.route("**/api/v1/uploads/*/retry", async (route) => {
    told.asked.push(route.request().url());
    await route.fulfill({ json: {} });
  });
  return told;
}

test("a file that the node could not take in is tried again when somebody asks", async () => {
  for (const [i, look] of looks.entries()) {
    const seen = await visit(browser, node, look, "operator");
    const { page } = seen;
    const told = await full(page, `one-${i}.dcm`);
    const words = look.language === "en" ? { now: "Try now", title: "Not taken in yet" } : { now: "立即重试", title: "尚未接收" };
    await page.goto(`${node.base}/#/import`);
    await page.locator(".drop").waitFor();
    const path = join(set.folder, `one-${i}.dcm`);
    await writeFile(path, slice({ study: `2.25.60${i}`, series: `2.25.60${i}.1`, name: "Untaken", slices: 1, side: 64 }, 0));
    await page.locator('input[type="file"]').first().setInputFiles(path);
    const button = page.getByRole("button", { name: words.now });
    await button.waitFor();
    if (look.language === "en") expect(await page.locator("main").innerText()).not.toContain("complete");
    await see(seen, "untaken-going");
    await page.reload(); // this window knows nothing of it any more
    await page.getByRole("heading", { name: words.title }).waitFor();
    await see(seen, "untaken-left");
    await button.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: words.title }).waitFor({ state: "detached" });
    expect(told.asked).toHaveLength(1);
    expect(told.asked[0]).toMatch(/\/uploads\/u_[a-z2-7]{26}\/retry$/);
    expect(seen.complaints).toEqual([]);
    await seen.context.close();
  }
});

test("what is tried again during an import is told when it is taken in", async () => {
  const [look] = looks;
  if (!look) throw new Error("no look");
  const { page, context, complaints } = await visit(browser, node, look, "operator");
  const told = await full(page, "again.dcm");
  await page.goto(`${node.base}/#/import`);
  await page.locator(".drop").waitFor();
  const path = join(set.folder, "again.dcm");
  await writeFile(path, slice({ study: "2.25.610", series: "2.25.610.1", name: "Untaken", slices: 1, side: 64 }, 0));
  await page.locator('input[type="file"]').first().setInputFiles(path);
  await page.getByRole("button", { name: "Try now" }).click();
  await page.locator(".panel .button.primary").waitFor();
  expect(await page.locator("main").innerText()).toContain("in 1 study");
  await page.getByRole("button", { name: "Try now" }).waitFor({ state: "detached" });
  expect(told.asked).toHaveLength(1);
  expect(complaints).toEqual([]);
  await context.close();
});
