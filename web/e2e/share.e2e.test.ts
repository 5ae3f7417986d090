// Showing by a link, with two browsers and a node in between whose every byte is looked at.
import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { desktop } from "./display";
import { type Series, slice } from "./drawn";
import { looks, type Node, openBrowser, see, serve, shoot, stage, type Stage, violations, visit } from "./rig";

const run = promisify(execFile);
const study = "2.25.888";
const plain: Series = { study, series: `${study}.1`, name: "Drawn plain", slices: 6, side: 256 };
const packed: Series = { study, series: `${study}.2`, name: "Drawn packed", slices: 3, side: 256 }; // compressed without loss

let set: Stage, node: Node, wire: Wire, browser: Browser;

beforeAll(async () => {
  set = await stage();
  const files = join(set.folder, "files"), data = join(set.folder, "node");
  await mkdir(files);
  for (const series of [plain, packed]) {
    for (let k = 0; k < series.slices; k++) {
      const file = join(files, `${series.series}.${k}.dcm`);
      await writeFile(file, slice(series, k));
      if (series === packed) await run("dcmcrle", [file, file]);
    }
  }
  await run(set.sinso, ["init", "--data", data]);
  await run(set.sinso, ["import", files, "--data", data]);
  const bare = await serve(set.sinso, data);
  wire = await listenTo(bare.base);
  node = { ...bare, base: wire.base };
  browser = await openBrowser();
});

afterAll(async () => {
  await wire.close();
  await node.stop();
  await set.strike();
});

// Wire is a stretch of wire to the node: all that goes over it is kept.
type Wire = { base: string; sent: () => Buffer; close: () => Promise<void> };

async function listenTo(base: string): Promise<Wire> {
  const kept: Buffer[] = [], port = Number(new URL(base).port);
  const server: Server = createServer((from) => {
    const to = connect(port, "127.0.0.1");
    for (const [one, other] of [[from, to], [to, from]] as const) {
      one.on("data", (bytes) => { kept.push(bytes as Buffer); });
      one.on("error", () => other.destroy());
      one.pipe(other);
    }
  });
  await new Promise<void>((listening) => { server.listen(0, "127.0.0.1", listening); });
  return {
    base: `http://localhost:${(server.address() as AddressInfo).port}`, sent: () => Buffer.concat(kept),
    close: () => new Promise((closed) => { server.close(() => { closed(); }); }),
  };
}

// make has an owner make a link, and returns it.
async function make(page: Page, note: string): Promise<string> {
  await page.goto(`${node.base}/#/`);
  await page.locator(".card a").first().click();
  await page.locator('a[href^="#/share/"]').click();
  await page.locator("#share-note").fill(note);
  await page.locator(".share-form button.primary").click();
  await page.locator("#share-link").waitFor();
  return page.locator("#share-link").inputValue();
}

// end has an owner end the newest link.
async function end(page: Page): Promise<void> {
  await page.goto(`${node.base}/#/shares`);
  await page.locator(".shares > li").first().locator("button.danger").click();
  await page.locator("dialog button.danger").click();
  await page.locator(".shares > li").first().locator(".share-ended").waitFor();
}

// image is what the first tile shows at its own size: which image, and its pixels where
// they are on the screen.
async function image(page: Page, key: string): Promise<{ image: string; pixels: string; grays: number }> {
  await page.locator(".tile").first().focus();
  await page.keyboard.press(key);
  await page.locator('.tile[aria-busy="false"]').first().waitFor();
  await page.keyboard.press("o"); // one pixel is one pixel
  await page.waitForTimeout(150);
  return page.locator(".tile canvas").first().evaluate((element) => {
    const canvas = element as HTMLCanvasElement, side = 256;
    const left = Math.round((canvas.width - side) / 2), top = Math.round((canvas.height - side) / 2);
    const data = canvas.getContext("2d")?.getImageData(left, top, side, side).data ?? new Uint8ClampedArray();
    let text = "";
    for (let i = 0; i < data.length; i += 4) text += String.fromCharCode(data[i] ?? 0);
    return { image: canvas.dataset["image"] ?? "", pixels: btoa(text), grays: new Set(data).size };
  });
}

// all walks through a series from its first image.
async function all(page: Page, count: number): Promise<Awaited<ReturnType<typeof image>>[]> {
  const seen = [];
  for (let k = 0; k < count; k++) seen.push(await image(page, k === 0 ? "Home" : "ArrowDown"));
  return seen;
}

// holds lists the files below a folder that have some bytes in them.
async function holds(folder: string, some: readonly Buffer[]): Promise<{ files: number; found: string[] }> {
  let files = 0;
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    files++;
    const path = join(entry.parentPath, entry.name), bytes = await readFile(path);
    if (some.some((one) => bytes.includes(one))) found.push(path);
  }
  return { files, found };
}

const series = (page: Page, name: string) => page.locator(".series-list button", { hasText: name });

async function look(page: Page, of: Series): Promise<Awaited<ReturnType<typeof image>>[]> {
  await series(page, of.name).click();
  await page.locator(".top-left", { hasText: of.name }).first().waitFor();
  await page.locator("canvas[data-image]").first().waitFor();
  return all(page, of.slices);
}

