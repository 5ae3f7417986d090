import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser, CDPSession, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { phantom } from "./phantom";
import { newPurse, type Purse } from "./purse";
import { giveToken, type Look, looks, type Node, openBrowser, see, shoot, signIn, stage, type Stage, violations, type Visit, visit } from "./rig";

let set: Stage, node: Node, browser: Browser;

const plain: Look = { language: "en", theme: "light", screen: "desktop" };

// Each test but the looks has a role, and so an account, of its own.
beforeAll(async () => {
  set = await stage();
  [node, browser] = await Promise.all([set.empty(), openBrowser()]);
});

afterAll(async () => {
  await set.strike();
});

// ownerToken brings in a study of an invented person, and returns a token of theirs.
async function ownerToken(): Promise<string> {
  const sinso = async (...args: string[]): Promise<string> => (await promisify(execFile)(set.sinso, [...args, "--data", node.folder])).stdout.trim();
  const file = join(set.folder, "echo.dcm");
  await writeFile(file, phantom(1));
  await sinso("import", file);
  const answer = await fetch(`${node.base}/api/v1/studies`, { headers: { Authorization: `Bearer ${node.tokens.operator}` } });
  const { items: [study] } = (await answer.json()) as { items: { person: string }[] };
  return sinso("token", "create", "--role", "owner", "--person", study?.person ?? "");
}

// device gives the page's browser an authenticator, as a telephone has one.
async function device({ page, context }: Visit, { prf = true } = {}): Promise<{ cdp: CDPSession; id: string }> {
  const cdp = await context.newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId: id } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2", ctap2Version: "ctap2_1", transport: "internal", hasResidentKey: true, hasUserVerification: true,
      hasPrf: prf, isUserVerified: true, automaticPresenceSimulation: true,
    },
  });
  return { cdp, id };
}

const toAccount = async (page: Page): Promise<void> => {
  await page.locator("a.chip").click();
  await page.locator("#ways").waitFor();
};

const ways = (page: Page) => page.locator("section[aria-labelledby=ways] .account-rows > li");
const sessions = (page: Page) => page.locator("section[aria-labelledby=sessions] .account-rows > li");

async function addPasskey(page: Page, label: string): Promise<void> {
  const before = await ways(page).count();
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.locator("#passkey-label").fill(label);
  await page.getByRole("button", { name: "Make the passkey" }).click();
  await ways(page).nth(before).waitFor();
}

// askedGroup is the group of a phrase that the page asks for, from 1.
const askedGroup = async (page: Page): Promise<number> => Number(/\d/.exec(await page.locator("label[for=group]").textContent() ?? "")?.[0]);

async function signOut(page: Page): Promise<void> {
  await page.locator(".account > button").click();
  await page.locator(".sign-in").waitFor();
}

test("a passkey takes the token's place: added once, it signs in without a name, and keeps the person's key", async () => {
  const seen = await visit(browser, node, plain, "operator");
  const { page } = seen;
  const { cdp, id } = await device(seen);
  await page.locator(".offer").waitFor();
  expect(await violations(page)).toEqual([]);
  await page.locator(".offer a").click();
  await page.locator("#ways").waitFor();
  await addPasskey(page, "my phone");
  expect(await ways(page).first().textContent()).toMatch(/my phone.*Passkey.*Not yet.*keeps it locked/i);
  const { credentials } = await cdp.send("WebAuthn.getCredentials", { authenticatorId: id });
  expect(credentials.map((c) => [c.rpId, c.isResidentCredential])).toEqual([["localhost", true]]);
  await signOut(page);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.locator("a.chip").waitFor();
  expect(await page.locator(".offer").count()).toBe(0);
  await toAccount(page);
  expect(await sessions(page).filter({ hasText: "This page" }).textContent()).toContain("Passkey");
  // A second one on the same device is refused in words.
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.getByRole("button", { name: "Make the passkey" }).click();
  expect(await page.locator(".failure").textContent()).toContain("has a passkey of yours already");
  expect(await violations(page)).toEqual([]);
  // A page that was loaded anew does not have the key; the passkey opens it again.
  await page.reload();
  await page.locator("#ways").waitFor();
  await page.getByRole("button", { name: "Make a recovery phrase" }).click();
  await page.getByRole("button", { name: "Open it with a passkey" }).click();
  await page.locator(".note-stack").waitFor({ state: "detached" });
  const groups = await page.locator(".phrase-groups code").allTextContents();
  await page.getByRole("button", { name: "I have written it down" }).click();
  await page.locator("#group").fill(groups[await askedGroup(page) - 1] ?? "");
  await page.getByRole("button", { name: "Add the phrase" }).click();
  await ways(page).nth(1).waitFor();
  expect(await ways(page).nth(1).textContent()).toMatch(/keeps it locked/i);
  // Renamed and removed: who was signed in by it is signed out, and it signs in no more.
  await page.getByRole("button", { name: "Rename: my phone" }).click();
  await page.getByLabel("Name", { exact: true }).fill("<b>old</b> phone");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("heading", { name: "<b>old</b> phone" }).waitFor();
  await page.getByRole("button", { name: "Remove: <b>old</b> phone" }).click();
  await page.locator("dialog").waitFor();
  expect(await page.locator("dialog li").allTextContents()).toHaveLength(2); // the phrase is left, and keeps the key
  expect(await violations(page)).toEqual([]);
  await page.locator("dialog .danger").click();
  await page.locator(".sign-in .failure").waitFor();
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.getByText("This does not sign you in").waitFor();
  expect(await violations(page)).toEqual([]);
  expect(seen.complaints).toEqual([]);
  await seen.context.close();
});

