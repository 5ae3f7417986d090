// Walks through every page and its states in a real browser, in both languages, both
// themes, on a phone and on a desk. It fails on whatever axe-core finds, on an error in
// the console, on what the policy refuses, and on a request to anybody else.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { phantom, size } from "./phantom";
import { type Look, ofTest, type Role, violations } from "./rig";

// Place is a node to walk through: where it answers, and a token for each role. shots is
// a folder for screenshots, if they are wanted.
export type Place = { base: string; tokens: Partial<Record<Role, string>>; shots?: string; looks: readonly Look[] };

const frames = 12; // of the phantom

// pages walks through a node that has a study with a release and a trade, as the demo
// leaves its seller's. It imports a file and offers it, so that there is an item to review.
export async function pages(browser: Browser, place: Place): Promise<void> {
  const [first, ...others] = place.looks;
  if (!first) return;
  const item = await withReview(browser, place, first);
  for (const look of [first, ...others]) {
    await signing(browser, place, look);
    await owner(browser, place, look);
    await clinician(browser, place, look, item);
    await operator(browser, place, look);
    await auditor(browser, place, look);
  }
  await decisions(browser, place, first, item);
}

// purchases walks through what a buyer's node bought.
export async function purchases(browser: Browser, place: Place): Promise<void> {
  for (const look of place.looks) {
    await visit(browser, place, look, "buyer", async (seen) => {
      await seen.page.locator(".panel .payouts").first().waitFor();
      await seen.look("purchases");
      await seen.page.locator(".panel > .stack > button").first().click();
      await seen.page.locator(".proofs li").first().waitFor();
      assert.equal(await seen.page.locator(".proofs .bad").count(), 0);
      assert.equal(await seen.page.locator(".panel .success").count(), 1);
      await seen.look("purchases-verified");
    });
  }
}

// Seen is a browser in which somebody looks at a page.
type Seen = { page: Page; go: (address: string) => Promise<void>; look: (name: string) => Promise<void> };

async function signing(browser: Browser, place: Place, look: Look): Promise<void> {
  await visit(browser, place, look, null, async ({ page, look: see }) => {
    await page.locator(".sign-in").waitFor();
    await see("sign-in");
    await page.locator(".by-token > summary").click();
    await page.locator("#token").fill("sinso_wrong");
    await page.locator(".by-token .primary").click();
    await page.locator(".failure[role=alert]").waitFor();
    await see("sign-in-wrong");
  });
}

async function owner(browser: Browser, place: Place, look: Look): Promise<void> {
  await visit(browser, place, look, "owner", async ({ page, go, look: see }) => {
    await page.locator(".card img").first().waitFor();
    await see("studies");
    await sold(page).click();
    await page.locator(".way li").first().waitFor();
    await page.locator(".about img").waitFor();
    await page.locator(".release .legend li").first().waitFor();
    assert.ok(await page.locator(".way li").count() >= 8, "the way of what was sold has its steps");
    assert.equal(await page.locator(`a[href^="#/view/"]`).count(), 1);
    assert.ok(await brightest(page.locator(".about img")) > 100, "the study's picture is not black");
    await see("study");
    await verified(page, see);
    await offered(page);
    await go("#/import");
    await page.locator(".drop").waitFor();
    await see("import");
    await page.locator(`.drop input[type="file"]`).first().setInputFiles([{ name: "note.txt", mimeType: "text/plain", buffer: Buffer.from("no DICOM\n") }]);
    await page.locator(".page > .panel .reasons").first().waitFor();
    await see("import-refused");
    await go("#/reviews");
    await page.locator("tbody a").first().waitFor();
    await see("reviews-owner");
    await go("#/study/s_aaaaaaaaaaaaaaaaaaaaaaaaaa");
    await page.locator(".failure").waitFor();
    await see("study-none");
  });
}

async function verified(page: Page, see: Seen["look"]): Promise<void> {
  await page.locator(".release > .stack > button", { hasNotText: "×" }).last().click();
  await page.locator(".proofs li").first().waitFor();
  assert.equal(await page.locator(".proofs .bad").count(), 0);
  await see("study-verified");
}

// offered is led from a study to the steps of an offer, which have a test of their own.
async function offered(page: Page): Promise<void> {
  await page.locator(`.tools a[href^="#/sell/"]`).click();
  await page.locator(`.trail [aria-current="step"]`).waitFor();
  await page.locator(".series input:checked").first().waitFor();
}

