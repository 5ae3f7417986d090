import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, asked, firstStudy, freePort, looks, type Node, offerOf, openBrowser, see, serve, stage, type Stage, type Visit, visit } from "./rig";

// The demo's two nodes again, on one chain: the seller's, which both reach.
let set: Stage, seller: Node, buyer: Node, browser: Browser, study = "";

type Offer = { contracts: { chainId: number; identity: string; assets: string; exchange: string }; order: { priceWei: string; floorWei: string }; signature: string; roles: string[]; terms: string };

beforeAll(async () => {
  [set, browser] = await Promise.all([stage(), openBrowser()]);
  const port = await freePort();
  seller = await serve(set.sinso, join(set.folder, "demo", "seller"), "--chain-listen", `127.0.0.1:${port}`);
  study = await firstStudy(seller);
  const first = JSON.parse(await offered("1000000000000000")) as Offer, { identity, assets, exchange } = first.contracts;
  buyer = await serve(set.sinso, join(set.folder, "demo", "buyer"), "--chain", `http://127.0.0.1:${port}`, "--contracts", `${identity},${assets},${exchange}`);
});

afterAll(async () => {
  await buyer?.stop();
  await seller?.stop();
  await set.strike();
});

const offered = (priceWei: string): Promise<string> => offerOf(seller, study, priceWei);

const give = (page: Page, offer: string): Promise<void> => page.locator('.drop input[type="file"]').setInputFiles([{ name: "offer.json", mimeType: "application/json", buffer: Buffer.from(offer) }]);

test("the seller's page hands the offer over, and the buyer's buys, shows and keeps what it brought", async () => {
  const owner = await visit(browser, seller, { language: "en", theme: "light", screen: "desktop" }, "owner");
  await owner.page.goto(`${seller.base}/#/study/${study}`);
  const [file] = await Promise.all([owner.page.waitForEvent("download"), owner.page.getByRole("button", { name: "Save the offer" }).first().click()]);
  expect(file.suggestedFilename()).toMatch(/^sinso-offer-[0-9a-f]{12}\.json$/);
  const handed = await readFile(await file.path());
  await owner.context.close();

  const seen = await visit(browser, buyer, { language: "en", theme: "light", screen: "desktop" }, "buyer"), { page } = seen;
  await page.locator('.tasks a[href="#/buy"]').click();
  await page.locator('.drop input[type="file"]').setInputFiles({ name: file.suggestedFilename(), mimeType: "application/json", buffer: handed });
  await page.getByRole("heading", { name: "What it is" }).waitFor();
  const sale = await page.locator(".panel", { has: page.getByRole("heading", { name: "How it is sold" }) }).innerText();
  for (const says of ["anyone who has the offer", "1 copy: after that nobody else can buy", "1 day", "nobody decides: no panel is named"]) expect(sale).toContain(says);
  expect(await page.locator(".proofs li").count()).toBe(6);
  const before = await ask<{ items: unknown[] }>(buyer, "buyer", "purchases");
  await page.getByRole("button", { name: /^Buy for/ }).click();
  await page.locator("dialog li").nth(3).waitFor();
  await page.locator("dialog .row button").first().click(); // not yet
  expect((await ask<{ items: unknown[] }>(buyer, "buyer", "purchases")).items).toHaveLength(before.items.length);
  await page.getByRole("button", { name: /^Buy for/ }).click();
  await page.locator("dialog .danger").click();
  await page.locator(".steps").waitFor();
  await page.waitForFunction(() => location.hash.startsWith("#/buy/0x"));
  await page.reload(); // it goes on without the page, and the page finds it
  await page.getByRole("heading", { name: "Complete: the money was paid out" }).waitFor({ timeout: 30_000 });
  const order = page.url().split("/").at(-1) ?? "";
  await page.locator(".payouts tbody tr").first().waitFor();
  const { trade } = await ask<{ trade: string }>(buyer, "buyer", `purchases/${order}`);
  expect(await page.locator(".licence code").first().getAttribute("title")).toBe(trade); // the receipt names the licence
  await page.getByRole("button", { name: "Ask the chain how it stands" }).click();
  await page.locator(".licence .success", { hasText: "The licence holds" }).waitFor();
  expect(await page.locator(".licence").innerText()).toContain("no, it stays with the account that bought it");
  await page.getByRole("button", { name: /^Verify/ }).click();
  await page.locator("strong", { hasText: "Every step holds." }).waitFor();
  expect(await page.locator(".proofs .bad").count()).toBe(0);

  const [zip] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Take the files (ZIP)" }).click()]);
  const packed = await readFile(await zip.path());
  expect(packed.subarray(0, 2).toString()).toBe("PK");
  expect(packed.includes("0001.dcm")).toBe(true);
  for (const word of ["PHANTOM^", "SYNTHETIC^"]) expect(packed.includes(word)).toBe(false);

  await page.getByRole("link", { name: "Look at the pictures" }).click();
  await page.locator("canvas[data-image]").first().waitFor();
  await page.waitForFunction(() => {
    const canvas = document.querySelector<HTMLCanvasElement>("canvas[data-image]");
    const data = canvas?.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    let low = 255, high = 0;
    for (let i = 0; i < data.length; i += 4) [low, high] = [Math.min(low, data[i] ?? 0), Math.max(high, data[i] ?? 0)];
    return high - low > 150; // a chest has air and bone
  });
  expect(await page.locator(".note").first().innerText()).toContain("de-identified");
  const log = await ask<{ items: { type: string; says: string }[] }>(buyer, "auditor", `audit?subject=${order}`);
  expect(log.items.filter((one) => one.type === "opened" && one.says.includes("bought")).length).toBeGreaterThan(1);
  expect(seen.complaints).toEqual([]);
  await seen.context.close();
}, 60_000);

