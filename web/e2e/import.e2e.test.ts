import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Series, slice } from "./drawn";
import { looks, type Node, openBrowser, see, signIn, stage, type Stage, violations, visit } from "./rig";

let set: Stage, node: Node, browser: Browser;
const series: Series = { study: "2.25.501", series: "2.25.501.1", name: "Drawn", slices: 30, side: 64 };

beforeAll(async () => {
  set = await stage();
  [node, browser] = await Promise.all([set.empty(), openBrowser()]);
});

afterAll(async () => {
  await set.strike();
});

// files writes a folder of slices, and of two files that cannot be taken in.
async function files(name: string, of: Series): Promise<string> {
  const folder = join(set.folder, name);
  await mkdir(folder);
  for (let k = 0; k < of.slices; k++) await writeFile(join(folder, `${k}.dcm`), slice(of, k));
  await writeFile(join(folder, "readme.txt"), "no picture");
  await writeFile(join(folder, "torn.dcm"), slice(of, 0).subarray(0, 700));
  return folder;
}

const choose = (page: Page, what: string): Promise<void> => page.locator('input[type="file"]').nth(what.endsWith(".dcm") ? 0 : 1).setInputFiles(what);

test("a folder is taken in file by file, and what is not is kept with its reason", async () => {
  const folder = await files("folder", series);
  for (const [i, look] of looks.entries()) {
    const seen = await visit(browser, node, look, "operator");
    const { page } = seen;
    await page.goto(`${node.base}/#/import`);
    await page.locator(".drop").waitFor();
    expect(await violations(page)).toEqual([]);
    await choose(page, folder);
    await page.locator(".panel progress").first().waitFor();
    await page.locator(".panel progress").first().waitFor({ state: "detached", timeout: 60_000 });
    await page.locator(".panel .button.primary").waitFor(); // it leads to what came in
    await page.locator(".panel table .badge.T4").first().waitFor();
    const said = await page.locator("main").innerText();
    if (look.language === "en" && i === 0) {
      expect(said).toContain("30 new images");
      expect(said).toMatch(/torn\.dcm/);
    }
    await page.locator(".choice input").last().check();
    await page.locator("tbody tr").nth(20).waitFor();
    await see(seen, "import");
    expect(seen.complaints).toEqual([]);
    await seen.context.close();
  }
});

test("an import that was broken off goes on where it was", async () => {
  const large: Series = { study: "2.25.502", series: "2.25.502.1", name: "Large", slices: 1, side: 3400 }; // 23 MB: two parts
  const path = join(set.folder, "large.dcm");
  await writeFile(path, slice(large, 0));
  const [look] = looks;
  if (!look) throw new Error("no look");
  const { page, context } = await visit(browser, node, look, "operator");
  await page.goto(`${node.base}/#/import`);
  await page.route("**/api/v1/uploads/u_*", (route) => (route.request().method() === "PATCH" ? route.abort() : route.continue()));
  const begun = page.waitForResponse((response) => response.request().method() === "POST" && response.url().endsWith("/uploads/"));
  await choose(page, path);
  expect((await begun).status()).toBe(201);
  await page.waitForTimeout(500);
  await page.reload(); // the line is broken, and the window closed
  await page.unrouteAll();
  await page.getByText("An import was broken off").waitFor();
  const offsets: number[] = [];
  page.on("request", (request) => { if (request.method() === "PATCH") offsets.push(Number(request.headers()["upload-offset"])); });
  await choose(page, path);
  await page.locator(".panel .button.primary").waitFor({ timeout: 60_000 });
  expect(offsets).toEqual([16 << 20]);
  expect(await page.locator("main").innerText()).toContain("1 new image");
  await context.close();
});

test("what one person sends does not go on in the name of the next", async () => {
  const folder = await files("left", { ...series, study: "2.25.503", series: "2.25.503.1" });
  const { page, context } = await visit(browser, node, { language: "en", theme: "light", screen: "desktop" }, "operator");
  await page.goto(`${node.base}/#/import`);
  let sent = 0;
  await page.route("**/api/v1/uploads/", (route) => (sent++ < 3 ? route.continue() : new Promise(() => {}))); // the line hangs
  await choose(page, folder);
  await page.getByText("Importing").waitFor();
  await page.waitForTimeout(500);
  await page.locator(".account button").click();
  await page.locator(".sign-in").first().waitFor();
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await signIn(page, node.tokens.operator);
  await page.goto(`${node.base}/#/import`);
  await page.locator(".drop").waitFor();
  const before = sent;
  await page.waitForTimeout(1500);
  expect(await page.getByText("left/").count()).toBe(0);
  expect(sent).toBe(before);
  await context.close();
});
