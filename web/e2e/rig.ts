// What the end-to-end tests stand on: real nodes of the built program, with the page that
// is embedded in it, and a real browser.
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { request } from "node:http";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { expect, inject, onTestFinished, TestRunner } from "vitest";
import { flaws } from "./flaws";

const run = promisify(execFile);
const root = resolve(import.meta.dirname, "../..");

// shots is where screenshots go; they are looked at, and not committed. Of what fails there are
// some always, of each state that is right only where SINSO_SHOTS names the folder.
export const shots = process.env.SINSO_SHOTS ?? join(root, "web/e2e/shots");
export const shooting = process.env.SINSO_SHOTS !== undefined;

export type Role = "owner" | "operator" | "clinician" | "buyer" | "auditor";

// Node is a node that runs, and a token for each role that was asked for. log is what it has written.
export type Node = { base: string; tokens: Record<Role, string>; folder: string; log: () => string; stop: () => Promise<void> };

// Stage is a folder with the program and what the demo leaves: a seller's node with a
// study, its release and its trade, and a buyer's with what it bought.
export type Stage = { folder: string; sinso: string; seller: () => Promise<Node>; buyer: () => Promise<Node>; empty: () => Promise<Node>; strike: () => Promise<void> };

export async function stage(): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), "sinso-e2e-"));
  const sinso = inject("sinso"), played = join(folder, "demo");
  await cp(inject("played"), played, { recursive: true, filter: (from) => !from.endsWith(".sock") });
  const nodes: Node[] = [];
  const up = async (data: string, ...more: string[]): Promise<Node> => {
    const node = await serve(sinso, data, ...more);
    nodes.push(node);
    return node;
  };
  // A test that is tried once more finds the node that the first try has left running.
  const once = (start: () => Promise<Node>): (() => Promise<Node>) => {
    let node: Promise<Node> | undefined;
    return () => (node ??= start());
  };
  return {
    folder, sinso,
    seller: once(() => up(join(played, "seller"))),
    buyer: once(() => up(join(played, "buyer"), "--chain", "none")), // its chain was the seller's, which is gone
    empty: async () => {
      const data = await mkdtemp(join(folder, "node-"));
      await rm(data, { recursive: true });
      await run(sinso, ["init", "--data", data]);
      return up(data);
    },
    strike: async () => {
      await Promise.all(nodes.map((node) => node.stop()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

// program builds the program into a folder.
export async function program(folder: string): Promise<string> {
  const sinso = join(folder, "sinso");
  await run("go", ["build", "-ldflags=-s -w", "-o", sinso, "./cmd/sinso"], { cwd: root, env: { ...process.env, CGO_ENABLED: "0" } });
  return sinso;
}

type PersonRow = { id: string; label?: string };

// serve starts a node on a free port of this machine.
export async function serve(sinso: string, folder: string, ...more: string[]): Promise<Node> {
  const child = spawn(sinso, ["serve", "--data", folder, "--listen", "127.0.0.1:0", "--dimse-listen", "none", "--chain-listen", "none", "--json", ...more], { stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  for (const from of [child.stdout, child.stderr]) from.on("data", (part: Buffer) => { log += part.toString(); });
  const url = await firstLine(child);
  // A node has persons of its own, too: that whose data came in has a label.
  const person = (await keeper<{ items: PersonRow[] }>(folder, "persons")).items.find((p) => p.label)?.id;
  const tokens = {} as Record<Role, string>;
  for (const role of ["owner", "operator", "clinician", "buyer", "auditor"] as const) {
    if (role !== "owner") tokens[role] = await tokenOf(folder, role);
    else if (person) tokens[role] = await tokenOf(folder, role, person);
  }
  const ended = new Promise<void>((done) => { child.once("exit", () => { done(); }); });
  return {
    base: (JSON.parse(url) as { url: string }).url.replace("127.0.0.1", "localhost"), tokens, folder, log: () => log,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

// tokenOf has a node that runs make a token, as whoever keeps its folder can.
export const tokenOf = async (folder: string, role: Role, person?: string): Promise<string> =>
  (await keeper<{ token: string }>(folder, "local/tokens", { role, person, expires: 86_400 })).token;

// keeper asks a node through the socket in its folder. A body is posted.
const keeper = <T>(folder: string, path: string, body?: object): Promise<T> => new Promise((found, refused) => {
  const asking = request({ socketPath: join(folder, "run", "sinso.sock"), path: `/api/v1/${path}`, method: body ? "POST" : "GET", headers: { Host: "localhost", ...(body && { "Content-Type": "application/json" }) } }, (answer) => {
    let says = "";
    answer.setEncoding("utf8").on("data", (part: string) => { says += part; }).on("end", () => {
      if (answer.statusCode === 200) found(JSON.parse(says) as T);
      else refused(new Error(`${path}: ${says}`));
    });
  });
  asking.on("error", refused).end(body && JSON.stringify(body));
});

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    let said = "", wrong = "";
    child.stdout?.on("data", (part: Buffer) => {
      said += part.toString();
      if (said.includes("\n")) found(said.slice(0, said.indexOf("\n")));
    });
    child.stderr?.on("data", (part: Buffer) => { wrong += part.toString(); });
    child.once("exit", (code) => { failed(new Error(`the node ended with ${code}: ${wrong}`)); });
  });
}

// asked is the text of what a node answers a role. A body is posted.
export async function asked(node: Node, role: Role, path: string, body?: string): Promise<string> {
  const answer = await fetch(`${node.base}/api/v1/${path}`, {
    headers: { Authorization: `Bearer ${node.tokens[role]}`, ...(body && { "Content-Type": "application/json" }) }, ...(body && { method: "POST", body }),
  }), says = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${says}`);
  return says;
}

export const ask = async <T>(node: Node, role: Role, path: string, body?: string): Promise<T> => JSON.parse(await asked(node, role, path, body)) as T;

export const firstStudy = async (node: Node): Promise<string> => (await ask<{ items: { id: string }[] }>(node, "owner", "studies")).items[0]?.id ?? "";

// offerOf makes another copy of a study and returns its offer as a seller gets it.
export async function offerOf(seller: Node, study: string, priceWei: string): Promise<string> {
  const { order } = await ask<{ order: string }>(seller, "owner", "assets", JSON.stringify({ study, priceWei }));
  return asked(seller, "owner", `orders/${order}/offer`);
}

// freePort is one of this machine that nothing listens on now.
export const freePort = (): Promise<number> => new Promise((found) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const at = server.address();
    server.close(() => { found(typeof at === "object" && at ? at.port : 0); });
  });
});

let running: Browser | undefined;

// openBrowser is the browser that the files of this worker share, as to start one takes
// seconds: who visits has a context of its own, and the browser ends with the worker.
export async function openBrowser(): Promise<Browser> {
  if (!running?.isConnected()) {
    running = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell", // the same engine without windows, which take half the time
      args: process.getuid?.() === 0 ? ["--no-sandbox"] : [], // a sandbox is refused to root
    });
  }
  return running;
}

// ofTest closes a context at the end of its test. If that fails, what each page shows and
// what is known of it is kept first. What is opened before the tests is closed by who opened it.
export function ofTest(context: BrowserContext, known: () => string): void {
  if (!TestRunner.getCurrentTest()) return;
  onTestFinished(async ({ task }) => {
    if (task.result?.state === "fail") {
      const name = `${task.file.name} ${task.name} ${(task.result.retryCount ?? 0) + 1}`.replace(/[^\p{L}\p{N}]+/gu, "-");
      for (const [i, page] of context.pages().entries()) {
        const path = join(shots, `failed-${name.slice(-150)}-${i}.png`);
        await page.screenshot({ path, timeout: 10_000 }).catch(() => { /* it shows nothing any more */ });
        console.error(`${path}: ${page.url()}\n${known()}`);
      }
    }
    await context.close();
  });
}

export type Look = { language: "en" | "zh"; theme: "light" | "dark"; screen: "phone" | "desktop" };

const every: readonly Look[] = (["en", "zh"] as const).flatMap((language) =>
  (["light", "dark"] as const).flatMap((theme) => (["phone", "desktop"] as const).map((screen) => ({ language, theme, screen }))));

// looks are how pages are looked at: two that have each language, theme and screen once;
// all eight with SINSO_LOOKS=all.
export const looks: readonly Look[] = process.env.SINSO_LOOKS === "all" ? every
  : every.filter((look) => (look.language === "en") === (look.theme === "light") && (look.theme === "light") === (look.screen === "desktop"));

// Visit is one person's browser, watched: complaints are what must never happen.
export type Visit = { page: Page; context: BrowserContext; complaints: string[]; look: Look };

// visit opens the page. Requests of the moments in which the page's worker takes over pass by
// routes: who answers for the node right away blocks the worker.
export async function visit(browser: Browser, node: Node, look: Look, role?: Role, serviceWorkers: "allow" | "block" = "allow"): Promise<Visit> {
  const context = await browser.newContext({
    serviceWorkers,
    viewport: look.screen === "phone" ? { width: 390, height: 844 } : { width: 1280, height: 900 },
    hasTouch: look.screen === "phone", locale: look.language === "zh" ? "zh-CN" : "en-GB", timezoneId: "UTC", reducedMotion: "reduce",
  });
  await context.addInitScript(({ language, theme }) => {
    localStorage.setItem("language", language);
    localStorage.setItem("theme", theme);
    addEventListener("securitypolicyviolation", (event) => { console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`); });
  }, look);
  const page = await context.newPage();
  const complaints: string[] = [];
  watch(page, node, complaints);
  ofTest(context, () => [...complaints, node.log().slice(-2000)].join("\n"));
  await page.goto(node.base);
  if (role) await signIn(page, node.tokens[role]);
  return { page, context, complaints, look };
}