test("a doctor sees by a link what the owner sees, the node learns nothing, and it ends", async () => {
  const owner = await visit(browser, node, desktop, "owner");
  const link = await make(owner.page, "Please look at the left side.");
  const secret = link.split("/").at(-1) ?? "";
  expect(link).toMatch(new RegExp(`^${node.base}/#/shared/[A-Za-z0-9_-]{43}$`));

  const doctor = await visit(browser, node, desktop);
  await doctor.page.goto(`${node.base}/icon.svg`);
  await doctor.page.goto(link);
  await doctor.page.locator("canvas[data-image]").first().waitFor();
  expect(doctor.page.url()).toBe(`${node.base}/#/shared`);
  expect(await doctor.page.locator("blockquote").innerText()).toBe("Please look at the left side.");
  expect(await doctor.page.locator(".account, .doors").count()).toBe(0);

  await owner.page.goto(`${node.base}/#/`);
  await owner.page.locator(".card a").first().click();
  await owner.page.locator('a[href^="#/view/"]').first().click();
  await owner.page.locator("canvas[data-image]").first().waitFor();
  for (const of of [plain, packed]) {
    const [hers, his] = [await look(owner.page, of), await look(doctor.page, of)];
    expect(his).toEqual(hers);
    expect(new Set(his.map(({ pixels }) => pixels)).size).toBe(of.slices); // each another one
    expect(Math.min(...his.map(({ grays }) => grays))).toBeGreaterThan(5); // of a body of 40 HU in a window of 400
  }

  const [download] = await Promise.all([doctor.page.waitForEvent("download"), doctor.page.locator(".row .tools button").click()]);
  const zip = join(set.folder, "dicom.zip"), unpacked = join(set.folder, "unpacked");
  await download.saveAs(zip);
  await run("python3", ["-m", "zipfile", "-e", zip, unpacked]);
  const got = (await readdir(unpacked, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const sent = await Promise.all((await readdir(join(set.folder, "files"))).map((name) => readFile(join(set.folder, "files", name))));
  const back = await Promise.all(got.map((entry) => readFile(join(entry.parentPath, entry.name))));
  expect(back.map((bytes) => bytes.toString("base64")).toSorted()).toEqual(sent.map((bytes) => bytes.toString("base64")).toSorted());

  await owner.page.goto(`${node.base}/#/shares`);
  await owner.page.locator(".shares time").first().waitFor();
  expect(await owner.page.locator(".shares time").count()).toBe(1);
  const [receipt] = await Promise.all([owner.page.waitForEvent("download"), owner.page.locator(".shares button").first().click()]);
  await receipt.saveAs(join(set.folder, "receipt.json"));
  expect(JSON.parse(await readFile(join(set.folder, "receipt.json"), "utf8"))).toHaveProperty("jws");

  await end(owner.page);
  const late = await visit(browser, node, desktop);
  await late.page.goto(`${node.base}/icon.svg`);
  await late.page.goto(link);
  await late.page.locator(".nothing-here").waitFor();
  expect(await late.page.locator("canvas").count()).toBe(0);
  const gone = await late.page.locator("main").innerText();
  for (const wrong of ["", "x", `${secret.slice(0, -1)}`, "A".repeat(43)]) { // never made, or no secret
    await late.page.goto(`${node.base}/icon.svg`);
    await late.page.goto(`${node.base}/#/shared/${wrong}`);
    await late.page.locator(".nothing-here").waitFor();
    expect(await late.page.locator("main").innerText()).toBe(gone);
  }

  // Where the secret is not: on the wire, on the node, in the receiver's browser.
  const forms = [Buffer.from(secret), Buffer.from(secret, "base64url")];
  const wired = wire.sent();
  expect(wired.length).toBeGreaterThan(1 << 20);
  expect(forms.map((form) => wired.includes(form))).toEqual([false, false]);
  const kept = await holds(node.folder, forms);
  expect(kept.files).toBeGreaterThan(3);
  expect(kept.found).toEqual([]);
  expect(node.log()).not.toContain(secret);
  await doctor.page.evaluate((hash) => { location.hash = hash; }, `#/shared/${secret}`); // pasted where the page is open
  await doctor.page.waitForFunction(() => location.hash === "#/shared");
  await doctor.page.evaluate(() => navigator.serviceWorker.ready);
  await doctor.page.goto(`${node.base}/icon.svg`);
  await doctor.page.goto(link); // the page's worker answers now
  await doctor.page.locator(".nothing-here").waitFor();
  expect(await doctor.page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
  const left = await doctor.page.evaluate(async () => {
    const urls: string[] = [];
    for (const name of await caches.keys()) for (const one of await (await caches.open(name)).keys()) urls.push(one.url);
    return { urls, storage: JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state]), text: document.documentElement.outerHTML, databases: (await indexedDB.databases()).length };
  });
  expect(left.urls.length).toBeGreaterThan(0);
  expect(JSON.stringify(left)).not.toContain(secret);
  expect(left.databases).toBe(0);
  const visited = await doctor.context.newCDPSession(doctor.page).then((session) => session.send("Page.getNavigationHistory"));
  const addresses = visited.entries.map(({ url }) => url);
  expect(addresses.filter((url) => url.endsWith("#/shared")).length).toBeGreaterThan(1);
  expect(addresses.join(" ")).not.toContain(secret);
  for (const { complaints, context } of [owner, doctor, late]) {
    // What is not there is a 404, which browsers write as an error; of a picture as a page they ask for another.
    expect(complaints.filter((one) => !(one.includes("404") && /\/(api\/v1\/shared\/\w+|favicon\.ico)$/.test(one)))).toEqual([]);
    await context.close();
  }
});

test("what was stopped goes on where it was, and what is dropped is ended", async () => {
  const owner = await visit(browser, node, desktop, "owner");
  const { page } = owner;
  let through = 2; // parts that get through
  await page.route("**/api/v1/shares/*/parts/*", async (route) => {
    if (through-- > 0) await route.continue();
    else await route.abort();
  });
  await page.goto(`${node.base}/#/`);
  await page.locator(".card a").first().click();
  await page.locator('a[href^="#/share/"]').click();
  await page.locator(".share-form button.primary").click();
  await page.locator(".failure").waitFor();
  expect(await violations(page)).toEqual([]);
  const put: string[] = [];
  await page.unroute("**/api/v1/shares/*/parts/*");
  page.on("request", (request) => { if (request.method() === "PUT") put.push(request.url().split("/").at(-1) ?? ""); });
  await page.locator("button.primary").click();
  await page.locator("#share-link").waitFor();
  expect(put.at(-1)).toBe("0");
  expect(put).not.toContain("1");
  expect(put).not.toContain("2");
  await end(page);

  await page.route("**/api/v1/shares/*/parts/*", (route) => route.abort());
  await page.goto(`${node.base}/#/`);
  await page.locator(".card a").first().click();
  await page.locator('a[href^="#/share/"]').click();
  await page.locator(".share-form button.primary").click();
  await page.locator(".failure").waitFor();
  await page.locator(".panel .tools button").nth(1).click();
  await page.locator(".share-form").waitFor();
  await page.goto(`${node.base}/#/shares`);
  await page.locator(".shares > li").first().locator(".share-ended").waitFor();
  await owner.context.close();
});

test("a link shows the chosen series alone, as often as its owner said", async () => {
  const owner = await visit(browser, node, desktop, "owner"), { page } = owner;
  await page.goto(`${node.base}/#/`);
  await page.locator(".card a").first().click();
  await page.locator('a[href^="#/share/"]').click();
  await page.locator(".choices-of label", { hasText: plain.name }).click();
  await page.locator("#share-openings").fill("1");
  await page.locator(".share-form button.primary").click();
  const link = await page.locator("#share-link").inputValue();
  const doctor = await visit(browser, node, desktop);
  await doctor.page.goto(`${node.base}/icon.svg`);
  await doctor.page.goto(link);
  await doctor.page.locator("canvas[data-image]").first().waitFor();
  expect(await doctor.page.locator(".series-list button strong").allInnerTexts()).toEqual([`CT · ${packed.name}`]);
  await doctor.page.goto(`${node.base}/icon.svg`);
  await doctor.page.goto(link);
  await doctor.page.locator(".nothing-here").waitFor();
  await page.goto(`${node.base}/#/shares`);
  await page.locator(".shares > li").first().locator(".share-used").waitFor();
  await owner.context.close();
  await doctor.context.close();
});

test.each(looks)("all that is seen of a link: $language, $theme, $screen", async (look) => {
  const owner = await visit(browser, node, look, "owner");
  await owner.page.goto(`${node.base}/#/`);
  await owner.page.locator(".card a").first().click();
  await owner.page.locator('a[href^="#/share/"]').click();
  await owner.page.locator(".share-form").waitFor();
  await see(owner, "share-form");
  const link = await make(owner.page, look.language === "zh" ? "请您看一下左侧。" : "Please look at the left side.");
  await see(owner, "share-link");
  await owner.page.emulateMedia({ media: "print" });
  await shoot(owner, "share-print");
  await owner.page.emulateMedia({ media: "screen" });
  const doctor = await visit(browser, node, look);
  await doctor.page.goto(`${node.base}/icon.svg`);
  await doctor.page.goto(link);
  await doctor.page.locator("canvas[data-image]").first().waitFor();
  await see(doctor, "share-shown");
  await owner.page.goto(`${node.base}/#/shares`);
  await owner.page.locator(".shares time").first().waitFor();
  await see(owner, "share-list");
  await owner.page.locator(".shares > li").first().locator("button.danger").click();
  await see(owner, "share-end");
  await owner.page.keyboard.press("Escape");
  await end(owner.page);
  await doctor.page.goto(`${node.base}/icon.svg`);
  await doctor.page.goto(link);
  await doctor.page.locator(".nothing-here").waitFor();
  await see(doctor, "share-gone");
  await owner.context.close();
  await doctor.context.close();
});