test("who is not verified, and who says no, is told that nothing was changed", async () => {
  const seen = await visit(browser, node, plain);
  const { page } = seen;
  await device(seen); // which has no passkey of this node
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.locator(".failure").waitFor();
  expect(await page.locator(".failure").textContent()).toContain("Nothing was changed");
  expect(await violations(page)).toEqual([]);
  expect(seen.complaints).toEqual([]);
  await seen.context.close();
});

test("a recovery phrase is added when a group of it was typed again, and signs in from a browser that has nothing", async () => {
  const seen = await visit(browser, node, plain, "clinician");
  const { page } = seen;
  await toAccount(page);
  await page.getByRole("button", { name: "Make a recovery phrase" }).click();
  const groups = await page.locator(".phrase-groups code").allTextContents();
  expect(groups).toHaveLength(9);
  // What is printed is the phrase, and nothing else of the page.
  await page.emulateMedia({ media: "print" });
  expect(await page.locator(".top, .account-rows, .tools, h1, h2, .page > p").evaluateAll((all) => all.filter((one) => one.checkVisibility()).length)).toBe(0);
  expect(await page.locator(".phrase-groups").isVisible()).toBe(true);
  await shoot(seen, "account-printed");
  await page.emulateMedia({ media: "screen" });
  expect(await violations(page)).toEqual([]);
  await page.getByRole("button", { name: "I have written it down" }).click();
  const n = await askedGroup(page);
  await page.locator("#group").fill("0000");
  await page.getByRole("button", { name: "Add the phrase" }).click();
  await page.locator("#group-wrong").waitFor();
  expect(await violations(page)).toEqual([]);
  expect(await ways(page).count()).toBe(0);
  await page.locator("#group").fill((groups[n - 1] ?? "").toLowerCase());
  await page.getByRole("button", { name: "Add the phrase" }).click();
  await ways(page).first().waitFor();
  for (const group of groups) expect(await page.locator("main").textContent()).not.toContain(group);

  const other = await visit(browser, node, { ...plain, screen: "phone" });
  await other.page.locator(".by-phrase > summary").click();
  await other.page.locator("#phrase").fill(`0${groups.join("-")}`);
  await other.page.locator(".by-phrase button").click();
  await other.page.getByText("This is not a recovery phrase").waitFor();
  expect(await violations(other.page)).toEqual([]);
  await other.page.locator("#phrase").fill(groups.join(" ").toLowerCase());
  await other.page.locator(".by-phrase button").click();
  await other.page.locator("a.chip").waitFor();
  await toAccount(other.page);

  // Each sees both sessions; the one that is ended is signed out with its next step.
  await page.reload();
  await sessions(page).nth(1).waitFor();
  expect(await sessions(page).allTextContents()).toEqual([expect.stringMatching(/^Token This page/), expect.stringMatching(/^Recovery phrase/)]);
  await page.getByRole("button", { name: /^End: Recovery phrase/ }).click();
  await sessions(page).nth(1).waitFor({ state: "detached" });
  await other.page.locator(".brand").click();
  await other.page.locator(".sign-in .failure").waitFor();
  expect(await other.page.locator(".failure").textContent()).toContain("session has ended");
  expect([...seen.complaints, ...other.complaints]).toEqual([]);
  await seen.context.close();
  await other.context.close();
});

