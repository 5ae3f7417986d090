// Changes each contract in one place at a time, and runs its tests against what comes out: a
// change that no test notices is one that nothing holds. `npm run mutate [-- Name…]`; nightly,
// it takes hours. Survivors are listed in mutants.txt with the reason; one that is not listed
// is an error.
//   --every N     only each N-th change
//   --tests GLOB  only these test files, e.g. 'test/Identity*'
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import solc from "solc";

const here = import.meta.dirname;
const { values: options, positionals: names } = parseArgs({
  allowPositionals: true,
  options: { every: { type: "string", default: "1" }, tests: { type: "string", default: "test/*" } },
});

/** What a piece of code is changed to. Each pair makes one change for each place it is found at. */
const rules = [
  [/ <= /g, " < "],
  [/ >= /g, " > "],
  [/ < /g, " <= "],
  [/ > /g, " >= "],
  [/ == /g, " != "],
  [/ != /g, " == "],
  [/ && /g, " || "],
  [/ \|\| /g, " && "],
  [/ \+ /g, " - "],
  [/ - /g, " + "],
  [/ \* /g, " / "],
  [/ \/ /g, " * "],
  [/ % /g, " / "],
  [/ \+= /g, " -= "],
  [/ -= /g, " += "],
  [/ & /g, " | "],
  [/ \| /g, " & "],
  [/ << /g, " >> "],
  [/ >> /g, " << "],
  [/\+\+/g, "--"],
  [/(?<![\w!])!(?=[\w(])/g, ""],
  [/\btrue\b/g, "false"],
  [/\bfalse\b/g, "true"],
  [/(?<== |constant \w+ = )(\d[\d_]*)(?=( \w+)?;)/g, "($1 + 1)"],
  [/^(\s*)(if \(.*\) revert .*;)$/g, "$1"], // a check is left out
  [/^(\s*)(delete .*;|emit .*;|_\w+\(.*\);|\w+(\[.*\])?(\.\w+)? [-+]?= .*;)$/g, "$1"], // a step is left out
  [/\bnonReentrant\b ?/g, ""],
];

/** All changes of a source: its text with one place changed, and what that was. */
function mutants(source) {
  const lines = source.split("\n");
  const found = [];
  let on = false;
  lines.forEach((line, at) => {
    if (/^(abstract contract|contract|library) /.test(line)) on = true;
    const code = line.split("//")[0];
    if (!on || /^\s*(\/\/|\*|\/\*|import|using|event|error|struct|function .*;)/.test(line) || !code.trim()) return;
    for (const [pattern, by] of rules) {
      for (const match of code.matchAll(pattern)) {
        const changed = code.slice(0, match.index) + match[0].replace(new RegExp(pattern.source), by) + code.slice(match.index + match[0].length);
        if (changed.trimEnd() === code.trimEnd()) continue;
        const text = [...lines.slice(0, at), changed, ...lines.slice(at + 1)].join("\n");
        found.push({ text, was: code.trim(), is: changed.trim() });
      }
    }
  });
  return found;
}

/** Compiles contracts with one source changed. Null if that does not compile. */
function compile(changed, text, wanted) {
  const own = (path) => (path === `src/${changed}` ? text : readFileSync(join(here, path), "utf8"));
  const sources = Object.fromEntries(wanted.map((name) => [`src/${name}.sol`, { content: own(`src/${name}.sol`) }]));
  const outputSelection = {};
  for (const name of wanted) outputSelection[`src/${name}.sol`] = { [name]: ["evm.bytecode.object"] };
  const settings = { ...JSON.parse(readFileSync(join(here, "compiler.json"), "utf8")), outputSelection };
  if (wanted.some((name) => cancun.includes(name))) settings.evmVersion = "cancun";
  const load = (path) => ({ contents: path.startsWith("src/") ? own(path) : readFileSync(join(here, "node_modules", path), "utf8") });
  const output = JSON.parse(solc.compile(JSON.stringify({ language: "Solidity", sources, settings }), { import: load }));
  return output.errors?.some((e) => e.severity === "error") ? null : output.contracts;
}

/** The contracts that are shipped and contain the code of a file. */
function shipped(file, all) {
  const reaches = (name, seen = new Set()) => {
    if (name === file) return true;
    if (seen.has(name) || !existsSync(join(here, "src", name))) return false;
    seen.add(name);
    const text = readFileSync(join(here, "src", name), "utf8");
    return [...text.matchAll(/from "\.\/(\w+\.sol)"/g)].some(([, next]) => reaches(next, seen));
  };
  return all.filter((name) => reaches(`${name}.sol`));
}

const cancun = JSON.parse(readFileSync(join(here, "cancun.json"), "utf8"));
const all = readdirSync(join(here, "abi")).map((name) => name.replace(".json", ""));
const files = (names.length ? names : all).map((name) => `${name}.sol`);
const reasons = existsSync(join(here, "mutants.txt")) ? readFileSync(join(here, "mutants.txt"), "utf8") : "";
const work = mkdtempSync(join(tmpdir(), "sinso-mutants-"));
for (const part of ["abi", "src", "test", "foundry.toml", "gas.snapshot", "package.json", "solc-wrapper.mjs"]) {
  cpSync(join(here, part), join(work, "contracts", part), { recursive: true });
}
symlinkSync(join(here, "node_modules"), join(work, "contracts", "node_modules"));
symlinkSync(join(here, "..", "testdata"), join(work, "testdata"));

/** Whether the tests fail with these contracts. */
function killed(contracts) {
  const kept = new Map();
  for (const [path, made] of Object.entries(contracts)) {
    const [name] = Object.keys(made);
    const file = join(work, "contracts", "abi", `${name}.json`);
    const object = made[name].evm?.bytecode?.object;
    if (!object || !path.startsWith("src/")) continue;
    kept.set(file, readFileSync(file, "utf8"));
    writeFileSync(file, JSON.stringify({ ...JSON.parse(kept.get(file)), bytecode: `0x${object}` }));
  }
  // Gas is no behaviour: a cheaper contract that does the same is not worse.
  const args = ["forge", "test", "--match-path", options.tests, "--no-match-contract", "GasTest", "--fail-fast"];
  const run = spawnSync("npx", args, { cwd: join(work, "contracts"), env: { ...process.env, FOUNDRY_FUZZ_RUNS: "64", FOUNDRY_INVARIANT_RUNS: "16" }, timeout: 300_000 });
  for (const [file, text] of kept) writeFileSync(file, text);
  return run.status !== 0;
}

if (killed({})) {
  console.error("the tests fail as it is");
  process.exit(1);
}
let dead = 0;
let alive = 0;
let unlisted = 0;
let count = 0;
for (const file of files) {
  const source = readFileSync(join(here, "src", file), "utf8");
  for (const { text, was, is } of mutants(source)) {
    if (count++ % Number(options.every)) continue;
    const contracts = compile(file, text, shipped(file, all));
    if (!contracts) continue;
    if (killed(contracts)) {
      dead++;
      continue;
    }
    alive++;
    const listed = reasons.includes(`${file}: ${was} -> ${is}\n`);
    if (!listed) unlisted++;
    console.log(`${listed ? "listed  " : "SURVIVES"} ${file}: ${was} -> ${is}`);
  }
}
rmSync(work, { recursive: true });
console.log(`${dead} of ${dead + alive} changes were noticed (${((100 * dead) / (dead + alive)).toFixed(1)} %), ${unlisted} survivors have no reason in mutants.txt`);
process.exit(unlisted || dead < 0.9 * (dead + alive) ? 1 : 0);