async function clinician(browser: Browser, place: Place, look: Look, item: string): Promise<void> {
  await visit(browser, place, look, "clinician", async ({ page, go, look: see }) => {
    await sold(page).click();
    await page.locator(".plot").first().waitFor();
    await see("study-clinician");
    await go("#/reviews");
    await page.locator("tbody a").first().waitFor();
    await see("reviews");
    await page.locator("#review-state").selectOption("sound");
    await page.locator(".empty").waitFor();
    await see("reviews-none");
    await go("#/reviews/estimate");
    await page.locator(".panel .empty, .panel .plot").first().waitFor();
    await see("estimate");
    await go(`#/review/${item}`);
    await reviewed(page, see, look.screen === "phone" ? finger : mouse);
    await go("#/templates");
    await page.locator(".empty, .template-card").first().waitFor();
    await see("templates");
  });
}

type At = { x: number; y: number };

// Hand draws from one place to another, and looks between.
type Hand = (page: Page, from: At, to: At, between: () => Promise<void>) => Promise<void>;

const mouse: Hand = async (page, from, to, between) => {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 4 });
  await between();
  await page.mouse.up();
};

const finger: Hand = async (page, from, to, between) => {
  const screen = await page.context().newCDPSession(page);
  await screen.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [from] });
  for (const part of [.5, 1]) {
    await screen.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [{ x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part }] });
  }
  await between();
  await screen.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
};

// reviewed draws in an item by hand and by keys, changes the frame, and filters the elements.
async function reviewed(page: Page, see: Seen["look"], draw: Hand): Promise<void> {
  const drawing = page.locator("svg.drawing");
  await page.locator("svg.picture image").nth(1).waitFor();
  await see("review");
  await drawing.scrollIntoViewIfNeeded();
  const on = await drawing.boundingBox();
  assert.ok(on);
  const at = (x: number, y: number): At => ({ x: on.x + on.width * x, y: on.y + on.height * y });
  await draw(page, at(.1, .1), at(.3, .3), async () => {
    await drawing.locator(".mine").waitFor();
    assert.equal(await drawing.locator(".mine").count(), 1, "a box is seen while it is drawn");
  });
  await page.locator(".boxes li").waitFor();
  assert.equal(await page.locator(".boxes li").count(), 1);
  await drawing.focus();
  for (const key of ["Enter", "Shift+ArrowRight", "Shift+ArrowDown"]) await page.keyboard.press(key);
  await page.keyboard.press("Escape");
  assert.equal(await drawing.locator(".mine").count(), 1, "Escape drops what was begun");
  for (const key of ["Enter", "Shift+ArrowLeft", "ArrowUp", "Enter"]) await page.keyboard.press(key);
  assert.equal(await page.locator(".boxes li").count(), 2);
  const [wide, high] = [size.columns / 2, size.rows / 2];
  assert.match(await page.locator(".boxes li").last().innerText(), new RegExp(`${wide}, ${high + 9} – ${wide + 10}, ${high + 10}`));
  const plain = page.locator(".panel .primary"), redacts = page.locator(".tools > button:not(.primary):not(.danger)").last();
  assert.ok(await plain.isDisabled(), "boxes are not lost by an approval without them");
  assert.ok(await redacts.isEnabled());
  await see("review-drawn");
  await page.locator(".boxes button").last().click();
  assert.equal(await page.locator(".boxes li").count(), 1);
  await frameOf(page, frames - 1);
  await page.locator("#light").fill("6");
  assert.match(await page.locator("svg.picture image").first().getAttribute("style") ?? "", /brightness\(6\)/);
  await page.locator("#find").fill("patient");
  await see("review-last-frame");
}

// late lets a frame come after the one that was asked for later: it is not shown. As long
// as a picture is of another frame, nothing can be drawn in it.
async function late(page: Page): Promise<void> {
  const drawing = page.locator("svg.drawing");
  const settle = (frame: number): Promise<void> => page.locator("#frame").evaluate((range: HTMLInputElement, at) => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(range, String(at));
    for (const type of ["input", "change"]) range.dispatchEvent(new globalThis.Event(type, { bubbles: true }));
  }, frame);
  const held: (() => void)[] = [];
  await page.route(/of=before&frame=2&/, async (route) => {
    await new Promise<void>((go) => { held.push(go); });
    await route.continue();
  });
  await settle(2);
  await page.locator(`svg.drawing[aria-busy="true"]`).waitFor();
  await drawing.focus();
  for (const key of ["Enter", "Shift+ArrowRight", "Shift+ArrowDown", "Enter"]) await page.keyboard.press(key);
  assert.equal(await page.locator(".boxes li").count(), 0, "nothing is drawn in a picture of another frame");
  await settle(9);
  await page.locator(`svg.drawing[aria-busy="false"]`).waitFor();
  const shown = await drawing.locator("image").getAttribute("href");
  const came = page.waitForResponse(/of=before&frame=2&/);
  for (const go of held) go();
  await came;
  await page.waitForTimeout(200);
  assert.equal(await drawing.locator("image").getAttribute("href"), shown, "what comes late is not shown");
  await page.unroute(/of=before&frame=2&/);
}

