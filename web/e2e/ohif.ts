// OHIF's built viewer on a node's DICOMweb, as anybody would set it up: its files, a
// configuration that names the server, gzip for what shrinks by it, and a proxy that has the token.
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { homedir } from "node:os";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import type { Node } from "./rig";

const run = promisify(execFile);

const version = "3.13.2";

// fetched is the folder of the built OHIF viewer, from npm, kept in the user's cache.
export async function fetched(): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "sinso");
  const there = join(cache, `ohif-${version}`);
  if (!existsSync(there)) {
    await mkdir(cache, { recursive: true });
    const part = await mkdtemp(join(cache, "ohif-"));
    const packed = (await run("npm", ["pack", "--silent", `@ohif/app@${version}`], { cwd: part })).stdout.trim();
    await run("tar", ["xzf", packed], { cwd: part });
    await rename(join(part, "package", "dist"), there);
    await rm(part, { recursive: true });
  }
  return there;
}

export type Ohif = { base: string; stop: () => Promise<void> };

const types: Record<string, string> = { ".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".wasm": "application/wasm", ".svg": "image/svg+xml", ".json": "application/json", ".png": "image/png" };

const config = {
  routerBasename: null, extensions: [], modes: [], customizationService: {}, showStudyList: true, maxNumberOfWebWorkers: 3, defaultDataSourceName: "dicomweb", investigationalUseDialog: { option: "never" },
  dataSources: [{
    namespace: "@ohif/extension-default.dataSourcesModule.dicomweb", sourceName: "dicomweb",
    configuration: { friendlyName: "SINSO", name: "SINSO", wadoUriRoot: "/dicom-web", qidoRoot: "/dicom-web", wadoRoot: "/dicom-web", qidoSupportsIncludeField: true, imageRendering: "wadors", thumbnailRendering: "wadors", enableStudyLazyLoad: true, supportsFuzzyMatching: false, supportsWildcard: true, bulkDataURI: { enabled: true } },
  }],
};

const shrinks = new Set([".js", ".css", ".html", ".wasm", ".svg", ".json"]);

// extras are what a site has to switch on in the configuration: other colours, and windows on several screens.
export const extras = `config.customizationService = ["theme", "multimonitor"].map((name) => "@ohif/extension-default.customizationModule." + name);
config.multimonitor = [{ id: "split", test: ({ multimonitor }) => multimonitor === "split", screens: [0, 1].map((n) => ({ id: "ohif" + n, screen: null, location: { screen: 0, width: 0.5, height: 1, left: n / 2, top: 0 }, options: "" })) }];`;

// serveOhif serves its files. more is a script that changes the configuration.
export async function serveOhif(dist: string, node: Node, more = ""): Promise<Ohif> {
  const files = new Map<string, Buffer>(); // by path, as they are sent
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name), data = readFileSync(path);
    files.set(path.slice(dist.length), shrinks.has(extname(path)) ? gzipSync(data) : data);
  }
  const server = createServer((asked, answer) => {
    const path = new URL(asked.url ?? "/", "http://localhost").pathname;
    if (path.startsWith("/dicom-web")) return pass(node, asked, answer);
    if (path === "/app-config.js") {
      answer.writeHead(200, { "Content-Type": "text/javascript" });
      answer.end(`window.config=${JSON.stringify(config)};${more}`);
      return undefined;
    }
    const name = files.has(path) ? path : "/index.html";
    answer.writeHead(200, { "Content-Type": types[extname(name)] ?? "application/octet-stream", ...(shrinks.has(extname(name)) && { "Content-Encoding": "gzip" }) });
    answer.end(files.get(name));
    return undefined;
  });
  await new Promise<void>((up) => { server.listen(0, "127.0.0.1", up); });
  return {
    base: `http://localhost:${(server.address() as AddressInfo).port}`,
    stop: () => new Promise((down) => {
      server.closeAllConnections();
      server.close(() => { down(); });
    }),
  };
}

function pass(node: Node, asked: IncomingMessage, answer: ServerResponse): void {
  const to = new URL(asked.url ?? "/", node.base), named = asked.headers.accept?.includes("json");
  const on = request(to, { method: asked.method, headers: { ...asked.headers, host: to.host, authorization: `Bearer ${node.tokens.owner}`, ...(named && { "accept-encoding": "identity" }) } }, (got) => {
    if (!named || !got.headers["content-type"]?.includes("json")) {
      answer.writeHead(got.statusCode ?? 502, got.headers);
      return void got.pipe(answer);
    }
    const parts: Buffer[] = []; // metadata name where bulk data are: the browser is to ask here for them, too
    got.on("data", (part: Buffer) => { parts.push(part); });
    got.on("end", () => {
      const { "content-length": _, ...headers } = got.headers;
      answer.writeHead(got.statusCode ?? 502, { ...headers, "content-encoding": "gzip" });
      answer.end(gzipSync(Buffer.concat(parts).toString().replaceAll(to.origin, `http://${asked.headers.host}`)));
    });
    return undefined;
  });
  on.on("error", () => { answer.destroy(); });
  asked.pipe(on);
}
