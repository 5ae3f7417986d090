import { execFile } from "node:child_process";
import { appendFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hashOf, newPurse } from "./purse";
import { ask, asked, firstStudy, freePort, looks, type Node, offerOf, openBrowser, see, serve, shoot, stage, type Stage, type Visit, visit } from "./rig";

// The demo's two nodes on a new chain, all money of which is in a purse: the seller's node has it in
// a keystore, and the wallet of the page too.
const purse = newPurse(), passphrase = "play money", coin = 10n ** 18n, price = 1_500_000_000_000_000n;
let set: Stage, seller: Node, buyer: Node, browser: Browser, offer = "", rpc = "", account = "", begun = false;

const run = promisify(execFile);

type Offer = { contracts: { chainId: number; identity: string; assets: string; exchange: string } };

beforeAll(async () => {
  [set, browser] = await Promise.all([stage(), openBrowser()]);
  const demo = join(set.folder, "demo"), files = { key: join(set.folder, "purse.json"), pass: join(set.folder, "purse.pass") }, port = await freePort();
  await Promise.all([
    writeFile(files.key, purse.keystore(passphrase), { mode: 0o600 }), writeFile(files.pass, passphrase, { mode: 0o600 }),
    ...["seller", "buyer"].map((name) => rm(join(demo, name, "chain"), { recursive: true, force: true })),
    appendFile(join(demo, "seller", "sinso.toml"), `\nchain-key = "keystore:${files.key}"\nchain-passphrase-file = "${files.pass}"\n`),
  ]);
  seller = await serve(set.sinso, join(demo, "seller"), "--chain-listen", `127.0.0.1:${port}`);
  rpc = `http://127.0.0.1:${port}`;
  offer = await offered();
  const { identity, assets, exchange } = (JSON.parse(offer) as Offer).contracts, at = ["--chain", rpc, "--contracts", `${identity},${assets},${exchange}`];
  const { stdout } = await run(set.sinso, ["chain", "status", "--data", join(demo, "buyer"), "--json", ...at]);
  account = (JSON.parse(stdout) as { account: string }).account;
  await chain("eth_sendRawTransaction", await signs({ to: account, value: `0x${coin.toString(16)}`, data: "0x" })); // for gas
  buyer = await serve(set.sinso, join(demo, "buyer"), ...at);
});

afterAll(async () => {
  await buyer?.stop();
  await seller?.stop();
  await set.strike();
});

async function chain<T = string>(method: string, ...params: unknown[]): Promise<T> {
  const answer = await fetch(rpc, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }) });
  const { result, error } = await answer.json() as { result: T; error?: { message: string } };
  if (error) throw new Error(`${method}: ${error.message}`);
  return result;
}

const offered = async (): Promise<string> => offerOf(seller, await firstStudy(seller), String(price));

type Sends = { to: string; value: string; data: string };

// signs signs what a page wants sent, with the purse's next number.
async function signs({ to, value, data }: Sends): Promise<string> {
  const [chainId, nonce, gasPrice] = await Promise.all([chain("eth_chainId"), chain("eth_getTransactionCount", purse.address, "pending"), chain("eth_gasPrice")]);
  return purse.transaction({ chainId: BigInt(chainId), nonce: BigInt(nonce), gasPrice: BigInt(gasPrice) * 2n, gas: 2_000_000n, to, value: BigInt(value), data });
}

const balance = async (): Promise<bigint> => BigInt(await chain("eth_getBalance", purse.address, "latest"));

