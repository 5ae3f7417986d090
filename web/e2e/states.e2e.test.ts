// The states that no walk through the page comes by: nobody lets one in, nothing is here yet,
// what was asked for is not there, the line is cut.
import { execFile } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { phantom } from "./phantom";
import { firstStudy, giveToken, go, type Look, looks, type Node, offerOf, openBrowser, type Role, see, serve, stage, type Stage, unasked, visit } from "./rig";

const run = promisify(execFile);
let set: Stage, seller: Node, buyer: Node, bare: Node, browser: Browser, offer = "";

beforeAll(async () => {
  [set, browser] = await Promise.all([stage(), openBrowser()]);
  [seller, buyer, bare] = await Promise.all([set.seller(), set.buyer(), started()]);
  offer = await offerOf(seller, await firstStudy(seller), "1000000000000000");
});

afterAll(async () => {
  await bare?.stop();
  await set.strike();
});

// started is a node with nothing in it but a person.
async function started(): Promise<Node> {
  const data = join(await mkdtemp(join(set.folder, "bare-")), "node");
  await run(set.sinso, ["init", "--data", data]);
  const person = (await run(set.sinso, ["person", "add", "--data", data])).stdout.trim();
  const node = await serve(set.sinso, data);
  node.tokens.owner = (await run(set.sinso, ["token", "create", "--role", "owner", "--person", person, "--data", data])).stdout.trim();
  return node;
}

const made = /status of (404|403|501|503)|net::ERR_(INTERNET_DISCONNECTED|FAILED)|Failed to fetch|Unable to preload/;

test.each(looks)("nobody is let in: $language, $theme, $screen", async (look) => {
  const other = look.language === "en" ? "zh" : "en";
  const seen = await visit(browser, seller, { ...look, language: other }), { page, context } = seen;
  await page.evaluate("navigator.serviceWorker.ready.then(() => true)");
  await page.reload(); // now the worker keeps what the page needs in the other language
  await page.locator(".sign-in").waitFor();
  await context.addInitScript((language) => { localStorage.setItem("language", language); }, look.language);
  await context.setOffline(true);
  await page.reload();
  await page.locator(".failure").waitFor(); // no words came
  expect(await page.locator(".failure").innerText()).toMatch(/[\u4e00-\u9fff]/);
  await see({ ...seen, look }, "state-speechless");
  await context.setOffline(false);
  await page.getByRole("button").click();
  await page.locator(".sign-in").waitFor();
  await context.setOffline(true);
  await giveToken(page, seller.tokens.operator);
  await page.locator(".failure").waitFor();
  await see({ ...seen, look }, "state-sign-in-offline");
  await page.reload();
  await page.locator(".failure").waitFor();
  await see({ ...seen, look }, "state-offline");
  await context.setOffline(false);
  await page.reload();
  await giveToken(page, seller.tokens.operator);
  await page.locator(".card").first().waitFor();
  await page.evaluate(() => fetch("/api/v1/session", { method: "DELETE" })); // elsewhere
  await go(page, "#/templates");
  await page.locator(".sign-in .failure").waitFor();
  await see({ ...seen, look }, "state-ended");
  expect(unasked(seen, /ERR_INTERNET_DISCONNECTED .*\/api\/v1\/session$|ERR_FAILED .*\/(en|zh)\.js$/)).toEqual([]);
  await context.close();
});

test.each(looks)("an owner finds nothing yet: $language, $theme, $screen", async (look) => {
  await empties(look, "owner", ["", "reviews", "assets", "shares"]);
});

test.each(looks)("others find nothing yet: $language, $theme, $screen", async (look) => {
  await empties(look, "clinician", ["", "reviews/estimate", "templates"]);
  await empties(look, "buyer", [""]);
  const seen = await visit(browser, bare, look, "auditor"), { page } = seen;
  await page.locator(".log > li").first().waitFor();
  await page.locator("form input").fill("p_aaaaaaaaaaaaaaaaaaaaaaaaaa");
  await page.keyboard.press("Enter");
  await page.locator(".empty").waitFor();
  await see(seen, "state-empty-log");
  expect(unasked(seen, made)).toEqual([]);
  await seen.context.close();
});

// empties looks at pages of a role where nothing is yet.
async function empties(look: Look, role: Role, pages: readonly string[]): Promise<void> {
  const seen = await visit(browser, bare, look, role), { page } = seen;
  for (const address of pages) {
    await go(page, `#/${address}`);
    await page.locator(".empty").first().waitFor();
    await see(seen, `state-empty-${role}${address && `-${address.replace("/", "-")}`}`);
  }
  expect(seen.complaints).toEqual([]);
  await seen.context.close();
}

const none = "s_aaaaaaaaaaaaaaaaaaaaaaaaaa", noOrder = `0x${"a".repeat(64)}`;