test("terms that a seller chooses are the buyer's, with an end", async () => {
  const owner = await visit(browser, seller, { language: "en", theme: "light", screen: "desktop" }, "owner"), { page } = owner;
  await page.goto(`${seller.base}/#/sell/${study}/terms/all/faces-in/0.003`);
  await page.getByRole("radio", { name: /^research on health and disease, and nothing else/ }).check();
  await page.getByRole("radio", { name: /^open it, look at it/ }).check();
  await page.getByLabel("How long may it be used?").selectOption("90 days");
  await page.getByLabel("How long can it be bought?").selectOption("7 days");
  await see(owner, "terms-chosen");
  await page.reload(); // the address has them
  expect(await page.getByRole("radio", { name: /^open it, look at it/ }).isChecked()).toBe(true);
  await page.locator(".onward .primary").click();
  await page.locator(".onward .primary").click();
  await page.getByText("one; it can be bought for 7 days").waitFor();
  await page.locator(".onward .primary:not([disabled])").click();
  await page.locator("dialog .danger").click();
  await page.locator(".receipt").waitFor({ timeout: 60_000 });
  expect(await page.locator(".receipt").innerText()).toContain("research on health and disease, and nothing else");
  const made = await ask<{ items: { order: string; priceWei: string; terms: unknown }[] }>(seller, "owner", "assets");
  const sold = made.items.find((one) => one.priceWei === "3000000000000000");
  expect(sold?.terms).toEqual({ licence: { purpose: "research", use: "view", days: 90 }, offerDays: 7 });
  const offer = await asked(seller, "owner", `orders/${sold?.order ?? ""}/offer`);
  expect((JSON.parse(offer) as Offer).terms).toContain("for 90 days from the delivery of the key");
  await owner.context.close();

  const seen = await visit(browser, buyer, { language: "zh", theme: "dark", screen: "phone" }, "buyer");
  await seen.page.goto(`${buyer.base}/#/buy`);
  await give(seen.page, offer);
  await seen.page.getByText("仅限健康与疾病研究").first().waitFor();
  expect(await seen.page.getByText("90 天").count()).toBe(1);
  await see(seen, "terms-offered");
  await ask(buyer, "buyer", "purchases", offer);
  await seen.page.goto(`${buyer.base}/#/buy/${sold?.order ?? ""}`);
  await seen.page.getByText("使用截止").waitFor();
  const { useEnds } = await ask<{ useEnds: string }>(buyer, "buyer", `purchases/${sold?.order ?? ""}`);
  expect(Math.round((Date.parse(useEnds) - Date.now()) / 86_400_000)).toBe(90);
  await seen.page.getByRole("button", { name: "向链查询现状" }).click();
  await seen.page.locator(".licence .success", { hasText: "许可有效" }).waitFor();
  expect(await seen.page.locator(".licence").innerText()).toContain("仅限健康与疾病研究");
  await see(seen, "terms-bought");
  expect([...owner.complaints, ...seen.complaints]).toEqual([]);
  await seen.context.close();
}, 90_000);