// frameOf moves the slider over many frames at once: only the one at which it is let go
// is asked for, and shown.
async function frameOf(page: Page, wanted: number): Promise<void> {
  const asked: string[] = [];
  const note = (request: { url: () => string }): void => { if (request.url().includes("/picture?")) asked.push(new URL(request.url()).searchParams.get("frame") ?? ""); };
  page.on("request", note);
  await page.locator("#frame").evaluate((range: HTMLInputElement, last) => {
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set;
    for (let value = 0; value <= last; value++) {
      set?.call(range, String(value));
      range.dispatchEvent(new globalThis.Event("input", { bubbles: true }));
    }
    range.dispatchEvent(new globalThis.Event("change", { bubbles: true }));
  }, wanted);
  await page.locator(`svg.drawing[aria-busy="false"]`).waitFor();
  page.off("request", note);
  assert.deepEqual([...new Set(asked)], [String(wanted)]);
}

async function operator(browser: Browser, place: Place, look: Look): Promise<void> {
  await visit(browser, place, look, "operator", async ({ page, go, look: see }) => {
    await page.locator(".card").first().waitFor();
    await see("studies-operator");
    await page.locator(".card h2 a").first().click();
    await page.locator(".series tbody tr").first().waitFor();
    assert.equal(await page.locator(`a[href^="#/view/"]`).count(), 0, "who may not open images is not led to them");
    await see("study-operator");
    await go("#/import");
    await page.locator("#research").waitFor();
    await see("import-operator");
    await go("#/reviews");
    await page.locator(".card").first().waitFor(); // no page of this role: it sees where it begins
  });
}

async function auditor(browser: Browser, place: Place, look: Look): Promise<void> {
  await visit(browser, place, look, "auditor", async ({ page, look: see }) => {
    await page.locator(".log > li").first().waitFor();
    await see("log");
  });
}

// withReview imports a file whose pixels have writing, by the page, and offers it by the
// API: it is held back, and waits to be looked at. It returns the item's id.
async function withReview(browser: Browser, place: Place, look: Look): Promise<string> {
  let item = "";
  await visit(browser, place, look, "owner", async ({ page, go, look: see }) => {
    await page.locator(".card, .empty").first().waitFor();
    await go("#/import");
    await page.locator(`.drop input[type="file"]`).first().setInputFiles([{ name: "echo.dcm", mimeType: "application/dicom", buffer: phantom(frames) }]);
    const mine = page.locator(".patient button").first(); // an invented person: whose is it?
    await mine.or(page.locator(".page > .panel a.button")).first().waitFor();
    if (await mine.isVisible()) await mine.click();
    await page.locator(".page > .panel a.button").waitFor();
    await page.locator(".page > .panel progress").first().waitFor({ state: "detached" });
    await see("import-done");
    const link = page.locator(".page > .panel a.button");
    const study = ((await link.getAttribute("href")) ?? "").replace("#/study/", "");
    const headers = { Authorization: `Bearer ${place.tokens.owner}`, "Content-Type": "application/json" };
    const offer = await fetch(`${place.base}/api/v1/assets`, { method: "POST", headers, body: JSON.stringify({ study, priceWei: "20000000000000000" }) });
    assert.ok(offer.ok, await offer.text());
    await link.click();
    await page.locator(".release .failure").last().waitFor();
    await see("study-refused");
    await go("#/reviews");
    const waits = page.locator("tbody a").last();
    item = ((await waits.getAttribute("href")) ?? "").replace("#/review/", "");
  });
  assert.match(item, /^v_/);
  return item;
}