test.each(looks)("what was asked for is not there: $language, $theme, $screen", async (look) => {
  const seen = await visit(browser, seller, look, "owner"), { page } = seen;
  const title = async (): Promise<string> => page.title();
  const titles = new Set([await title()]);
  for (const what of ["view", "model", "share", "sell", "story", "review"]) {
    await go(page, `#/${what}/${what === "review" ? none.replace("s_", "v_") : none}`);
    await page.locator(".failure").waitFor();
    await see(seen, `state-none-${what}`);
    titles.add(await title());
    await go(page, "#/");
    await page.locator(".card").first().waitFor();
  }
  expect(titles.size).toBe(7); // WCAG 2.4.2
  await go(page, "#/nowhere");
  await page.locator(".astray").waitFor();
  await see(seen, "state-nowhere");
  expect(unasked(seen, made)).toEqual([]);
  await seen.context.close();
  const bought = await visit(browser, buyer, look, "buyer");
  for (const what of ["bought", "buy"]) {
    await go(bought.page, `#/${what}/${noOrder}`);
    await bought.page.locator(".failure").waitFor();
    await see(bought, `state-none-${what}`);
  }
  await go(bought.page, "#/buy");
  await bought.page.locator('.drop input[type="file"]').setInputFiles([{ name: "offer.json", mimeType: "application/json", buffer: Buffer.from(offer) }]);
  await bought.page.locator(".failure").waitFor(); // this node has no chain
  await see(bought, "state-no-chain");
  expect(unasked(bought, made)).toEqual([]);
  await bought.context.close();
});

const long = phantom(230); // 17 MB: two parts
let sent = 0; // a file of the same name would go on

test.each(looks)("an import was broken off: $language, $theme, $screen", async (look) => {
  const seen = await visit(browser, seller, look, "owner"), { page, context } = seen;
  await go(page, "#/import");
  await page.locator(".drop").waitFor();
  const path = join(set.folder, `long-${++sent}.dcm`);
  await writeFile(path, long);
  const begun = page.waitForResponse((response) => response.request().method() === "POST" && response.url().endsWith("/uploads/"));
  await page.locator('input[type="file"]').first().setInputFiles(path);
  await begun; // with its first part
  await context.setOffline(true);
  await page.goto("about:blank"); // the window is closed
  await context.setOffline(false);
  await page.goto(`${seller.base}/#/import`);
  await page.locator(".panel .tools button").first().waitFor();
  await see(seen, "state-broken-off");
  expect(unasked(seen, /ERR_INTERNET_DISCONNECTED .*\/uploads\/|^error: Failed to read the 'localStorage'/)).toEqual([]); // an empty page has none
  await context.close();
});

test.each(looks)("the line is cut: $language, $theme, $screen", async (look) => {
  const seen = await visit(browser, seller, look, "owner"), { page, context } = seen;
  await page.locator(".card h2 a").first().waitFor();
  const study = (await page.locator(".card h2 a").first().getAttribute("href")) ?? "";
  await page.evaluate("navigator.serviceWorker.ready.then(() => true)");
  await go(page, study.replace("study", "view"));
  await page.locator("canvas[data-image]").first().waitFor();
  await go(page, "#/import");
  await page.locator(".drop").waitFor();
  await context.setOffline(true);
  await page.locator('input[type="file"]').first().setInputFiles([{ name: "echo.dcm", mimeType: "application/dicom", buffer: phantom(1) }]);
  await page.locator(".failure").first().waitFor();
  await see(seen, "state-cut-import");
  await go(page, study.replace("study", "view"));
  await page.locator(".failure").waitFor();
  await see(seen, "state-cut-view");
  await go(page, "#/shares"); // its code was never asked for
  await page.locator(".failure").waitFor();
  expect(await page.locator(".failure").innerText()).toMatch(/The node does not answer|节点没有响应/);
  await see(seen, "state-cut-page");
  await context.setOffline(false);
  await page.locator(".failure + button").click();
  await page.locator(".empty, .shares").waitFor();
  let release = (): void => { /* it is set at once */ };
  const held = new Promise<void>((done) => { release = done; });
  await page.route(/\/api\/v1\/assets/, async (route) => {
    await held;
    await route.continue();
  });
  await go(page, "#/assets");
  await page.locator(".assets .loading").first().waitFor();
  await see(seen, "state-loading");
  release();
  await page.locator(".figures").waitFor();
  expect(unasked(seen, made)).toEqual([]);
  await context.close();
});

// refusing is a wallet that says no to whatever it is asked (EIP-6963, EIP-1193).
const refusing = (page: Page): Promise<unknown> => page.addInitScript(() => {
  const no = (): Promise<never> => Promise.reject(Object.assign(new Error("User rejected the request."), { code: 4001 }));
  const detail = Object.freeze({ info: { uuid: "f2c3f5d8-0000-4000-8000-000000000001", name: "Purse", rdns: "test.purse", icon: "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==" }, provider: { request: no } });
  addEventListener("eip6963:requestProvider", () => { dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail })); });
});

test.each(looks)("what was begun does not end well: $language, $theme, $screen", async (look) => {
  const seen = await visit(browser, seller, look), { page, context } = seen;
  await refusing(page);
  await page.reload();
  await page.locator(".wallets button").click();
  await page.locator(".failure").waitFor();
  await see(seen, "state-wallet-no");
  await giveToken(page, seller.tokens.owner);
  await page.locator(".card h2 a").first().waitFor();
  const study = ((await page.locator(".card h2 a").last().getAttribute("href")) ?? "").split("/").at(-1) ?? "";
  await go(page, `#/share/${study}`);
  await page.locator(".share-form button.primary").waitFor();
  await context.setOffline(true);
  await page.locator(".share-form button.primary").click();
  await page.locator(".failure").waitFor();
  await see(seen, "state-cut-share");
  await context.setOffline(false);
  await go(page, `#/sell/${study}/review/all/faces-in/0.02`);
  await page.locator(".onward .primary").click();
  await page.locator("dialog .danger").click();
  await context.setOffline(true); // in the seconds before it begins
  await page.locator(".failure").waitFor();
  await see(seen, "state-cut-sell");
  expect(unasked(seen, made)).toEqual([]);
  await context.close();
});