// wallet puts one into the page that is on another chain, goes to the node's, and says no to every
// payment. It returns what it was asked to send.
async function wallet({ context, page }: Visit): Promise<unknown[]> {
  const asked: unknown[] = [];
  await context.exposeFunction("walletAsked", (sends: unknown) => { asked.push(sends); });
  await context.addInitScript(() => {
    let chain = "0x1";
    const request = async ({ method, params }: { method: string; params?: { chainId: string }[] }): Promise<unknown> => {
      if (method === "eth_requestAccounts") return [`0x${"7".repeat(40)}`];
      if (method === "eth_chainId") return chain;
      if (method === "wallet_switchEthereumChain") { chain = params?.[0]?.chainId ?? ""; return null; }
      await (globalThis as unknown as { walletAsked: (sends: unknown) => Promise<void> }).walletAsked(params?.[0]);
      throw Object.assign(new Error("rejected"), { code: 4001 });
    };
    const detail = Object.freeze({ info: { uuid: "w1", name: "Purse", icon: "", rdns: "wallet.example" }, provider: { request } });
    addEventListener("eip6963:requestProvider", () => { dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail })); });
  });
  await page.reload();
  return asked;
}

// One that is sent is in pay.e2e.test.ts.
test("a wallet is asked for the price on the node's chain; its no costs nothing, and the node can pay", async () => {
  const offer = await offered("1500000000000000"), of = JSON.parse(offer) as Offer;
  const seen = await visit(browser, buyer, { language: "en", theme: "dark", screen: "desktop" }, "buyer"), { page } = seen;
  const sent = await wallet(seen);
  await page.goto(`${buyer.base}/#/buy`);
  await give(page, offer);
  await page.getByRole("button", { name: "Pay with my wallet instead" }).click();
  await page.locator("dialog li", { hasText: "Whoever knows that it is yours" }).waitFor();
  await see(seen, "pay-confirm");
  await page.locator("dialog .danger").click();
  await page.locator(".by-wallet .wallets button").click();
  await page.getByText("You said no in the wallet").waitFor();
  expect(sent).toEqual([{ from: `0x${"7".repeat(40)}`, to: of.contracts.exchange, data: expect.stringMatching(/^0x[0-9a-f]{8,}$/), value: `0x${1_500_000_000_000_000n.toString(16)}` }]);
  await see(seen, "pay-refused");
  const order = page.url().split("/").at(-1) ?? "";
  expect(await ask<{ step: string; byWallet: boolean; fillTx: string }>(buyer, "buyer", `purchases/${order}`)).toMatchObject({ step: "planned", byWallet: true, fillTx: "" });
  await page.reload(); // it waits on
  await page.getByRole("button", { name: "Let the node pay" }).click();
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByRole("heading", { name: "Complete: the money was paid out" }).waitFor({ timeout: 30_000 });
  expect(seen.complaints).toEqual([]);
  await seen.context.close();
}, 60_000);