// watch notes errors of the page, refusals of its policy, and requests to anybody else.
function watch(page: Page, node: Node, complaints: string[]): void {
  page.on("pageerror", (error) => { complaints.push(`error: ${error.message}`); });
  page.on("console", (message) => {
    // A session that is not there is a 401, which browsers write as an error.
    if (message.type() === "error" && !message.text().includes("401")) complaints.push(`console: ${message.text()} ${message.location().url}`);
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.origin !== node.base) complaints.push(`request to ${url.origin}`);
  });
}

// unasked leaves out what browsers write of answers that a state is made of.
export const unasked = ({ complaints }: Visit, made: RegExp): string[] => complaints.filter((one) => !made.test(one));

export const go = (page: Page, address: string): Promise<void> => page.evaluate((to) => { location.hash = to; }, address);

export async function signIn(page: Page, token: string): Promise<void> {
  await giveToken(page, token);
  await page.locator(".account").waitFor();
}

// giveToken unfolds where a token is typed, if it is folded, and sends one.
export async function giveToken(page: Page, token: string): Promise<void> {
  const field = page.locator("#token");
  await field.waitFor({ state: "attached" });
  if (!await field.isVisible()) await page.locator(".by-token > summary").click();
  await field.fill(token);
  await page.locator(".by-token button.primary").click();
}

