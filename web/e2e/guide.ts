// The pictures of the guides, taken from the real pages of the demo's nodes, so that they
// cannot go stale: `make guide` writes them to docs/img/guide, and the tests take them anew.
import type { Browser, Page } from "playwright-core";
import { phantom } from "./phantom";
import { type Node, type Role, visit } from "./rig";

// Picture is one of them: who looks, at what, and what has to be there first.
type Picture = { name: string; role: Role; at: (about: About) => string; shows: (page: Page) => Promise<unknown> };

// About is what the pictures are of: the study that was sold, and an item of the review.
export type About = { study: string; item: string };

const seen = (page: Page, selector: string): Promise<unknown> => page.locator(selector).first().waitFor();

// quiet waits until no picture and nothing else is on its way.
const quiet = (page: Page): Promise<unknown> =>
  page.waitForFunction(() => !document.querySelector("[aria-busy=true]") && [...document.images].every((img) => img.complete));

export const pictures: readonly Picture[] = [
  { name: "home", role: "owner", at: () => "#/", shows: (page) => seen(page, ".card img") },
  { name: "way", role: "owner", at: ({ study }) => `#/study/${study}`, shows: async (page) => { await seen(page, ".way li"); await seen(page, ".about img"); } },
  { name: "offer", role: "owner", at: ({ study }) => `#/sell/${study}/look/all/faces-in/0.02`, shows: async (page) => {
    await page.locator(".sides img").nth(1).waitFor();
    await page.locator(".sides").scrollIntoViewIfNeeded();
  } },
  { name: "assets", role: "owner", at: () => "#/assets", shows: async (page) => {
    await page.locator(".copy-of", { has: page.locator("a", { hasText: "PHANTOM CHEST" }) }).locator("button").last().click();
    await seen(page, ".lineage circle");
    await page.locator(".lineage").evaluate((graph) => { graph.scrollIntoView({ block: "end" }); });
  } },
  { name: "viewer", role: "clinician", at: ({ study }) => `#/view/${study}`, shows: async (page) => {
    await seen(page, ".viewer-page canvas");
    await page.waitForTimeout(1500); // the picture is drawn after it is there
  } },
  { name: "review", role: "clinician", at: ({ item }) => `#/review/${item}`, shows: async (page) => {
    await page.locator("svg.picture image").nth(1).waitFor();
    await page.locator("svg.picture").first().evaluate((drawn) => { drawn.scrollIntoView({ block: "center" }); });
  } },
  { name: "archive", role: "operator", at: () => "#/import", shows: (page) => seen(page, ".drop") },
  { name: "buy", role: "buyer", at: () => "#/buy", shows: async (page) => {
    // The chain of the demo is gone: the node says of what it bought what it said before.
    const { items } = await page.evaluate(async () => (await fetch("/api/v1/purchases")).json() as Promise<{ items: { offer: object }[] }>);
    await page.route("**/api/v1/offers/look", (route) => route.fulfill({ json: { ok: true, offer: items[0]?.offer, gasWei: "20000000000000000", balanceWei: "350000000000000000" } }));
    await page.locator('.drop input[type="file"]').setInputFiles([{ name: "offer.json", mimeType: "application/json", buffer: Buffer.from("{}") }]);
    await seen(page, ".columns .primary");
    await page.locator(".columns").evaluate((list) => { list.scrollIntoView({ block: "start" }); });
  } },
  { name: "purchases", role: "buyer", at: () => "#/", shows: async (page) => {
    await page.locator(".panel > .stack > button").first().click();
    await seen(page, ".proofs li");
    await page.locator(".proofs").evaluate((list) => { list.scrollIntoView({ block: "end" }); });
  } },
];

// prepared gives the seller an ultrasound with writing in it, offers it, and returns what
// the pictures are of: it is held back, and waits to be looked at.
export async function prepared(seller: Node): Promise<About> {
  const ask = async <T>(path: string, init: RequestInit = {}): Promise<T> => {
    const headers = { Authorization: `Bearer ${seller.tokens.owner}`, ...init.headers };
    const answer = await fetch(`${seller.base}/api/v1/${path}`, { ...init, headers });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return answer.json() as Promise<T>;
  };
  const study = (await ask<{ items: { id: string }[] }>("studies")).items[0]?.id ?? "";
  const { person } = await ask<{ person: string }>("session");
  const took = await ask<{ studies: string[] }>(`imports?person=${person}`, { method: "POST", body: new Uint8Array(phantom(2)), headers: { "Content-Type": "application/dicom" } });
  await ask("assets", { method: "POST", body: JSON.stringify({ study: took.studies[0], priceWei: "20000000000000000" }), headers: { "Content-Type": "application/json" } });
  const item = (await ask<{ items: { id: string }[] }>(`reviews?state=open&study=${took.studies[0]}`)).items[0]?.id ?? "";
  return { study, item };
}

// take returns a picture as WebP.
export async function take(browser: Browser, node: Node, about: About, { role, at, shows }: Picture): Promise<Buffer> {
  const { page, context } = await visit(browser, node, { language: "en", theme: "light", screen: "desktop" }, role);
  await page.goto(`${node.base}/${at(about)}`);
  await shows(page);
  await page.locator(".offer").evaluateAll((all) => { for (const one of all) one.remove(); }); // of a passkey, to who came by a token
  await quiet(page);
  const taken = await webp(page, await page.screenshot());
  await context.close();
  return taken;
}

// webp writes a picture smaller than PNG does; the browser can.
const webp = async (page: Page, png: Buffer): Promise<Buffer> => Buffer.from(await page.evaluate(async (text) => {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = new OffscreenCanvas(1080, Math.round(1080 * bitmap.height / bitmap.width)), to = canvas.getContext("2d");
  if (to) to.imageSmoothingQuality = "high";
  to?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const made = new Uint8Array(await (await canvas.convertToBlob({ type: "image/webp", quality: .6 })).arrayBuffer());
  return btoa(Array.from(made, (byte) => String.fromCharCode(byte)).join(""));
}, png.toString("base64")), "base64");

// grays reads a picture as few, large, gray dots: what is left of it whatever the fonts.
export const grays = (page: Page, picture: Buffer): Promise<number[]> => page.evaluate(async (text) => {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/webp" }));
  const canvas = new OffscreenCanvas(16, 12), to = canvas.getContext("2d");
  if (!to) return [];
  to.imageSmoothingQuality = "high";
  to.drawImage(bitmap, 0, 0, 16, 12);
  const { data } = to.getImageData(0, 0, 16, 12);
  return Array.from({ length: 16 * 12 }, (_, i) => ((data[4 * i] ?? 0) + (data[4 * i + 1] ?? 0) + (data[4 * i + 2] ?? 0)) / 3);
}, picture.toString("base64"));
