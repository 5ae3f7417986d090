// make bench-web: our viewer beside OHIF's, on the same node, series and browser, in turns.
// A readable table goes to stderr, and one JSON object to the file BENCH_OUT.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser, CDPSession, Page } from "playwright-core";
import { test } from "vitest";
import { fetched, type Ohif, serveOhif } from "./ohif";
import { digits, type Series, slice } from "./drawn";
import { type Node, openBrowser, program, serve, signIn } from "./rig";

const run = promisify(execFile);
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const slices = 300;
const study = "2.25.777";
const drawn: readonly Series[] = [1, 2, 3].map((n) => ({ study, series: `${study}.${n}`, name: `Drawn ${n}`, slices, side: 512 }));

// Figures are what one round of one viewer measures.
type Figures = { first: number; bytes: number; rate: number; heap: number };

// Viewer is how one of the two is driven: both by what a person sees and presses.
type Viewer = { name: string; open: (page: Page) => Promise<void>; settle: (page: Page) => Promise<void>; series: (page: Page, n: number) => Promise<void> };

test("bench", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sinso-bench-web-"));
  try {
    await compare(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 1_800_000);

async function compare(folder: string): Promise<void> {
  const sinso = await program(folder);
  const data = join(folder, "node");
  await draw(join(folder, "files"));
  await run(sinso, ["init", "--data", data]);
  await run(sinso, ["import", join(folder, "files"), "--data", data]);
  const node = await serve(sinso, data);
  const ohif = await serveOhif(await fetched(), node);
  const browser = await openBrowser();
  const both = [await ours(node), theirs(ohif)];
  const all = new Map<string, Figures[]>(both.map((viewer) => [viewer.name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const viewer of both) {
      const figures = await measure(browser, viewer);
      all.get(viewer.name)?.push(figures);
      process.stderr.write(`${viewer.name} ${JSON.stringify(figures)}\n`);
    }
  }
  await browser.close();
  await ohif.stop();
  await node.stop();
  await report(all.get("sinso") ?? [], all.get("ohif") ?? []);
}

async function draw(folder: string): Promise<void> {
  await mkdir(folder);
  for (const series of drawn) for (let k = 0; k < slices; k++) await writeFile(join(folder, `${series.series}.${k}.dcm`), slice(series, k));
}

async function ours(node: Node): Promise<Viewer> {
  const found = await fetch(`${node.base}/api/v1/studies`, { headers: { Authorization: `Bearer ${node.tokens.owner}` } });
  const { items } = (await found.json()) as { items: { id: string }[] };
  const address = `${node.base}/#/view/${items[0]?.id}`;
  return {
    name: "sinso",
    open: async (page) => {
      // The session is made before the clock starts: OHIF's proxy has its token, too.
      await page.goto(node.base);
      await signIn(page, node.tokens.owner);
      await page.goto("about:blank");
      await page.goto(address);
    },
    settle: async () => {},
    series: (page, n) => page.locator(".series-list button").nth(n).click(),
  };
}

function theirs(ohif: Ohif): Viewer {
  return {
    name: "ohif",
    open: async (page) => { await page.goto(`${ohif.base}/viewer?StudyInstanceUIDs=${study}`); },
    settle: async (page) => {
      const skip = page.getByText("Skip all");
      if (await skip.isVisible()) await skip.click();
    },
    series: (page, n) => page.locator('[data-cy="study-browser-thumbnail"]').nth(n).dblclick(),
  };
}

async function measure(browser: Browser, viewer: Viewer): Promise<Figures> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const wire = await context.newCDPSession(page);
  let bytes = 0, begun = 0;
  await wire.send("Network.enable");
  wire.on("Network.dataReceived", (part: { encodedDataLength: number; dataLength: number }) => { bytes += part.encodedDataLength || part.dataLength; });
  page.on("framenavigated", (frame) => {
    if (frame === page.mainFrame() && frame.url() !== "about:blank") return;
    bytes = 0;
    begun = performance.now();
  });
  begun = performance.now();
  await viewer.open(page);
  await page.evaluate(seeing, { digits });
  await page.evaluate("window.firstShown()"); // no predicate that is polled: the page's policy forbids eval
  const first = performance.now() - begun, until = bytes;
  await page.waitForTimeout(500);
  await viewer.settle(page);
  const rate = (await page.evaluate("window.scrollThrough()")) as number;
  for (const n of [1, 2]) {
    await viewer.series(page, n);
    await page.waitForTimeout(3000);
  }
  const heap = await heapOf(wire);
  await context.close();
  return { first: Math.round(first), bytes: until, rate: Math.round(rate * 10) / 10, heap };
}

// heapOf is the JavaScript heap in use, in bytes, after a collection.
async function heapOf(wire: CDPSession): Promise<number> {
  await wire.send("HeapProfiler.collectGarbage");
  return (await wire.send("Runtime.getHeapUsage")).usedSize;
}

// seeing puts into the page what reads from the pixels of the largest canvas which slice it
// shows (drawn.ts): a canvas that is black shows none.
function seeing({ digits: count }: { digits: number }): void {
  const canvas = (): HTMLCanvasElement | null => [...document.querySelectorAll("canvas")].filter((c) => c.width >= 300)
    .sort((a, b) => b.width * b.height - a.width * a.height)[0] ?? null;
  const shownSlice = (): number => {
    const c = canvas(), from = c?.getContext("2d");
    if (!c || !from) return -1;
    const side = Math.min(c.width, c.height), left = (c.width - side) / 2, top = (c.height - side) / 2;
    const bright = (u: number, v: number): number => from.getImageData(Math.round(left + u * side), Math.round(top + v * side), 1, 1).data[0] ?? 0;
    if (bright(0.5, 0.5) < 60) return -1;
    let n = 0;
    for (let i = 0; i < count; i++) n = n * 2 + (bright((i + 0.5) / count, 0.05) > 128 ? 1 : 0);
    return n;
  };
  const frame = (): Promise<void> => new Promise((next) => { requestAnimationFrame(() => { next(); }); });
  const firstShown = async (): Promise<void> => {
    const start = performance.now();
    while (shownSlice() < 0) {
      if (performance.now() - start > 60_000) throw new Error("no slice was shown within a minute");
      await frame();
    }
  };
  // scrollThrough turns the wheel by a notch as soon as the slice before is seen, from the slice that a viewer opens
  // with until none follows, and answers with slices a second.
  const scrollThrough = async (): Promise<number> => {
    const seen = new Set<number>();
    let start = performance.now(), turned = start, last = -2, notch = 100;
    for (;;) {
      const now = shownSlice(), waited = performance.now() - turned > 2000;
      if (waited && (seen.size > 1 || notch < 0)) break;
      if (waited) { // it opened with the last: the other way
        notch = -100;
        last = -2;
        start = performance.now();
      }
      if (now !== last && now >= 0) {
        seen.add(last = now);
        turned = performance.now();
        const c = canvas(), box = c?.getBoundingClientRect();
        if (c && box) c.dispatchEvent(new WheelEvent("wheel", { deltaY: notch, bubbles: true, cancelable: true, clientX: box.x + box.width / 2, clientY: box.y + box.height / 2 }));
      }
      await frame();
    }
    if (seen.size < 100) throw new Error(`no more than ${seen.size} slices were shown`);
    return (seen.size - 1) / ((turned - start) / 1000);
  };
  Object.assign(window, { firstShown, scrollThrough });
}

type Row = { what: string; ours: number; peer: number; unit: string; ratio: number; target: number; ok: boolean };

async function report(mine: Figures[], other: Figures[]): Promise<void> {
  const median = (all: Figures[], of: keyof Figures): number => all.map((f) => f[of]).sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;
  const row = (what: string, of: keyof Figures, unit: string, scale: number, target: number, more: boolean): Row => {
    const ours = median(mine, of) / scale, peer = median(other, of) / scale, ratio = ours / peer;
    return { what, ours, peer, unit, ratio, target, ok: more ? ratio >= target : ratio <= target };
  };
  const rows = [
    row("first image", "first", "ms", 1, 0.5, false),
    row("bytes to the first image", "bytes", "MB", 1e6, 0.5, false),
    row("scroll through 300 slices of 512×512", "rate", "slices/s", 1, 1.5, true),
    row("JavaScript heap after 3 series", "heap", "MB", 1e6, 0.7, false),
  ];
  for (const r of rows) process.stderr.write(`${r.what.padEnd(40)} ${r.ours.toFixed(1).padStart(9)} OHIF ${r.peer.toFixed(1).padStart(9)} ${r.unit.padEnd(8)} ${r.ratio.toFixed(2)} of it, wanted ${r.target}: ${r.ok ? "holds" : "SHORT"}\n`);
  if (process.env.BENCH_OUT) await writeFile(process.env.BENCH_OUT, `${JSON.stringify({ rows })}\n`);
}