// wallet puts one into the page that signs, tells the hash, and sends when it is let: until then the
// chain does not know what it sent. It returns what it signed.
async function wallet({ context, page }: Visit): Promise<string[]> {
  const signed: string[] = [];
  await context.exposeFunction("walletSends", async (what: Sends) => {
    const raw = await signs(what);
    signed.push(raw);
    return hashOf(raw);
  });
  await context.addInitScript(({ address, chainId }) => {
    const request = async ({ method, params }: { method: string; params?: unknown[] }): Promise<unknown> => {
      if (method === "eth_requestAccounts") return [address];
      if (method === "eth_chainId") return chainId;
      if (method === "eth_sendTransaction") return (globalThis as unknown as { walletSends: (what: unknown) => Promise<string> }).walletSends(params?.[0]);
      throw Object.assign(new Error("no such method"), { code: 4200 });
    };
    const detail = Object.freeze({ info: { uuid: "w1", name: "Purse", icon: "", rdns: "wallet.example" }, provider: { request } });
    addEventListener("eip6963:requestProvider", () => { dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail })); });
  }, { address: purse.address, chainId: await chain("eth_chainId") });
  await page.reload();
  return signed;
}

test("a wallet pays: what it sent is waited for across a reload, paid once, and the purchase goes to its end", async () => {
  const seen = await visit(browser, buyer, { language: "en", theme: "light", screen: "desktop" }, "buyer"), { page } = seen;
  if (begun) offer = await offered(); // it is tried once more
  begun = true;
  const signed = await wallet(seen), had = await balance();
  await page.goto(`${buyer.base}/#/buy`);
  await page.locator('.drop input[type="file"]').setInputFiles([{ name: "offer.json", mimeType: "application/json", buffer: Buffer.from(offer) }]);
  await page.getByRole("button", { name: "Pay with my wallet instead" }).click();
  await page.locator("dialog .danger").click();
  await page.locator(".by-wallet .wallets button").click();
  const sent = page.locator('.by-wallet [role="status"]', { hasText: "Sent. Your node goes on once it is in a block" }), order = (): string => page.url().split("/").at(-1) ?? "";
  const nothingMore = async (): Promise<void> => {
    await sent.waitFor();
    expect(await page.locator(".by-wallet .wallets").count()).toBe(0);
    expect(await page.getByRole("button", { name: "Let the node pay" }).count()).toBe(0);
  };
  await nothingMore();
  const hash = await page.locator(".by-wallet code").first().getAttribute("title") ?? "";
  await expect.poll(async () => (await ask<{ sentTx: string }>(buyer, "buyer", `purchases/${order()}`)).sentTx).toBe(hash);
  await page.reload();
  await nothingMore();
  await see(seen, "pay-sent");
  // What the node would say long after, had the chain never heard of it: then the wallet is offered again.
  await page.route(/\/payment$/, (route) => route.fulfill({ json: { tx: hash, state: "lost" } }), { times: 1 });
  await page.reload();
  await page.locator(".by-wallet .failure strong", { hasText: "The chain does not know the payment" }).waitFor();
  expect(await page.locator(".by-wallet .wallets button").count()).toBe(1);
  await see(seen, "pay-lost");
  await page.reload();
  await nothingMore();
  expect(signed).toHaveLength(1);

  expect(await chain("eth_sendRawTransaction", signed[0])).toBe(hash);
  await page.getByRole("heading", { name: "Complete: the money was paid out" }).waitFor({ timeout: 30_000 });
  expect(await ask<{ step: string; fillTx: string }>(buyer, "buyer", `purchases/${order()}`)).toMatchObject({ step: "released", fillTx: hash, sentTx: hash });
  const spent = had - await balance();
  expect(spent >= price && spent < price + coin / 100n, String(spent)).toBe(true);
  expect(seen.complaints).toEqual([]);
  await seen.context.close();
}, 60_000);

// mined sends a transaction of the purse and waits until it is in a block.
async function mined(what: Sends): Promise<{ contractAddress: string }> {
  const hash = await chain("eth_sendRawTransaction", await signs(what));
  return expect.poll(() => chain<{ contractAddress: string } | null>("eth_getTransactionReceipt", hash), { timeout: 20_000 }).not.toBeNull()
    .then(() => chain<{ contractAddress: string }>("eth_getTransactionReceipt", hash));
}

