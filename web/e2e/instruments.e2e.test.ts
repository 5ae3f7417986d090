// What a reader has in hand beside the image: the tags of an object, and what measures and magnifies.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { items } from "./dicom";
import { instanceOf, keep, type Stack, stackOf } from "./objects";
import { type Look, looks, type Node, openBrowser, serve, shoot, stage, type Stage, violations, visit } from "./rig";

const run = promisify(execFile);
const desk: Look = { language: "en", theme: "light", screen: "desktop" };

// A CT of 128² pixels of 1 mm: a bright square of 40 pixels in the middle, and what only its header has.
const ct: Stack = {
  study: "2.25.901", series: "2.25.901.1", modality: "CT", description: "Square", slices: 4, spacing: 1,
  value: (column, row) => (Math.abs(column - 63.5) < 20 && Math.abs(row - 63.5) < 20 ? 1100 : 1000),
  more: (k) => [
    [0x00080008, "CS", "ORIGINAL\\PRIMARY\\AXIAL"], [0x00081140, "SQ", items([[0x00081155, "UI", "2.25.901.77"]])], [0x00090010, "LO", "INVENTED WORKS"], [0x00091001, "LO", `private ${k + 1}`],
  ],
};

let set: Stage, node: Node, browser: Browser;

beforeAll(async () => {
  set = await stage();
  const files = join(set.folder, "files"), data = join(set.folder, "node");
  await keep(files, stackOf(ct));
  await run(set.sinso, ["init", "--data", data]);
  await run(set.sinso, ["import", files, "--data", data]);
  [node, browser] = await Promise.all([serve(set.sinso, data), openBrowser()]);
});

afterAll(async () => {
  await browser.close();
  await node.stop();
  await set.strike();
});

// view opens the CT in the viewer, on its first image.
async function view(page: Page): Promise<void> {
  const { items: [study] } = await page.evaluate(async () => (await fetch("/api/v1/studies")).json() as Promise<{ items: { id: string }[] }>);
  await page.goto(`${node.base}/#/view/${study?.id}`);
  await page.reload();
  await page.locator(".tile canvas[data-image]").waitFor();
  await page.locator(".tile").focus();
}

test("the tags of an object are listed, found and copied, and go with the images", async () => {
  const { page, context, complaints } = await visit(browser, node, desk, "clinician"), lines = page.locator(".tag-lines tbody tr"), find = page.getByLabel("Find words, a name or a tag");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await view(page);
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

test("the tags are there in every look", async () => {
  for (const look of looks) {
    const visited = await visit(browser, node, look, "clinician"), { page } = visited;
    await view(page);
    await page.locator(".viewer-tools > button").first().click();
    await page.locator(".tag-lines").waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(visited, "tags");
    expect(visited.complaints).toEqual([]);
    await visited.context.close();
  }
});
