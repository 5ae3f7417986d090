// A study is erased for good on its page, by its owner and nobody else.
import { execFile } from "node:child_process";
import { createPublicKey, verify } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { slicesOf } from "./drawn";
import { ask, firstStudy, go, type Look, looks, type Node, openBrowser, see, shoot, stage, type Stage, unasked, visit } from "./rig";

const run = promisify(execFile);
let set: Stage, node: Node, browser: Browser, sold = "";

beforeAll(async () => {
  set = await stage();
  [node, browser] = await Promise.all([set.seller(), openBrowser()]);
  sold = await firstStudy(node);
});

afterAll(async () => {
  await set.strike();
});

let drawn = 0; // what was erased is not taken in again: each study is another

// imported takes a drawn study in, and answers with its id.
async function imported(): Promise<string> {
  const k = drawn++, folder = join(set.folder, `study-${k}`);
  await mkdir(folder);
  for (const [i, slice] of slicesOf({ study: `2.25.70${k}`, series: `2.25.70${k}.1`, name: "Drawn", slices: 3, side: 32 }).entries()) await writeFile(join(folder, `${i}.dcm`), slice);
  const { person } = await ask<{ person: string }>(node, "owner", "session");
  const took = await run(set.sinso, ["import", "--json", "--person", person, "--data", node.folder, folder]);
  return (JSON.parse(took.stdout) as { studies: string[] }).studies[0] ?? "";
}

const words = ({ language }: Look) => (language === "en"
  ? { button: "Erase for good", sure: /I understand/, leave: /I give up/, save: "Save the receipt", list: "To your studies", done: "Erased for good", hidden: "It is shown no more, and will be erased", busy: "Nothing is erased yet" }
  : { button: "永久销毁", sure: /我明白/, leave: /我放弃/, save: "保存回执", list: "查看我的检查", done: "已永久销毁", hidden: "它不再显示，并将被销毁", busy: "尚未销毁任何内容" });

