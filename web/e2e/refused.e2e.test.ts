// What a node refuses, and what its chain does not do: too many tries to sign in, copies
// that are not for whoever treats, a release that cannot be written down.
import { execFile } from "node:child_process";
import { appendFile } from "node:fs/promises";
import { createServer, connect, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keep, stackOf } from "./objects";
import { firstStudy, freePort, go, looks, type Node, offerOf, openBrowser, see, serve, stage, type Stage, unasked, visit } from "./rig";

const run = promisify(execFile);
let set: Stage, seller: Node, far: Node, browser: Browser, line: Line, study = "", copy = "";

// Line is a way to the chain that can be cut.
type Line = { port: number; cut: () => Promise<void>; mend: () => Promise<void> };

async function lineTo(port: number): Promise<Line> {
  const open = new Set<Socket>(), listen = (at: number): Promise<Server> => new Promise((done) => {
    const server = createServer((from) => {
      const to = connect(port, "127.0.0.1");
      for (const [one, other] of [[from, to], [to, from]] as const) {
        open.add(one);
        one.pipe(other);
        one.on("close", () => { open.delete(one); other.destroy(); });
        one.on("error", () => { other.destroy(); });
      }
    }).listen(at, "127.0.0.1", () => { done(server); });
  });
  let server = await listen(0);
  const at = server.address(), own = typeof at === "object" && at ? at.port : 0;
  return {
    port: own,
    cut: () => new Promise((done) => {
      server.close(() => { done(); });
      for (const one of open) one.destroy();
    }),
    mend: async () => { server = await listen(own); },
  };
}

beforeAll(async () => {
  [set, browser] = await Promise.all([stage(), openBrowser()]);
  const port = await freePort();
  seller = await serve(set.sinso, join(set.folder, "demo", "seller"), "--chain-listen", `127.0.0.1:${port}`);
  const offer = JSON.parse(await offerOf(seller, await firstStudy(seller), "1000000000000000")) as { contracts: { identity: string; assets: string; exchange: string } };
  const { identity, assets, exchange } = offer.contracts;
  const copies = join(set.folder, "copies");
  await keep(copies, stackOf({ study: "2.25.7701", series: "2.25.7701.1", modality: "CT", description: "Chest", slices: 2, more: () => [[0x00120062, "CS", "YES"], [0x00120063, "LO", "by somebody else"]] }));
  const got = await run(set.sinso, ["import", "--json", "--yes", "--research", "--data", join(set.folder, "demo", "seller"), copies]);
  copy = (JSON.parse(got.stdout) as { studies: string[] }).studies[0] ?? "";
  line = await lineTo(port);
  const data = join(set.folder, "demo", "buyer"), files = join(set.folder, "files");
  await keep(files, stackOf({ study: "2.25.7700", series: "2.25.7700.1", modality: "CT", description: "Chest", slices: 8, value: (x, y) => 1000 + ((x * y) % 400) }));
  const person = (await run(set.sinso, ["person", "add", "--data", data, "--chain", "none"])).stdout.trim();
  const took = await run(set.sinso, ["import", "--json", "--person", person, "--data", data, "--chain", "none", files]);
  study = (JSON.parse(took.stdout) as { studies: string[] }).studies[0] ?? "";
  await appendFile(join(data, "sinso.toml"), 'quality-least = "0"\n'); // the drawn study lacks much, and it is the chain that refuses here
  far = await serve(set.sinso, data, "--chain", `http://127.0.0.1:${line.port}`, "--contracts", `${identity},${assets},${exchange}`);
  far.tokens.owner = (await run(set.sinso, ["token", "create", "--role", "owner", "--person", person, "--data", data])).stdout.trim();
});

afterAll(async () => {
  await far?.stop();
  await seller?.stop();
  await set.strike();
});

const list = <T>(page: Page, what: string): Promise<T[]> => page.evaluate(async (at) => ((await (await fetch(`/api/v1/${at}`)).json()) as { items: T[] }).items, what);

const made = /status of (403|429|503)/;

test.each(looks)("a release cannot be entered on the chain, and is later: $language, $theme, $screen", async (look) => {
  const seen = await visit(browser, far, look, "owner"), { page } = seen;
  await go(page, `#/sell/${study}/review/all/faces-in/0.02`);
  await page.locator(".onward .primary").click();
  await line.cut();
  await page.locator("dialog .danger").click();
  await page.locator(".failure").waitFor({ timeout: 30_000 });
  await see(seen, "refused-chain-sell");
  await go(page, `#/study/${study}`);
  await page.locator(".release").first().waitFor();
  await see(seen, "refused-chain-study");
  await go(page, "#/assets");
  await page.locator(".copy-of").first().waitFor();
  await see(seen, "refused-chain-assets");
  await line.mend();
  await expect.poll(async () => (await list<{ state: string }>(page, "assets")).every(({ state }) => state === "registered"), { timeout: 60_000, interval: 500 }).toBe(true); // by itself
  await go(page, `#/study/${study}`);
  await page.locator(".release .trade").first().waitFor();
  await see(seen, "refused-chain-mended");
  expect(unasked(seen, made)).toEqual([]);
  await seen.context.close();
}, 120_000);

test.each(looks)("a role may not see what is not for it: $language, $theme, $screen", async (look) => {
  const seen = await visit(browser, seller, look, "clinician"), { page } = seen;
  await go(page, `#/view/${copy}`);
  await page.locator(".failure").waitFor();
  await see(seen, "refused-role");
  expect(unasked(seen, made)).toEqual([]);
  await seen.context.close();
});

test.each(looks)("too many tries to sign in: $language, $theme, $screen", async (look) => {
  const seen = await visit(browser, seller, look), { page } = seen;
  for (let answered = 0, i = 0; answered !== 429 && i < 100; i++) answered = (await fetch(`${seller.base}/api/v1/session/passkey/challenge`, { method: "POST", headers: { Origin: seller.base } })).status;
  await page.locator(".sign-in .primary.wide").click();
  expect(await page.locator(".failure strong").innerText()).toMatch(/Too many tries|尝试次数/);
  await see(seen, "refused-tries");
  expect(unasked(seen, made)).toEqual([]);
  await seen.context.close();
});
