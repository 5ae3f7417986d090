// A document that says it was saved here, and cannot be read, keeps nobody from saving.
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dicom, type Element } from "./dicom";
import { type Series, slice } from "./drawn";
import { looks, type Node, openBrowser, serve, shoot, stage, type Stage, violations, visit } from "./rig";

const run = promisify(execFile);
const study = "2.25.891", drawn: Series = { study, series: `${study}.1`, name: "Drawn", slices: 3, side: 128 };

let set: Stage, node: Node, browser: Browser;

const code = (value: string, meaning: string): readonly Element[] => [[0x00080100, "SH", value], [0x00080102, "SH", "DCM"], [0x00080104, "LO", meaning]];

// forged is a measurement report of which no program can read where its mark is.
const forged = dicom("1.2.840.10008.5.1.4.1.1.88.34", `${study}.99`, [
  [0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.88.34"], [0x00080018, "UI", `${study}.99`], [0x00080023, "DA", "20260102"], [0x00080033, "TM", "030405"],
  [0x00080060, "CS", "SR"], [0x00080070, "LO", "SINSO"], [0x00081090, "LO", "SINSO viewer"],
  [0x00100010, "PN", "DRAWN^FIGURE"], [0x00100020, "LO", "DRAWN"], [0x0020000d, "UI", study], [0x0020000e, "UI", `${study}.8`], [0x00200013, "IS", "1"],
  [0x0040a040, "CS", "CONTAINER"], [0x0040a043, "SQ", [code("126000", "Imaging Measurement Report")]],
  [0x0040a730, "SQ", [[[0x0040a010, "CS", "CONTAINS"], [0x0040a040, "CS", "CONTAINER"], [0x0040a043, "SQ", [code("125007", "Measurement Group")]]]]],
]);

beforeAll(async () => {
  set = await stage();
  const files = join(set.folder, "files"), data = join(set.folder, "node");
  await mkdir(files);
  for (let k = 0; k < drawn.slices; k++) await writeFile(join(files, `${k}.dcm`), slice(drawn, k));
  await writeFile(join(files, "forged.dcm"), forged);
  await run(set.sinso, ["init", "--data", data]);
  await run(set.sinso, ["import", files, "--data", data]);
  [node, browser] = await Promise.all([serve(set.sinso, data), openBrowser()]);
});

afterAll(async () => {
  await browser.close();
  await node.stop();
  await set.strike();
});

async function view(page: Page): Promise<void> {
  const { items } = await page.evaluate(async () => (await fetch("/api/v1/studies")).json() as Promise<{ items: { id: string }[] }>);
  await page.goto(`${node.base}/#/view/${items[0]?.id}`);
  await page.reload();
  await page.locator(".tile canvas[data-image]").waitFor();
}

test("a report that says it was saved here and cannot be read is named, stays, and keeps nobody from saving", async () => {
  for (const look of looks) {
    const seen = await visit(browser, node, look, "clinician"), { page } = seen;
    await view(page);
    const named = page.locator(".keeping [role=alert]", { hasText: look.language === "en" ? /1 document says it was saved here, but cannot be read whole.*Report · .*2026/s : /有 1 份文档自称在此处保存.*报告 · /s });
    await named.waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(seen, "forged-named");
    if (look.screen === "desktop") {
      await page.getByRole("button", { name: "Length", exact: true }).click();
      const box = await page.locator(".tile").boundingBox();
      if (!box) throw new Error("the tile has no place");
      await page.mouse.move(box.x + box.width * 0.4, box.y + box.height * 0.5);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.55, { steps: 3 });
      await page.mouse.up();
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await page.locator(".keeping", { hasText: /^Saved /m }).waitFor();
      await view(page);
      await page.locator(".mark.saved").waitFor();
      expect(await page.locator(".mark.saved").count()).toBe(1);
      await named.waitFor(); // it is there still
      const kept = await fetch(`${node.base}/dicom-web/studies/${study}/instances?Modality=SR`, { headers: { Authorization: `Bearer ${node.tokens.clinician}`, Accept: "application/dicom+json" } });
      const uids = ((await kept.json()) as Record<string, { Value?: string[] }>[]).map((one) => one["00080018"]?.Value?.[0]);
      expect(uids).toHaveLength(2);
      expect(uids).toContain(`${study}.99`);
    }
    expect(seen.complaints).toEqual([]);
    await seen.context.close();
  }
});