type Violation = { id: string; nodes: { html: string; failureSummary?: string }[] };
const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
let axeSource: Promise<string> | undefined;

// violations are what axe-core finds by all rules of WCAG 2.2 AA and its best practices, and
// what else a machine can see wrong.
export const violations = async (page: Page): Promise<string[]> => [...await axeFinds(page), ...await flaws(page)];

// axeFinds are those of axe-core alone.
export async function axeFinds(page: Page): Promise<string[]> {
  // The policy of the page lets no script in: axe comes in through the debugger, once a document.
  const there = await page.evaluate("'axe' in window");
  if (!there) await page.evaluate(await (axeSource ??= readFile(axePath, "utf8")));
  const found = (await page.evaluate("axe.run(document, { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } }).then((r) => r.violations)")) as Violation[];
  return found.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 160)}`));
}

// see wants no finding in the state that is shown, and keeps its picture, if one is wanted.
export async function see(seen: Visit, name: string): Promise<void> {
  expect(await violations(seen.page), name).toEqual([]);
  await shoot(seen, name);
}

// shoot keeps a picture of the whole page, if one is wanted.
export async function shoot({ page, look }: Visit, name: string): Promise<void> {
  if (!shooting) return;
  await mkdir(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}-${look.language}-${look.theme}-${look.screen}.png`), fullPage: true });
}
