// Has Slither read the sources, and wants an answer in slither.txt for each of its findings, and no answer for none. A line there is
// `check | where | answer`; where is Contract.function, Contract.variable, or * for all findings of a check.
// SLITHER is the program (PyPI: slither-analyzer); make slither installs it.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";

const here = import.meta.dirname;
const dir = mkdtempSync(join(tmpdir(), "sinso-slither-"));
process.on("exit", () => { rmSync(dir, { recursive: true }); });
// As Slither wants them: each source at its path below one folder.
symlinkSync(join(here, "src"), join(dir, "src"));
symlinkSync(join(here, "node_modules", "@openzeppelin"), join(dir, "@openzeppelin"));

const sources = {};
/** Takes in a source and all that it imports. */
function add(path) {
  if (path in sources) return;
  const content = readFileSync(join(dir, path), "utf8");
  sources[path] = { content };
  for (const [, to] of content.matchAll(/(?:from|import)\s+"([^"]+)"/g)) add(to.startsWith(".") ? posix.join(posix.dirname(path), to) : to);
}
for (const file of readdirSync(join(here, "src")).sort()) add(`src/${file}`);
const outputSelection = { "*": { "*": ["abi", "metadata", "devdoc", "userdoc", "evm.bytecode", "evm.deployedBytecode"], "": ["ast"] } };
const settings = { optimizer: { enabled: true, runs: 1 }, viaIR: true, evmVersion: "cancun", outputSelection };
writeFileSync(join(dir, "input.json"), JSON.stringify({ language: "Solidity", sources, settings }));

const args = ["input.json", "--solc", join(here, "solc-wrapper.mjs"), "--compile-force-framework", "solc-json", "--json", "found.json", "--filter-paths", "@openzeppelin"];
const ran = spawnSync(process.env.SLITHER ?? "slither", args, { cwd: dir, encoding: "utf8", maxBuffer: 1 << 28 });
if (ran.error) throw ran.error;
const { success, error, results } = JSON.parse(readFileSync(join(dir, "found.json"), "utf8"));
if (!success) throw new Error(error);

const answers = new Map(readFileSync(join(here, "slither.txt"), "utf8").split("\n").filter((line) => line && !line.startsWith("#")).map((line) => {
  const [check, where, answer] = line.split(" | ");
  if (!answer) throw new Error(`slither.txt: no answer in ${JSON.stringify(line)}`);
  return [`${check} ${where}`, false];
}));

let open = 0;
for (const { check, impact, elements, description } of results.detectors) {
  const [{ name, type_specific_fields: { parent } = {} }] = elements;
  const where = parent?.name ? `${parent.type === "function" ? parent.type_specific_fields.parent.name + "." : ""}${parent.name}${parent.type === "function" ? "" : "." + name}` : name;
  const key = [`${check} ${where}`, `${check} *`].find((one) => answers.has(one));
  if (key) answers.set(key, true);
  else {
    open++;
    process.stderr.write(`no answer: ${check} | ${where} | (${impact}) ${description}\n`);
  }
}
for (const [key, met] of answers) {
  if (met) continue;
  open++;
  process.stderr.write(`slither.txt answers what Slither no longer finds: ${key}\n`);
}
process.stdout.write(`${results.detectors.length} findings, ${open} without an answer or the other way round\n`);
process.exit(open ? 1 : 0);