test("all other sessions are ended at once, this one is not", async () => {
  const one = await visit(browser, node, plain, "auditor"), two = await visit(browser, node, plain, "auditor"), three = await visit(browser, node, plain, "auditor");
  await toAccount(one.page);
  await one.page.getByRole("button", { name: "End all others" }).click();
  await one.page.locator("dialog .danger").click();
  await sessions(one.page).nth(1).waitFor({ state: "detached" });
  expect(await sessions(one.page).count()).toBe(1);
  for (const other of [two, three]) {
    await other.page.locator("a.chip").click();
    await other.page.locator(".sign-in").waitFor();
  }
  await one.page.reload();
  await sessions(one.page).first().waitFor();
  await Promise.all([one, two, three].map((v) => v.context.close()));
});

// wallet puts one into the page as an extension would: it announces itself, and asks the
// test to sign. A name may be anything.
async function wallet(v: Visit, purse: Purse, name: string, no: () => boolean): Promise<void> {
  await v.context.exposeFunction("purseSigns", (hex: string) => (no() ? "" : purse.sign(Buffer.from(hex.slice(2), "hex"))));
  await v.context.addInitScript(({ address, name }) => {
    const request = async ({ method, params }: { method: string; params?: string[] }): Promise<unknown> => {
      if (method === "eth_requestAccounts") return [address];
      if (method === "eth_chainId") return "0x250";
      const signature = await (globalThis as unknown as { purseSigns: (hex: string) => Promise<string> }).purseSigns(params?.[0] ?? "");
      if (signature === "") throw Object.assign(new Error("rejected"), { code: 4001 });
      return signature;
    };
    const icon = `data:image/svg+xml,${encodeURIComponent("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><rect width='9' height='9' fill='teal'/></svg>")}`;
    const detail = Object.freeze({ info: { uuid: "w1", name, icon, rdns: "wallet.example" }, provider: { request } });
    addEventListener("eip6963:requestProvider", () => { dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail })); });
  }, { address: purse.address, name });
  await v.page.reload();
}

test("a wallet is found by its announcement, added by what it signs, and signs in; its no is a no", async () => {
  const seen = await visit(browser, node, plain);
  let no = false;
  const purse = newPurse();
  await wallet(seen, purse, "Purse <img src=x> \u202e" + "long ".repeat(30), () => no);
  const button = seen.page.locator(".wallets button");
  await button.waitFor();
  expect((await button.textContent() ?? "").length).toBeLessThanOrEqual(40);
  expect(await button.locator("img").evaluate((img: HTMLImageElement) => img.complete && img.naturalWidth > 0)).toBe(true);
  await button.click(); // not added yet
  await seen.page.getByText("This does not sign you in").waitFor();
  await see(seen, "sign-in-wallet");
  await signIn(seen.page, node.tokens.buyer);
  await toAccount(seen.page);
  await seen.page.getByRole("button", { name: "Add a wallet" }).click();
  await button.click();
  await ways(seen.page).first().waitFor();
  expect(await ways(seen.page).first().locator("code").getAttribute("title")).toBe(purse.address);
  await signOut(seen.page);
  no = true;
  await button.click();
  await seen.page.getByText("It was not confirmed").waitFor();
  no = false;
  await button.click();
  await seen.page.locator("a.chip").waitFor();
  await toAccount(seen.page);
  expect(await sessions(seen.page).filter({ hasText: "This page" }).textContent()).toContain("Wallet");
  expect(await violations(seen.page)).toEqual([]);
  expect(seen.complaints).toEqual([]);
  await seen.context.close();
});

test("an owner's passkey outlives the token, and a copy of it is found out", async () => {
  const seen = await visit(browser, node, plain);
  const { page } = seen;
  const { cdp, id } = await device(seen, { prf: false });
  await signIn(page, await ownerToken());
  await toAccount(page);
  expect(await page.locator(".page > p").textContent()).toContain("stays good after that");
  await addPasskey(page, "tablet");
  // Its authenticator makes no secret: it signs in, and keeps no key.
  expect(await ways(page).first().textContent()).not.toMatch(/Good until|keeps it locked/i);
  const { credentials: [copy] } = await cdp.send("WebAuthn.getCredentials", { authenticatorId: id });
  await signOut(page);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.locator("a.chip").waitFor();
  await signOut(page);
  await cdp.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId: id });
  const { cdp: other, id: clone } = await device(seen, { prf: false });
  if (!copy) throw new Error("the authenticator has no passkey");
  await other.send("WebAuthn.addCredential", { authenticatorId: clone, credential: { ...copy, signCount: 0 } });
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.locator(".failure").waitFor();
  expect(await page.locator(".failure").textContent()).toMatch(/did not accept this.*copied.*Nothing was changed/);
  expect(await violations(page)).toEqual([]);
  expect(seen.complaints.filter((said) => !said.includes("403"))).toEqual([]);
  await seen.context.close();
});

