// make bench-page: Lighthouse on the main pages, with the demo's study in them, and how soon
// the page answers while thousands of files upload. A table goes to stderr, one JSON object
// to the file BENCH_OUT.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { chromium, type Page } from "playwright-core";
import { test } from "vitest";
import { slice } from "./drawn";
import { type Node, program, serve, signIn } from "./rig";

const run = promisify(execFile);
const version = "12.8.2", port = 9333, most = 2000;
const categories = ["performance", "accessibility", "best-practices", "seo"] as const;
// Lighthouse's own settings: a desktop on a fast line; a telephone of four times slower a processor, on slow 4G.
const screens = [["desktop", ["--preset=desktop"]], ["mobile", []]] as const;

type Row = { what: string; measured: number; target: number; ok: boolean };

test("bench", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sinso-bench-page-"));
  try {
    const sinso = await program(folder), demo = join(folder, "demo");
    await run(sinso, ["demo", "--keep", demo, "--json"]);
    const node = await serve(sinso, join(demo, "seller"));
    const rows = [...await scores(node, folder), await answering(node, folder)];
    await node.stop();
    for (const { what, measured, target, ok } of rows) process.stderr.write(`${what.padEnd(50)} ${String(measured).padStart(6)} wanted ${target}: ${ok ? "holds" : "SHORT"}\n`);
    if (process.env.BENCH_OUT) await writeFile(process.env.BENCH_OUT, `${JSON.stringify({ rows })}\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 1_800_000);

// opened is a browser with somebody signed in, which others can reach over a port.
const opened = (folder: string) => chromium.launchPersistentContext(join(folder, "browser"), {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", viewport: { width: 1280, height: 900 },
  args: [`--remote-debugging-port=${port}`, ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])], // a sandbox is refused to root
});

// scores are Lighthouse's, out of 100, of each main page as each screen shows it.
async function scores(node: Node, folder: string): Promise<Row[]> {
  const found = await fetch(`${node.base}/api/v1/studies`, { headers: { Authorization: `Bearer ${node.tokens.owner}` } });
  const { items } = (await found.json()) as { items: { id: string }[] };
  const study = items[0]?.id ?? "", lighthouse = await fetched(), rows: Row[] = [];
  const context = await opened(folder), page = context.pages()[0] ?? await context.newPage();
  await page.goto(node.base);
  await signIn(page, node.tokens.owner);
  for (const [name, hash] of [["home", ""], ["study", `study/${study}`], ["viewer", `view/${study}`], ["offer", `sell/${study}`], ["assets", "assets"]] as const) {
    for (const [screen, settings] of screens) {
      const out = join(folder, `${name}-${screen}.json`);
      await run(process.execPath, [lighthouse, `${node.base}/#/${hash}`, `--port=${port}`, ...settings, "--disable-storage-reset", "--quiet", "--output=json", `--output-path=${out}`, `--only-categories=${categories.join()}`]);
      const { categories: got } = JSON.parse(await readFile(out, "utf8")) as { categories: Record<string, { score: number | null }> };
      for (const category of categories) {
        const measured = Math.round((got[category]?.score ?? 0) * 100);
        rows.push({ what: `Lighthouse, ${screen}, ${name}, ${category}`, measured, target: 95, ok: measured >= 95 });
      }
    }
  }
  await context.close();
  return rows;
}

// fetched is Lighthouse's program, from npm, kept in the user's cache.
async function fetched(): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "sinso"), there = join(cache, `lighthouse-${version}`);
  if (!existsSync(there)) {
    await mkdir(cache, { recursive: true });
    const part = await mkdtemp(join(cache, "lighthouse-"));
    await run("npm", ["install", "--silent", "--no-save", "--prefix", part, `lighthouse@${version}`]);
    await rename(part, there);
  }
  return join(there, "node_modules/lighthouse/cli/index.js");
}

// answering is the slowest of the interactions (INP) of somebody who works on while files
// upload, in milliseconds: a key or a click, and what the page painted after it.
async function answering(node: Node, folder: string): Promise<Row> {
  const files = join(folder, "files");
  await mkdir(files);
  for (let k = 0; k < most; k++) await writeFile(join(files, `${k}.dcm`), slice({ study: "2.25.901", series: `2.25.901.${1 + k % 4}`, name: "Drawn", slices: most, side: 64 }, k));
  const context = await opened(folder), page = context.pages()[0] ?? await context.newPage();
  await page.goto(node.base);
  if (await page.locator("#token").count() > 0) await signIn(page, node.tokens.owner);
  await page.goto(`${node.base}/#/import`);
  await page.locator(".drop").waitFor();
  await page.evaluate(listening);
  await page.locator('input[type="file"]').nth(1).setInputFiles(files);
  await page.locator(".panel progress").first().waitFor();
  const pressed = await work(page);
  const slowest = (await page.evaluate("window.slowest")) as number;
  process.stderr.write(`${pressed} keys and clicks while ${most} files uploaded\n`);
  await context.close();
  return { what: `slowest interaction while ${most} files upload, ms`, measured: slowest, target: 200, ok: pressed > 10 && slowest < 200 };
}

function listening(): void {
  const told = window as unknown as { slowest: number };
  told.slowest = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { interactionId?: number })[]) if (entry.interactionId) told.slowest = Math.max(told.slowest, entry.duration);
  }).observe({ type: "event", durationThreshold: 16, buffered: true } as PerformanceObserverInit);
}

// work presses and clicks what a person might, until the files have come.
async function work(page: Page): Promise<number> {
  const progress = page.locator(".panel progress");
  for (let n = 0; ; n++) {
    if (await progress.count() === 0) return n;
    if (n % 4 === 3) await page.locator(".choice input").last().click({ timeout: 2000 }).catch(() => { /* it is not there yet */ });
    else await page.keyboard.press("Tab");
    await page.waitForTimeout(150);
  }
}
