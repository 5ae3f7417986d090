// A document that says it was saved here, and cannot be read, keeps nobody from saving.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dicom, type Element } from "./dicom";
import { type Archive, archive, drag, open, save, view } from "./display";
import { type Series, slicesOf } from "./drawn";
import { looks, openBrowser, see } from "./rig";

const study = "2.25.891", drawn: Series = { study, series: `${study}.1`, name: "Drawn", slices: 3, side: 128 };

let held: Archive, browser: Browser;

const code = (value: string, meaning: string): readonly Element[] => [[0x00080100, "SH", value], [0x00080102, "SH", "DCM"], [0x00080104, "LO", meaning]];

// forged is a measurement report of which no program can read where its mark is.
const forged = dicom("1.2.840.10008.5.1.4.1.1.88.34", `${study}.99`, [
  [0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.88.34"], [0x00080018, "UI", `${study}.99`], [0x00080023, "DA", "20260102"], [0x00080033, "TM", "030405"],
  [0x00080060, "CS", "SR"], [0x00080070, "LO", "SINSO"], [0x00081090, "LO", "SINSO viewer"],
  [0x00100010, "PN", "DRAWN^FIGURE"], [0x00100020, "LO", "DRAWN"], [0x0020000d, "UI", study], [0x0020000e, "UI", `${study}.8`], [0x00200013, "IS", "1"],
  [0x0040a040, "CS", "CONTAINER"], [0x0040a043, "SQ", [code("126000", "Imaging Measurement Report")]],
  [0x0040a730, "SQ", [[[0x0040a010, "CS", "CONTAINS"], [0x0040a040, "CS", "CONTAINER"], [0x0040a043, "SQ", [code("125007", "Measurement Group")]]]]],
]);

beforeAll(async () => { [held, browser] = await Promise.all([archive([...slicesOf(drawn), forged]), openBrowser()]); });

afterAll(async () => {
  await held.strike();
});

test("a report that says it was saved here and cannot be read is named, stays, and keeps nobody from saving", async () => {
  for (const look of looks) {
    const { node } = held, seen = await open(browser, node, study, look, "clinician"), { page } = seen;
    const named = page.locator(".keeping [role=alert]", { hasText: look.language === "en" ? /1 document says it was saved here, but cannot be read whole.*Report · .*2026/s : /有 1 份文档自称在此处保存.*报告 · /s });
    await named.waitFor();
    await see(seen, "forged-named");
    if (look.screen === "desktop") {
      await page.getByRole("button", { name: "Length", exact: true }).click();
      await drag(page, page.locator(".tile"), [0.4, 0.5], [0.6, 0.55]);
      await save(page);
      await view(page, node, study);
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
