import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dicom } from "./dicom";
import { looks, type Node, openBrowser, see, stage, type Stage, visit } from "./rig";

let set: Stage, node: Node, browser: Browser;

beforeAll(async () => {
  set = await stage();
  [node, browser] = await Promise.all([set.seller(), openBrowser()]);
});

afterAll(async () => {
  await set.strike();
});

let visits = 0; // each brings patients and studies of its own, also when a test is tried again

type Patient = { id: string; name: string; birth: string };

// object is a CT slice without pixels; number tells studies apart.
const object = ({ id, name, birth }: Patient, number: number): Buffer => dicom("1.2.840.10008.5.1.4.1.1.2", `2.25.77${number}.3`, [
  [0x00080005, "CS", "ISO_IR 192"], [0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2"], [0x00080018, "UI", `2.25.77${number}.3`], [0x00080020, "DA", "20240117"], [0x00080060, "CS", "CT"],
  [0x00100010, "PN", Buffer.from(name + (Buffer.byteLength(name) % 2 ? " " : ""))], [0x00100020, "LO", id], [0x00100030, "DA", birth], [0x0020000d, "UI", `2.25.77${number}.1`], [0x0020000e, "UI", `2.25.77${number}.2`],
]);

// disc writes a folder with a file of each patient.
async function disc(from: number, ...patients: Patient[]): Promise<string> {
  const folder = await mkdtemp(join(set.folder, "disc-"));
  for (const [i, patient] of patients.entries()) await writeFile(join(folder, `${i}.dcm`), object(patient, from + i));
  return folder;
}

async function send(page: Page, folder: string): Promise<void> {
  await page.goto(`${node.base}/#/import`);
  await page.locator(".drop").waitFor();
  await page.locator('input[type="file"]').nth(1).setInputFiles(folder);
}

const words = {
  en: { me: "Yes, this is me", kept: "Someone I keep records for", unknown: "I don't know: set it aside", notMine: "It is not mine after all", mine: "It is mine after all", same: "The same person: file it there", told: "Under whom files were filed", filed: "You", done: "The import is complete." },
  zh: { me: "是的，这是我本人", kept: "是我代为保管记录的人", unknown: "不知道，先放在一边", notMine: "其实不是我的", mine: "其实是我的", same: "同一个人，归入其名下", told: "文件归入了谁的名下", filed: "您本人", done: "导入完成。" },
};

test("an owner says of each patient of a disc whether it is them, also after a reload, and may say otherwise", async () => {
  for (const look of looks) {
    const i = ++visits, seen = await visit(browser, node, look, "owner"), { page } = seen, w = words[look.language];
    const one: Patient = { id: `77-${i}`, name: "WANG^XIAODONG=王^小东", birth: "19700203" };
    const two: Patient = { id: `78-${i}`, name: `\u202eROE^NR${i}X`, birth: "" }, three: Patient = { id: "", name: "", birth: "" };
    await send(page, await disc(10 * i, one, two, three));
    await page.locator(".patient").nth(2).waitFor();
    expect(await page.locator(".patient").count()).toBe(3);
    expect((await page.locator(".patient h3").allInnerTexts()).sort().slice(0, 2).join()).toMatch(look.language === "en" ? /ROE NR\dX/ : /ROE NR\dX,WANG XIAODONG · 王 小东/);
    expect(await page.locator("main").innerText()).not.toContain("\u202e");
    await see(seen, "whose-asked");
    await page.reload(); // the question is the node's, not this window's
    await page.locator(".patient").nth(2).waitFor();
    const of = (name: string) => page.locator(".patient").filter({ hasText: name });
    await of("WANG").getByRole("button", { name: w.me }).focus();
    await page.keyboard.press("Enter");
    await of("WANG").waitFor({ state: "detached" });
    await of("ROE").getByRole("button", { name: w.kept }).click();
    await of("ROE").waitFor({ state: "detached" });
    await page.locator(".patient").getByRole("button", { name: w.unknown }).click();
    await page.locator(".patient").waitFor({ state: "detached" });
    const told = page.getByRole("region", { name: w.told });
    await told.locator("summary").click();
    await told.getByRole("row").filter({ hasText: w.filed }).first().waitFor();
    await see(seen, "whose-told");
    const roe = told.getByRole("row").filter({ hasText: `NR${i}X` });
    await roe.getByRole("button", { name: w.mine }).click();
    await roe.getByText(w.filed, { exact: true }).waitFor();
    await roe.getByRole("button", { name: w.notMine }).click();
    const sure = page.getByRole("dialog");
    await sure.waitFor();
    await see(seen, "whose-undo");
    await sure.getByRole("button", { name: w.notMine }).click();
    await sure.waitFor({ state: "detached" });
    await roe.getByRole("button").waitFor({ state: "detached" }); // once
    expect(page.url()).not.toMatch(/WANG|NR|77-/);
    expect(seen.complaints.filter((one) => !one.includes("/thumbnail"))).toEqual([]); // these objects have no pixels
    await seen.context.close();
  }
  expect(node.log()).not.toMatch(/XIAODONG|RICHARD|NR\dX|77-\d/);
});

test("an operator is told by what patients are known, and decides where one number has two names, without being told them", async () => {
  for (const look of looks) {
    const i = ++visits, seen = await visit(browser, node, look, "operator"), { page } = seen, w = words[look.language];
    await send(page, await disc(500 + 10 * i, { id: `90-${i}`, name: "DOE^JANE", birth: "19700101" }));
    await page.getByText(w.done).first().waitFor(); // it is filed
    await send(page, await disc(600 + 10 * i, { id: `90-${i}`, name: "ROE^RICHARD", birth: "19700101" }));
    await page.locator(".patient").waitFor();
    const said = await page.locator("main").innerText();
    expect(said).not.toMatch(/DOE|ROE|JANE|RICHARD|1970|90-/);
    expect(said).toMatch(/p_[a-z2-7]{26}/);
    await see(seen, "whose-conflict");
    await page.locator(".patient").getByRole("button", { name: w.same }).click();
    await page.locator(".patient").waitFor({ state: "detached" });
    expect(seen.complaints).toEqual([]);
    await seen.context.close();
  }
});