// tabTo goes to a control by the Tab key alone.
async function tabTo(page: Page, control: Locator): Promise<void> {
  for (let i = 0; i < 60; i++) {
    if (await control.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("the keyboard does not come to it");
}

async function press(page: Page, control: Locator, key: "Enter" | "Space"): Promise<void> {
  await control.waitFor();
  await tabTo(page, control);
  await page.keyboard.press(key);
}

// isSigned checks a file as docs/formats.md says: over the bytes of the receipt.
function isSigned(file: string): boolean {
  const { receipt, signature } = JSON.parse(file) as { receipt: { institution: string }; signature: string };
  const from = file.indexOf('"receipt":') + '"receipt":'.length, to = file.lastIndexOf(',"signature":');
  const key = createPublicKey({ format: "jwk", key: { kty: "OKP", crv: "Ed25519", x: Buffer.from(receipt.institution, "base64").toString("base64url") } });
  return verify(null, Buffer.concat([Buffer.from("sinso/erasure-receipt/v1\0"), Buffer.from(file.slice(from, to))]), key, Buffer.from(signature, "base64"));
}

test("a study is erased by the keyboard alone, and its receipt is saved", async () => {
  for (const look of looks) {
    const study = await imported();
    const seen = await visit(browser, node, look, "owner"), { page } = seen, say = words(look);
    let asked = 0, goOn = (): void => { /* not asked yet */ };
    await page.route("**/erasure", async (route) => { // it takes until it was looked at
      asked++;
      await new Promise<void>((looked) => { goOn = looked; });
      await route.continue();
    });
    await page.goto(`${node.base}/#/study/${study}`);
    const button = page.locator("main").getByRole("button", { name: say.button }), dialog = page.getByRole("dialog");
    await button.waitFor();
    await shoot(seen, "erase-study");
    await press(page, button, "Enter");
    await dialog.waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press("Enter");
    await see(seen, "erase-asks");
    const last = dialog.getByRole("button", { name: say.button });
    expect(await last.isDisabled()).toBe(true);
    await press(page, dialog.getByRole("checkbox", { name: say.sure }), "Space");
    expect(asked).toBe(0);
    await press(page, last, "Enter");
    await dialog.getByRole("progressbar").waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape"); // what is under way cannot be put away
    await see(seen, "erase-works");
    expect(await dialog.isVisible()).toBe(true);
    goOn();
    await page.getByRole("heading", { name: say.done }).waitFor();
    expect(await page.getByRole("heading", { name: say.done }).evaluate((element) => element === document.activeElement)).toBe(true);
    await see(seen, "erase-done");
    const saved = page.waitForEvent("download");
    await press(page, page.getByRole("button", { name: say.save }), "Enter");
    const file = await saved;
    expect(file.suggestedFilename()).toBe(`sinso-erasure-${study}.json`);
    const text = await readFile(await file.path(), "utf8");
    expect(isSigned(text)).toBe(true);
    expect(isSigned(text.replace('"keys":', '"keys":1'))).toBe(false);
    await press(page, page.getByRole("link", { name: say.list }), "Enter");
    await page.locator(".card").first().waitFor();
    expect(await page.locator(`a[href="#/study/${study}"]`).count()).toBe(0);
    expect(asked).toBe(1);
    await go(page, `#/study/${study}`);
    await page.locator(".failure").waitFor();
    expect(await button.count()).toBe(0);
    expect(unasked(seen, /status of 404/)).toEqual([]);
    await seen.context.close();
  }
});

test("money holds an erasure up, and one that waits says until when", async () => {
  for (const look of looks) {
    const seen = await visit(browser, node, look, "owner"), { page } = seen, say = words(look);
    const sent: unknown[] = [];
    const answer = async (status: number, json: object): Promise<void> => {
      await page.unroute("**/erasure");
      await page.route("**/erasure", (route) => {
        sent.push(route.request().postDataJSON());
        return route.fulfill({ status, json });
      });
    };
    await answer(409, { class: "exists", status: 409, detail: "way: nothing is erased" });
    await page.goto(`${node.base}/#/study/${sold}`);
    await page.locator(".release .trade").waitFor();
    await page.locator("main").getByRole("button", { name: say.button }).click();
    const dialog = page.getByRole("dialog"), last = dialog.getByRole("button", { name: say.button }), failure = dialog.locator(".failure");
    await dialog.getByRole("checkbox", { name: say.sure }).check();
    expect(await last.isDisabled()).toBe(true); // something was paid for it
    await dialog.getByRole("checkbox", { name: say.leave }).check();
    await shoot(seen, "erase-paid");
    await page.route("**/api/v1/orders?*", async (route) => {
      const got = await route.fetch(), said = (await got.json()) as { items: { state: string; payouts: unknown[] }[] };
      for (const one of said.items) Object.assign(one, { state: "filled", payouts: [] });
      await route.fulfill({ response: got, json: said });
    });
    await last.click();
    await failure.waitFor();
    expect(await dialog.getByRole("checkbox").count()).toBe(1); // it cannot be given up
    await shoot(seen, "erase-under-way");
    await page.unroute("**/api/v1/orders?*");
    await last.click();
    await dialog.getByRole("checkbox", { name: say.leave }).waitFor();
    await see(seen, "erase-left");
    expect(sent).toEqual([{ leaveMoney: true }, { leaveMoney: false }]);
    await answer(503, { class: "busy", status: 503, detail: "the node is busy: try again" });
    await last.click();
    await failure.getByText(say.busy).waitFor();
    await shoot(seen, "erase-busy");
    await answer(200, { id: sold, begun: "2026-01-02T03:04:05Z", until: "2036-01-02T00:00:00Z", held: look.language === "zh" });
    await last.click();
    await page.getByRole("heading", { name: say.hidden }).waitFor();
    expect(await page.locator("main").innerText()).toContain("2036");
    expect(await page.getByRole("button", { name: say.save }).count()).toBe(0);
    await see(seen, "erase-waits");
    expect(unasked(seen, /status of (409|503)/)).toEqual([]);
    await seen.context.close();
  }
});

test("what a court wants kept is shown no more, and erased later", async () => {
  const [look] = looks;
  if (!look) throw new Error("no look");
  const study = await imported();
  await run(set.sinso, ["record", "hold", study, "--reason", "court", "--data", node.folder]);
  const { page, complaints, context } = await visit(browser, node, look, "owner");
  await page.goto(`${node.base}/#/study/${study}`);
  await page.locator("main").getByRole("button", { name: words(look).button }).click();
  await page.getByRole("dialog").getByRole("checkbox").check();
  await page.getByRole("dialog").getByRole("button", { name: words(look).button }).click();
  await page.getByRole("heading", { name: words(look).hidden }).waitFor();
  expect(await page.locator("main").innerText()).toContain("legal hold");
  expect((await ask<{ items: { id: string }[] }>(node, "owner", "studies")).items.map(({ id }) => id)).not.toContain(study);
  expect(complaints).toEqual([]);
  await context.close();
});

test("what was sold is erased with the money that is given up; nobody else is offered it", async () => {
  const [look] = looks;
  if (!look) throw new Error("no look");
  for (const role of ["clinician", "operator"] as const) {
    const { page, context } = await visit(browser, node, look, role);
    await page.goto(`${node.base}/#/study/${sold}`);
    await page.locator(".release").waitFor();
    expect(await page.getByRole("button", { name: words(look).button }).count(), role).toBe(0);
    await context.close();
  }
  const { page, context } = await visit(browser, node, look, "owner");
  await page.goto(`${node.base}/#/study/${sold}`);
  await page.locator(".release .trade").waitFor();
  await page.locator("main").getByRole("button", { name: words(look).button }).click();
  const dialog = page.getByRole("dialog");
  for (const box of await dialog.getByRole("checkbox").all()) await box.check();
  await dialog.getByRole("button", { name: words(look).button }).click();
  await page.getByRole("heading", { name: words(look).done }).waitFor();
  await context.close();
});
