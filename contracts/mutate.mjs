// Changes each contract in one place at a time, and runs its tests against what comes out: a
// change that no test notices is one that nothing holds. `npm run mutate [-- File…]` takes hours.
// It can be stopped: what was noticed is kept in cache/mutants.json, and not tried again.
// Survivors are listed in mutants.txt with the reason; one that is not listed is an error.
//   --every N   only each N-th change
//   --jobs N    so many at once
//   --anew      forgets what was noticed before, by tests that may be others now
import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { compile, manners, mutants, read } from "./mutants.mjs";

const here = import.meta.dirname;
const abis = readdirSync(join(here, "abi")).map((name) => name.replace(".json", ""));
const isSource = (name) => existsSync(join(here, "src", name));
const tests = readdirSync(join(here, "test")).filter((name) => name.endsWith(".t.sol") && name !== "Gas.t.sol");

/** All files that a file imports of its own folder, itself too. */
function reach(folder, file, seen = new Set()) {
  if (seen.has(file) || !existsSync(join(here, folder, file))) return seen;
  seen.add(file);
  for (const [, next] of read(folder, file).matchAll(/from "\.\/([\w/]+\.sol)"/g)) reach(folder, next, seen);
  return seen;
}

/** The contracts that are shipped and contain the code of a file. */
const shipped = (file) => abis.filter((name) => reach("src", `${name}.sol`).has(file));

/** The tests of some contracts: their own first, then all others that deploy one of them. */
function stages(wanted) {
  const own = tests.filter((test) => !test.includes("Invariants") && wanted.some((name) => test.startsWith(name)));
  const uses = (test) => wanted.some((name) => [...reach("test", test)].some((file) => read("test", file).includes(`"${name}"`)));
  return [own, tests.filter((test) => !own.includes(test) && uses(test))].filter((stage) => stage.length);
}

/** A folder in which the tests run against other code than abi/ has. It is kept, for compiling the tests takes a while. */
function workplace(job) {
  const work = join(here, "cache", "mutants", String(job));
  const place = join(work, "contracts");
  for (const part of ["abi", "src", "test"]) rmSync(join(place, part), { recursive: true, force: true });
  for (const part of ["abi", "src", "test", "foundry.toml", "gas.snapshot", "package.json", "solc-wrapper.mjs"]) {
    cpSync(join(here, part), join(place, part), { recursive: true });
  }
  const link = (to, at) => existsSync(at) || symlinkSync(to, at);
  link(join(here, "node_modules"), join(place, "node_modules"));
  link(join(here, "..", "testdata"), join(work, "testdata"));
  return place;
}

/** Whether the tests fail with this code of some contracts. */
function noticed(place, codes, files) {
  for (const [name, code] of Object.entries(codes)) {
    writeFileSync(join(place, "abi", `${name}.json`), JSON.stringify({ ...JSON.parse(read("abi", `${name}.json`)), bytecode: `0x${code}` }));
  }
  const env = { ...process.env, FOUNDRY_FUZZ_RUNS: "32", FOUNDRY_INVARIANT_RUNS: "16", FOUNDRY_CODE_SIZE_LIMIT: "16777216" };
  // Gas is no behaviour: a cheaper contract that does the same is not worse. Nor is size.
  const args = ["test", "--match-path", `test/{${files.join(",")}}`, "--no-match-test", "FitInATransaction", "--fail-fast"];
  const run = spawnSync(join(here, "node_modules", ".bin", "forge"), args, { cwd: place, env, timeout: 600_000, encoding: "utf8" });
  for (const name of Object.keys(codes)) cpSync(join(here, "abi", `${name}.json`), join(place, "abi", `${name}.json`));
  if (run.status !== 0 && !/Suite result/.test(run.stdout)) throw new Error(`the tests could not run: ${run.stderr || run.stdout}`);
  return run.status !== 0;
}

