// A sale that is shared: the owner names a doctor and a share, the doctor sees it on their
// own page and agrees, or does not. The chain is the demo's own.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, firstStudy, looks, type Node, openBrowser, see, stage, type Stage, visit } from "./rig";

const run = promisify(execFile);
let set: Stage, seller: Node, doctor: Node, browser: Browser, number = "", study = "";

const desk = { language: "en", theme: "light", screen: "desktop" } as const;

type Made = { id: string; state: string; reason: string; order: string; split: { role: string; bps: number }[] };

const assets = async (): Promise<Made[]> => (await ask<{ items: Made[] }>(seller, "owner", "assets")).items;

beforeAll(async () => {
  set = await stage();
  const persons = JSON.parse((await run(set.sinso, ["person", "ls", "--data", join(set.folder, "demo", "seller"), "--json"])).stdout) as { id: string; label?: string }[];
  [seller, browser] = await Promise.all([set.seller(), openBrowser()]);
  number = persons.find((one) => !one.label)?.id ?? "";
  const token = (await run(set.sinso, ["token", "create", "--role", "owner", "--person", number, "--data", seller.folder])).stdout.trim();
  doctor = { ...seller, tokens: { ...seller.tokens, owner: token } };
  study = await firstStudy(seller);
});

afterAll(async () => {
  await set.strike();
});

// offer asks the doctor by the last steps of the offer.
async function offer(page: Page, share: string): Promise<void> {
  await page.goto(`${seller.base}/#/sell/${study}/price/all/faces-in/0.05`);
  await page.locator(".choice input").check();
  await page.getByLabel("number on this node").fill("p_short");
  expect(await page.locator("p.wrong").count()).toBe(1);
  expect(await page.locator(".onward button.primary").isDisabled()).toBe(true);
  await page.getByLabel("number on this node").fill(number);
  await page.getByLabel("share in per cent").fill(share);
  await page.locator(".onward a.primary").click();
  await page.locator(".onward button.primary:enabled").click();
  await page.locator("dialog .danger").click();
  await page.getByText("Nothing has been made yet.").waitFor({ timeout: 12_000 });
}

test("a doctor agrees, and only then the copy is made with their share", async () => {
  const owner = await visit(browser, seller, desk, "owner");
  await offer(owner.page, "12.5");
  await see(owner, "author-waits");
  const waits = (await assets()).at(-1);
  expect(waits).toMatchObject({ state: "awaiting", order: "", split: [] });
  const { page, ...seen } = await visit(browser, doctor, desk, "owner");
  await page.goto(`${seller.base}/#/assets`);
  await page.getByRole("heading", { name: "You are asked" }).waitFor();
  const told = await page.locator(".assets .panel").first().innerText();
  expect(told).toContain("12.5% of each sale; of 0.05 play coins that is 0.00625 play coins");
  for (const word of ["PHANTOM", study, "chest of"]) expect(told).not.toContain(word);
  await see({ page, ...seen }, "author-asked");
  await page.getByRole("button", { name: "Agree", exact: true }).click();
  await page.locator("dialog .danger").click();
  await page.getByRole("heading", { name: "You are asked" }).waitFor({ state: "detached", timeout: 30_000 });
  await page.getByText("by you,").first().waitFor();
  expect((await assets()).at(-1)).toMatchObject({ id: waits?.id, state: "registered", split: [{ role: "patient", bps: 8750 }, { role: "doctor", bps: 1250 }] });
  await owner.page.reload();
  await owner.page.locator(".receipt").waitFor();
  expect([...owner.complaints, ...seen.complaints]).toEqual([]);
  await Promise.all([owner.context.close(), seen.context.close()]);
}, 30_000);

test("a doctor declines, and the owner goes on without", async () => {
  const owner = await visit(browser, seller, desk, "owner");
  await offer(owner.page, "20");
  const seen = await visit(browser, doctor, desk, "owner");
  await seen.page.goto(`${seller.base}/#/assets`);
  await seen.page.getByRole("button", { name: "Decline" }).click();
  await seen.page.locator("dialog .danger").click();
  await seen.page.getByRole("heading", { name: "You are asked" }).waitFor({ state: "detached" });
  expect((await assets()).at(-1)).toMatchObject({ state: "refused", reason: "author-declined" });
  await owner.page.reload();
  await owner.page.getByText("does not want to take part in this copy").first().waitFor();
  await owner.page.getByRole("link", { name: "without a co-creator" }).click();
  await owner.page.locator(`.trail li:nth-child(5) [aria-current="step"]`).waitFor();
  expect(owner.page.url()).not.toContain(number);
  expect(await owner.page.locator(".split li").count()).toBe(1);
  expect([...owner.complaints, ...seen.complaints]).toEqual([]);
  await Promise.all([owner.context.close(), seen.context.close()]);
}, 30_000);

test("an owner calls off what waits for a co-creator", async () => {
  const owner = await visit(browser, seller, desk, "owner");
  await offer(owner.page, "20");
  await owner.page.goto(`${seller.base}/#/assets`);
  await owner.page.getByRole("heading", { name: "Waiting for a co-creator 1" }).waitFor();
  await owner.page.getByRole("button", { name: "Call it off" }).click();
  await owner.page.locator("dialog .danger").click();
  await owner.page.getByRole("heading", { name: "Waiting for a co-creator 1" }).waitFor({ state: "detached" });
  expect((await assets()).at(-1)).toMatchObject({ state: "refused", reason: "called-off" });
  await owner.context.close();
}, 30_000);

test.each(looks)("the number of one's own: $language, $theme, $screen", async (look) => {
  const seen = await visit(browser, doctor, look, "owner");
  await seen.page.goto(`${seller.base}/#/account`);
  await seen.page.locator(`code[title="${number}"]`).waitFor();
  await seen.page.goto(`${seller.base}/#/assets`);
  await seen.page.locator(".copy-of .facts").first().waitFor();
  await see(seen, "author-shares");
  await seen.context.close();
}, 15_000);
