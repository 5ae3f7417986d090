// make bench-features: what OHIF's viewer and ours can do, tried one by one in the same browser on
// the same node and studies. A table goes to stderr, one JSON object to the file BENCH_OUT; pictures
// go where rig.ts keeps them. BENCH_ONLY is of the names of rows, BENCH_WHOSE is ohif or ours.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { BrowserContext, Page } from "playwright-core";
import { test } from "vitest";
import { everybody } from "./features/everybody";
import { finding, layouts } from "./features/finding";
import type { Feature, Sort, Try } from "./features/hands";
import { image } from "./features/image";
import { measuring } from "./features/measuring";
import { objects } from "./features/objects";
import { openOurs } from "./features/ours";
import { openTheirs } from "./features/theirs";
import { gallery, studyOf } from "./gallery";
import { keep } from "./objects";
import { extras, fetched, serveOhif } from "./ohif";
import { record } from "./record";
import { type Node, openBrowser, program, serve, shots, signIn } from "./rig";

const run = promisify(execFile);
const features: readonly Feature[] = [...finding, ...layouts, ...image, ...measuring, ...objects, ...everybody];
type Row = { name: string; ohif: string; ours: string };

test("bench", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sinso-bench-features-"));
  try {
    const sinso = await program(folder), data = join(folder, "node"), browser = await openBrowser();
    const page = await browser.newPage();
    await page.setContent("<h1>Letter</h1>");
    await keep(join(folder, "files"), gallery(await record(page), (await page.pdf()).toString("latin1")));
    await run(sinso, ["init", "--data", data]);
    await run(sinso, ["import", join(folder, "files"), "--data", data]);
    const node = await serve(sinso, data), ohif = await serveOhif(await fetched(), node, extras);
    await mkdir(shots, { recursive: true });
    const rows = await all(await browser.newContext(looking), node, ohif.base);
    await browser.close();
    await ohif.stop();
    await node.stop();
    if (process.env.BENCH_OUT) await writeFile(process.env.BENCH_OUT, `${JSON.stringify({ rows })}\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 3_600_000);

const size = { width: 1400, height: 900 }, small = { width: 900, height: 640 };
const looking = { viewport: size, acceptDownloads: true, locale: "en-GB", reducedMotion: "reduce" } as const;

async function all(context: BrowserContext, node: Node, ohif: string): Promise<Row[]> {
  const rows: Row[] = [], { BENCH_ONLY: only = "", BENCH_WHOSE: whose = "both" } = process.env, first = await context.newPage();
  await first.goto(node.base);
  await signIn(first, node.tokens.owner);
  await allowWindows(first);
  const found = (await (await fetch(`${node.base}/api/v1/studies`, { headers: { Authorization: `Bearer ${node.tokens.owner}` } })).json()) as { items: { id: string; uid: string }[] };
  const idOf = (sort: Sort): string => found.items.find(({ uid }) => uid === studyOf[sort])?.id ?? "";
  for (const feature of features.filter(({ name }) => new RegExp(only).test(name))) {
    const { name, sort, own = sort ?? "list", mode = "viewer", query = "", ohif: theirs, ours } = feature, row: Row = { name, ohif: theirs ? "" : "no", ours: ours ? "" : "no" };
    if (theirs && whose !== "ours") row.ohif = await tried(context, feature, "ohif", async (page) => { await openTheirs(page, sort ? `${ohif}/${mode}?StudyInstanceUIDs=${studyOf[sort]}${query}` : ohif, sort); return theirs(page); });
    if (ours && whose !== "ohif") row.ours = await tried(context, feature, "ours", async (page) => { await openOurs(page, `${node.base}/#/${own === "list" ? "studies" : `view/${idOf(own)}`}`); return ours(page); });
    rows.push(row);
    process.stderr.write(`${name.padEnd(40)} OHIF ${row.ohif.padEnd(40)} ours ${row.ours}\n`);
  }
  return rows;
}

// allowWindows says yes to what a browser asks before a page may place windows on other screens.
async function allowWindows(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page), { targetInfo: { browserContextId = "" } } = await devtools.send("Target.getTargetInfo");
  await devtools.send("Browser.grantPermissions", { permissions: ["windowManagement"], browserContextId });
}

// tried says what became of a try, in a page of its own; one that throws failed, and why. A control that is not there is a no.
async function tried(context: BrowserContext, { name, seconds = 90, small: narrower }: Feature, whose: string, what: Try): Promise<string> {
  const page = await context.newPage();
  page.setDefaultTimeout(seconds > 90 ? seconds * 500 : 20_000);
  if (narrower) await page.setViewportSize(small);
  let timer: NodeJS.Timeout | undefined, said: string;
  const late = new Promise<never>((_, failed) => { timer = setTimeout(() => { failed(new Error("took too long")); }, seconds * 1000); });
  try {
    const found = await Promise.race([what(page), late]);
    said = found === true ? "yes" : found === false ? "no" : found;
  } catch (error) {
    const why = error instanceof Error ? error.message.split("\n")[0] ?? "" : "?";
    said = why.startsWith("there is no") ? `no: ${why}` : `failed: ${why.slice(0, 80)}`;
  }
  clearTimeout(timer);
  await page.screenshot({ path: join(shots, `feature-${`${name} ${whose}`.replace(/\W+/g, "-")}.png`) }).catch(() => { /* the try is what counts */ });
  await page.close();
  return said;
}