const word = (value: bigint | string): string => (typeof value === "string" ? value.slice(2).toLowerCase() : value.toString(16)).padStart(64, "0");

// newToken deploys the token of the chain's tests (TOK, 2 decimals) and mints so many of its units for an account.
async function newToken(to: string, units: bigint): Promise<string> {
  const code = (await readFile(join(import.meta.dirname, "../../internal/chain/chaintest/testdata/Token.hex"), "utf8")).trim();
  const { contractAddress } = await mined({ to: "", value: "0x0", data: `0x${code}${word(0n)}` });
  await mined({ to: contractAddress, value: "0x0", data: `0x40c10f19${word(to)}${word(units)}` }); // mint(address,uint256)
  return contractAddress;
}

test("a price in a token is shown with its address, paid by the node, and summed apart", async () => {
  const token = await newToken(account, 1200n), study = await firstStudy(seller);
  const release = (await ask<{ items: { id: string }[] }>(seller, "owner", "assets")).items.at(-1)?.id;
  const inToken = async (priceWei: string): Promise<string> => {
    const { order } = await ask<{ order: { hash: string } }>(seller, "owner", "orders", JSON.stringify({ release, priceWei, currency: token }));
    return asked(seller, "owner", `orders/${order.hash}/offer`);
  };
  const give = async ({ page }: Visit, of: string): Promise<void> => {
    await page.goto(`${buyer.base}/#/buy`);
    await page.locator('.drop input[type="file"]').setInputFiles([{ name: "offer.json", mimeType: "application/json", buffer: Buffer.from(of) }]);
  };
  const first = await visit(browser, buyer, { language: "en", theme: "light", screen: "desktop" }, "buyer"), { page } = first;
  await give(first, await inToken("550"));
  await page.getByRole("button", { name: `Buy for 5.5 TOK (the token at ${token})` }).click();
  await page.locator("dialog li").nth(3).waitFor();
  await see(first, "token-confirm");
  await page.locator("dialog .danger").click();
  const left = await inToken("600");
  await page.getByRole("heading", { name: "Complete: the money was paid out" }).waitFor({ timeout: 30_000 });
  const order = page.url().split("/").at(-1) ?? "", seen = [first];

  await Promise.all(looks.map(async (look) => {
    const bought = await visit(browser, buyer, look, "buyer");
    seen.push(bought);
    await give(bought, left);
    await bought.page.locator(".proofs li").first().waitFor();
    await see(bought, "token-offer");
    await bought.page.goto(`${buyer.base}/#/buy/${order}`);
    await bought.page.locator(".payouts .of-token", { hasText: token }).first().waitFor();
    await see(bought, "token-receipt");
  }));
  const payouts = async (): Promise<number | undefined> => (await ask<{ items: { hash: string; payouts: unknown[] }[] }>(seller, "owner", "orders")).items.find(({ hash }) => hash === order)?.payouts.length;
  await expect.poll(payouts, { timeout: 30_000 }).toBeGreaterThan(0); // the seller's node has seen it
  await Promise.all(looks.map(async (look) => {
    const sold = await visit(browser, seller, look, "owner");
    seen.push(sold);
    await sold.page.goto(`${seller.base}/#/assets`);
    await sold.page.locator(".figures .of-token strong", { hasText: "5.5 TOK" }).filter({ hasText: token }).waitFor();
    await see(sold, "token-assets");
    await sold.page.goto(`${seller.base}/#/study/${study}`); // long: what is new of it is looked at, and the rest in other tests
    await sold.page.locator(".payouts .of-token", { hasText: token }).first().waitFor();
    await sold.page.locator("button.danger").last().click();
    await sold.page.locator("dialog .note", { hasText: token }).waitFor();
    await shoot(sold, "token-erase");
  }));
  expect(seen.flatMap(({ complaints }) => complaints)).toEqual([]);
  await Promise.all(seen.map(({ context }) => context.close()));
}, 90_000);
