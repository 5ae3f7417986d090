// Once for all end-to-end tests: the program is built, and the demo leaves its two nodes.
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";
import { program } from "./rig";

const run = promisify(execFile);

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "sinso-e2e-"));
  const sinso = await program(folder);
  const played = join(folder, "demo");
  await run(sinso, ["demo", "--keep", played, "--json"]);
  project.provide("sinso", sinso);
  project.provide("played", played);
  return () => rm(folder, { recursive: true, force: true });
}

declare module "vitest" {
  // What each test is given. Tests copy the demo's folders: a node that ran is another one.
  export interface ProvidedContext { sinso: string; played: string }
}
