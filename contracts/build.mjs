// Compiles src/*.sol by the pinned solc-js and writes, in a stable order:
//   abi/<Contract>.json   ABI and creation code of each contract, committed
//   out/combined.json     the same as abigen wants it, not committed
// It reads nothing but this folder and needs no network.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import solc from "solc";

const here = import.meta.dirname;
const contracts = ["Assets", "Exchange", "Identity", "Licences", "Requests", "Royalties", "Royalty", "Settlement"]; // what a node talks to
const read = (...parts) => readFileSync(join(here, ...parts), "utf8");

/** The standard JSON input of solc for every source in src/. */
function input() {
  const sources = {};
  for (const file of readdirSync(join(here, "src")).sort()) {
    sources[`src/${file}`] = { content: read("src", file) };
  }
  const settings = { ...JSON.parse(read("compiler.json")), outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } } };
  return JSON.stringify({ language: "Solidity", sources, settings });
}

/** Finds what a source imports: only packages that package-lock.json pins. */
function load(path) {
  try {
    return { contents: read("node_modules", path) };
  } catch {
    return { error: `${path}: not installed; run npm ci` };
  }
}

/** Writes a value as JSON that is the same on every machine. */
function write(value, ...parts) {
  writeFileSync(join(here, ...parts), `${JSON.stringify(value, null, 2)}\n`);
}

const output = JSON.parse(solc.compile(input(), { import: load }));
for (const { formattedMessage } of output.errors ?? []) process.stderr.write(formattedMessage);
if (output.errors?.length) process.exit(1); // a warning too: none is wanted

rmSync(join(here, "abi"), { recursive: true, force: true });
mkdirSync(join(here, "abi"), { recursive: true });
mkdirSync(join(here, "out"), { recursive: true });
const combined = { contracts: {}, version: solc.version() };
for (const name of contracts) {
  const { abi, evm } = output.contracts[`src/${name}.sol`][name];
  write({ contract: name, solc: solc.version(), abi, bytecode: `0x${evm.bytecode.object}` }, "abi", `${name}.json`);
  // abigen names a call's answer after the call alone, so one that all contracts have would be declared twice.
  const bound = abi.filter((item) => item.name !== "eip712Domain");
  combined.contracts[`src/${name}.sol:${name}`] = { abi: bound, bin: evm.bytecode.object };
}
write(combined, "out", "combined.json");
// solc-js keeps its WebAssembly threads alive: without this the process may never end.
process.exit(0);