test("at the address of numbers the page leads to where passkeys work, and the token is at hand", async () => {
  const seen = await visit(browser, { ...node, base: node.base.replace("localhost", "127.0.0.1") }, plain);
  expect(await seen.page.locator(".sign-in .note a").getAttribute("href")).toBe(`${node.base}/`);
  expect(await seen.page.locator("#token").isVisible()).toBe(true);
  expect(await violations(seen.page)).toEqual([]);
  await signIn(seen.page, node.tokens.buyer);
  expect(await seen.page.locator(".offer").count()).toBe(0);
  await toAccount(seen.page);
  await seen.page.getByRole("button", { name: "Add a passkey" }).click();
  expect(await seen.page.locator(".note a").getAttribute("href")).toContain("localhost");
  expect(seen.complaints).toEqual([]);
  await seen.context.close();
});

test("the keyboard alone signs in and comes to the account", async () => {
  const seen = await visit(browser, node, plain);
  const { page } = seen;
  const active = (): Promise<string> => page.evaluate(() => (document.activeElement?.matches("a, button, summary, input") ? document.activeElement.textContent : ""));
  await page.locator(".sign-in").waitFor();
  const until = async (text: string): Promise<void> => {
    for (let i = 0; i < 30 && !(await active()).includes(text); i++) await page.keyboard.press("Tab");
    expect(await active()).toContain(text);
  };
  await until("I have a token");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.type(node.tokens.operator);
  await page.keyboard.press("Enter");
  await page.locator("a.chip").waitFor();
  await until("Operator");
  await page.keyboard.press("Enter");
  await page.locator("#ways").waitFor();
  await until("Make a recovery phrase");
  await page.keyboard.press("Enter");
  await until("Cancel");
  await page.keyboard.press("Enter");
  expect(await active()).toBe("Make a recovery phrase");
  await seen.context.close();
});

test.each(looks)("every state of signing in and of the account, in $language, $theme, $screen", async (look) => {
  const seen = await visit(browser, node, look);
  const { page } = seen;
  await device(seen);
  await page.locator(".sign-in").waitFor();
  await see(seen, "sign-in");
  await page.locator(".by-phrase > summary").click();
  await see(seen, "sign-in-phrase");
  await page.locator(".by-phrase > summary").click();
  await giveToken(page, "sinso_wrong");
  await page.locator(".failure").waitFor();
  await see(seen, "sign-in-wrong");
  await signIn(page, node.tokens.auditor);
  await page.locator(".offer").waitFor();
  await page.locator("h1").waitFor();
  await see(seen, "offer");
  await toAccount(page);
  await page.locator(".account-add > .tools button").nth(0).click();
  await see(seen, "account-passkey");
  await page.locator("#passkey-label").fill("phone");
  await page.locator(".account-add form .primary").click();
  await ways(page).filter({ hasText: "phone" }).first().waitFor();
  await page.locator(".account-add > .tools button").nth(1).click();
  await see(seen, "account");
  await page.locator(".account-add > .tools button").nth(2).click();
  await page.locator(".phrase-groups").waitFor();
  await see(seen, "account-phrase");
  await page.locator(".phrase-sheet .primary").click();
  await page.locator("#group").fill("?");
  await page.locator(".account-add form .primary").click();
  await page.locator("#group-wrong").waitFor();
  await see(seen, "account-prove");
  await ways(page).filter({ hasText: "phone" }).first().locator(".danger").click();
  await page.locator("dialog").waitFor();
  expect(await page.locator("dialog li").count()).toBe(4); // it is the last, and the last that keeps the key
  await see(seen, "account-remove");
  await page.locator("dialog .danger").click();
  await ways(page).filter({ hasText: "phone" }).waitFor({ state: "detached" });
  expect(seen.complaints).toEqual([]);
  await seen.context.close();
});