test("a hostile offer is answered by one sentence, and nothing happens", async () => {
  const good = await offered("2000000000000000"), of = JSON.parse(good) as Offer;
  const edited = (change: (offer: Offer) => void): string => {
    const copy = JSON.parse(good) as Offer;
    change(copy);
    return JSON.stringify(copy);
  };
  const seen = await visit(browser, buyer, { language: "en", theme: "light", screen: "desktop" }, "buyer"), { page } = seen;
  await page.goto(`${buyer.base}/#/buy`);
  const balance = async (): Promise<number> => (await ask<{ items: unknown[] }>(buyer, "buyer", "purchases")).items.length;
  const before = await balance();
  for (const [offer, says] of [
    ["no JSON", "This is no offer."],
    ['{"hello":"world"}', "This is no offer."],
    ["[".repeat(5000) + "]".repeat(5000), "This is no offer."],
    [JSON.stringify({ a: "x".repeat(1 << 20) }), "too large"],
    [good.replace('"version":2', '"version":9'), "a version"],
    [edited((o) => { o.contracts.chainId++; }), "another chain"],
    [edited((o) => { o.order.priceWei = o.order.floorWei = "1"; }), "does not hold"],
    [edited((o) => { o.signature = o.signature.replace(/[A-Z]/, "a"); }), "does not hold"],
    [edited((o) => { o.roles[0] = "<img src=x onerror=alert(1)>"; }), "does not hold"],
    [edited((o) => { o.terms = "<script>alert(1)</script>"; }), "does not hold"],
  ] as const) {
    await give(page, offer);
    await page.locator(".failure strong", { hasText: says }).waitFor();
    expect(await page.locator(".failure strong").count(), says).toBe(1);
    expect(await page.getByRole("button", { name: /^Buy for/ }).count()).toBe(0);
    await page.reload(); // nothing of it is left
    await page.locator(".drop").waitFor();
  }
  expect(of.roles[0]).toBe("patient");
  await page.locator("textarea").fill(good); // pasted, and withdrawn meanwhile
  await page.getByRole("button", { name: "Look at it" }).click();
  await page.getByRole("button", { name: /^Buy for/ }).waitFor();
  expect(await balance()).toBe(before);
  await page.getByRole("button", { name: "Another offer" }).click();
  await give(page, await offered("5000000000000000000"));
  await page.locator(".failure strong", { hasText: "too little money" }).waitFor();
  expect(await balance()).toBe(before);
  expect(seen.complaints.filter((one) => !one.includes("400"))).toEqual([]);
  await seen.context.close();
}, 60_000);

test("a purchase that was cut off says where the money is, and goes on", async () => {
  const seen = await visit(browser, buyer, { language: "en", theme: "light", screen: "desktop" }, "buyer"), { page } = seen;
  const [done] = (await ask<{ items: { order: string }[] }>(buyer, "buyer", "purchases")).items;
  // What the node says of one that stands in the middle; going on ends as the node itself ends it.
  await page.route(new RegExp(`/api/v1/purchases/${done?.order}$`), async (route) => {
    if (route.request().method() === "POST") return route.continue();
    const told = await (await route.fetch()).json() as object;
    return route.fulfill({ json: { ...told, step: "filled", payouts: [] } });
  }, { times: 1 });
  await page.goto(`${buyer.base}/#/buy/${done?.order}`);
  await page.getByText("It was cut off").waitFor();
  expect(await page.locator('.steps [data-state="done"]').count()).toBe(3);
  expect(await page.locator(".note", { hasText: "takes the money back" }).count()).toBe(1);
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByRole("heading", { name: "Complete: the money was paid out" }).waitFor();
  expect(seen.complaints).toEqual([]);
  await seen.context.close();
}, 30_000);

test.each(looks)("each state: $language, $theme, $screen", async (look) => {
  const offer = await offered("3000000000000000");
  const seen = await visit(browser, buyer, look, "buyer"), { page } = seen;
  await page.locator(".deal").first().waitFor();
  await see(seen, "buy-home");
  await page.goto(`${buyer.base}/#/buy`);
  await page.locator(".drop").waitFor();
  await give(page, "no offer");
  await page.locator(".failure").waitFor();
  await see(seen, "buy-give");
  await give(page, offer);
  await page.locator(".columns .primary").waitFor();
  await see(seen, "buy-look");
  await page.locator(".columns .primary").click();
  await page.locator("dialog li").first().waitFor();
  await see(seen, "buy-confirm");
  await page.locator("dialog .row button").first().click();
  const [done] = (await ask<{ items: { order: string }[] }>(buyer, "buyer", "purchases")).items;
  await page.route(new RegExp(`/api/v1/purchases/${done?.order}$`), async (route) => {
    const told = await (await route.fetch()).json() as object;
    return route.fulfill({ json: { ...told, step: "filled", payouts: [] } });
  }, { times: 1 });
  await page.goto(`${buyer.base}/#/buy/${done?.order}`);
  await page.locator(".steps").waitFor();
  await see(seen, "buy-cut");
  await page.reload();
  await page.locator(".deal .payouts").waitFor();
  await page.locator(".deal details summary").first().click();
  await see(seen, "buy-done");
  await page.goto(`${buyer.base}/#/bought/${done?.order}`);
  await page.locator("canvas[data-image]").first().waitFor();
  await see(seen, "bought");
  expect(seen.complaints).toEqual([]);
  await seen.context.close();
}, 60_000);