/** Tries changes as they come from the main thread, and says of each what came of it. */
function work() {
  const place = workplace(workerData);
  const chosen = new Map(); // by file
  const choose = (file) => {
    const wanted = shipped(file);
    const fits = (manner) => {
      const codes = compile(file, read("src", file), wanted, manner);
      return codes && stages(wanted).every((files) => !noticed(place, codes, files));
    };
    const manner = manners.find(fits);
    if (!manner) throw new Error(`the tests of ${file} fail as it is`);
    return { wanted, manner };
  };
  parentPort.on("message", (mutant) => {
    if (!mutant) process.exit(0);
    const { file, text } = mutant;
    if (!chosen.has(file)) chosen.set(file, choose(file));
    const { wanted, manner } = chosen.get(file);
    const dies = (as) => {
      const codes = compile(file, text, wanted, as);
      if (!codes) return null;
      return stages(wanted).some((files) => noticed(place, codes, files));
    };
    let died = dies(manner);
    // What lives is looked at once more as it would be shipped.
    if (died === false && manner !== manners.at(-1)) died = dies(manners.at(-1));
    parentPort.postMessage({ ...mutant, died });
  });
  parentPort.postMessage(null);
}

/** Hands the changes out, and tells what became of them. */
function lead() {
  const { values: options, positionals } = parseArgs({
    allowPositionals: true,
    options: { every: { type: "string", default: "1" }, jobs: { type: "string", default: String(availableParallelism()) }, anew: { type: "boolean" } },
  });
  const files = positionals.length ? positionals.map((name) => `${name}.sol`) : readdirSync(join(here, "src")).filter((file) => shipped(file).length);
  for (const file of files) if (!isSource(file)) throw new Error(`there is no src/${file}`);
  const ledger = join(here, "cache", "mutants.json");
  const seen = !options.anew && existsSync(ledger) ? JSON.parse(read("cache", "mutants.json")) : {};
  const reasons = existsSync(join(here, "mutants.txt")) ? read("mutants.txt").split("\n") : [];
  const all = files.flatMap(mutants).filter((_, at) => at % Number(options.every) === 0);
  const key = (mutant) => createHash("sha256").update(mutant.file).update(mutant.text).digest("hex").slice(0, 32);
  const counts = { dead: 0, alive: 0, unlisted: 0, done: 0 };
  const count = ({ name, died }) => {
    counts.done++;
    if (died === true) counts.dead++;
    if (died !== false) return;
    counts.alive++;
    const listed = reasons.includes(name);
    if (!listed) counts.unlisted++;
    console.log(`${listed ? "listed  " : "SURVIVES"} ${name}`);
  };
  const open = all.filter((mutant) => {
    const died = seen[key(mutant)];
    if (died === undefined) return true;
    count({ ...mutant, died: died === "none" ? null : true });
    return false;
  });
  const finish = () => {
    const part = (100 * counts.dead) / (counts.dead + counts.alive);
    console.log(`${counts.dead} of ${counts.dead + counts.alive} changes were noticed (${part.toFixed(1)} %), ${counts.unlisted} survivors have no reason in mutants.txt`);
    process.exitCode = counts.unlisted || part < 90 ? 1 : 0;
  };
  mkdirSync(join(here, "cache"), { recursive: true });
  let running = Math.min(Number(options.jobs), open.length);
  if (!running) finish();
  for (let job = running; job > 0; job--) {
    const worker = new Worker(import.meta.filename, { workerData: job });
    worker.on("error", (wrong) => {
      console.error(wrong.message);
      process.exit(1);
    });
    worker.on("message", (result) => {
      if (result) {
        if (result.died !== false) seen[key(result)] = result.died ?? "none";
        writeFileSync(ledger, JSON.stringify(seen));
        count(result);
        if (process.stderr.isTTY || counts.done % 50 === 0) process.stderr.write(`${counts.done} of ${all.length}: ${result.file}, ${counts.alive} survive\n`);
      }
      const next = open.shift();
      worker.postMessage(next ?? null);
      if (!next && --running === 0) finish();
    });
  }
}

if (isMainThread) lead();
else work();