// decisions makes a template of boxes for the device, takes it away again, and refuses the
// item: none of these goes without being asked.
async function decisions(browser: Browser, place: Place, look: Look, item: string): Promise<void> {
  await visit(browser, place, look, "clinician", async ({ page, go, look: see }) => {
    await go(`#/review/${item}`);
    await page.locator(`svg.drawing[aria-busy="false"]`).waitFor();
    await late(page);
    await page.locator("svg.drawing").focus();
    for (const key of ["Enter", "Shift+ArrowRight", "Shift+ArrowDown", "Enter"]) await page.keyboard.press(key);
    await page.locator(".panel > .stack .tools button").first().click();
    await see("template-confirm");
    await page.locator("dialog .danger").click();
    await page.locator("svg.drawing").waitFor();
    await go("#/templates");
    await page.locator(".template-card").waitFor();
    await see("templates-one");
    const file = page.waitForEvent("download");
    await page.locator(".template-card .tools button").first().click();
    const saved = await (await file).path();
    assert.match(await readFile(saved, "utf8"), /ACME/);
    await page.locator(".template-card .danger").click();
    await page.locator("dialog .danger").click();
    await page.locator(".empty").waitFor();
    await page.locator("#templates-file").setInputFiles(saved);
    await page.locator(".success").waitFor();
    await see("templates-imported");
    await page.locator(".template-card .danger").click();
    await page.locator("dialog .danger").click();
    await page.locator(".empty").waitFor();
    await go(`#/review/${item}`);
    await page.locator(`svg.drawing[aria-busy="false"]`).waitFor();
    await page.locator(".tools > .danger").click();
    await see("refuse-confirm");
    await page.locator("dialog button").first().click();
    await page.locator("dialog").waitFor({ state: "detached" });
    await page.locator(".tools > .danger").click();
    await page.locator("dialog .danger").click();
    await page.locator("svg.picture").first().waitFor();
    await page.locator("svg.drawing").waitFor({ state: "detached" });
    assert.equal(await page.locator(".tools > .danger").count(), 0, "what is refused stays so");
    await see("review-refused");
  });
}

// sold is the study that the demo sold: the oldest.
const sold = (page: Page): Locator => page.locator(".card h2 a").last();

// visit opens the page as somebody (null: as nobody), and complains of what must not be.
async function visit(browser: Browser, { base, tokens, shots }: Place, how: Look, role: Role | null, walk: (seen: Seen) => Promise<void>): Promise<void> {
  const context = await browser.newContext({
    viewport: how.screen === "phone" ? { width: 390, height: 844 } : { width: 1280, height: 900 },
    hasTouch: how.screen === "phone", locale: how.language === "zh" ? "zh-CN" : "en-GB", timezoneId: "UTC", reducedMotion: "reduce", acceptDownloads: true,
  });
  await prepare(context, how);
  const page = await context.newPage(), complaints: string[] = [];
  watch(page, base, complaints);
  ofTest(context, () => complaints.join("\n"));
  const see = async (name: string): Promise<void> => {
    if (shots) await page.screenshot({ path: join(shots, `${name}-${how.language}-${how.theme}-${how.screen}.png`), fullPage: true });
    assert.deepEqual(await violations(page), [], `${name}: ${how.language}, ${how.theme}, ${how.screen}`);
  };
  const token = role && tokens[role];
  await page.goto(base);
  if (token) {
    await page.locator(".by-token > summary").click();
    await page.locator("#token").fill(token);
    await page.locator(".by-token .primary").click();
    await page.locator(".account").waitFor();
  }
  await walk({ page, go: async (address) => { await page.evaluate((to) => { location.hash = to; }, address); }, look: see });
  assert.deepEqual(complaints, []);
  await context.close();
}

const prepare = (context: BrowserContext, how: Look): Promise<void> => context.addInitScript(({ language, theme }) => {
  localStorage.setItem("language", language);
  localStorage.setItem("theme", theme);
  addEventListener("securitypolicyviolation", (event) => { console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`); });
}, how).then(() => undefined);

// watch notes errors of the page, refusals of its policy, and requests to anybody else.
function watch(page: Page, base: string, complaints: string[]): void {
  page.on("pageerror", (error) => { complaints.push(`error: ${error.message}`); });
  page.on("console", (message) => {
    // Browsers write each answer of an error class as an error: a session that is not
    // there, an image that a role may not open, a study that is none.
    if (message.type() === "error" && !/status of (401|403|404|415|501)/.test(message.text())) complaints.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.origin !== new URL(base).origin) complaints.push(`request to ${url.origin}`);
  });
}

// brightest reads the pixels of a picture: one that is black would be shown just as well.
const brightest = (picture: Locator): Promise<number> => picture.evaluate((img: HTMLImageElement) => {
  const canvas = new OffscreenCanvas(img.naturalWidth, img.naturalHeight), to = canvas.getContext("2d");
  if (!to) return 0;
  to.drawImage(img, 0, 0);
  return to.getImageData(0, 0, canvas.width, canvas.height).data.reduce((most, value, i) => i % 4 === 3 ? most : Math.max(most, value), 0);
});
