// Compiles src/*.sol by the pinned solc-js and writes, in a stable order:
//   abi/<Contract>.json   ABI, creation code and what each error means, of each contract, committed
//   out/combined.json     the same as abigen wants it, not committed
// It reads nothing but this folder and needs no network.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { once } from "node:events";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import solc from "solc";

const here = import.meta.dirname;
const contracts = ["Assets", "Auctions", "Companies", "Company", "Consent", "Creators", "Exchange", "Factory", "Fraction", "Fractions", "Governor", "Identity", "Licences", "Nest", "Panel", "Pause", "Registry", "Reputation", "Requests", "Rewards", "Royalties", "Royalty", "Staking", "Till", "Treasury", "Voice"];
const bound = ["Assets", "Identity", "Royalties", "Royalty"]; // what a node talks to by now
const read = (...parts) => readFileSync(join(here, ...parts), "utf8");

/** The standard JSON input of solc for some of the sources in src/. */
function input(files, evmVersion) {
  const sources = Object.fromEntries(files.map((file) => [`src/${file}`, { content: read("src", file) }]));
  const compiler = JSON.parse(read("compiler.json"));
  const settings = {
    ...compiler,
    evmVersion: evmVersion ?? compiler.evmVersion,
    outputSelection: { "*": { "*": ["abi", "userdoc", "evm.bytecode.object"] } },
  };
  return JSON.stringify({ language: "Solidity", sources, settings });
}

/** Finds what a source imports: our own, and only packages that package-lock.json pins. */
function load(path) {
  try {
    return { contents: path.startsWith("src/") ? read(path) : read("node_modules", path) };
  } catch {
    return { error: `${path}: not installed; run npm ci` };
  }
}

/** Writes a value as JSON that is the same on every machine. */
function write(value, ...parts) {
  writeFileSync(join(here, ...parts), `${JSON.stringify(value, null, 2)}\n`);
}

/** What each error of a contract means, by its signature: the first @notice of it. A node tells it to people. */
function notices({ errors = {} }) {
  return Object.fromEntries(Object.entries(errors).map(([signature, [{ notice }]]) => [signature, notice]));
}

/** Compiles some of the sources. A warning fails as an error does, but for those about other people's code. */
function compile(files, evmVersion) {
  const { contracts: made, errors = [] } = JSON.parse(solc.compile(input(files, evmVersion), { import: load }));
  const ours = errors.filter((e) => e.severity === "error" || !e.sourceLocation?.file.startsWith("@"));
  return { made, wrong: ours.map(({ formattedMessage }) => formattedMessage) };
}

// cancun.json names the contracts for which OpenZeppelin needs MCOPY. The rest runs on older chains too, and is compiled
// by another thread meanwhile.
const cancun = JSON.parse(read("cancun.json")).map((name) => `${name}.sol`);
const others = readdirSync(join(here, "src")).sort().filter((file) => !cancun.includes(file));
if (!isMainThread) {
  parentPort.postMessage(compile(others));
  await new Promise(() => {}); // until the main thread ends all
}
const rest = once(new Worker(new URL(import.meta.url)), "message");
const all = [compile(cancun, "cancun"), ...(await rest)];
const wrong = all.flatMap((one) => one.wrong);
if (wrong.length) {
  process.stderr.write(wrong.join(""));
  process.exit(1);
}
const made = Object.assign({}, ...all.map((one) => one.made).reverse());

rmSync(join(here, "abi"), { recursive: true, force: true });
mkdirSync(join(here, "abi"), { recursive: true });
mkdirSync(join(here, "out"), { recursive: true });
const combined = { contracts: {}, version: solc.version() };
for (const name of contracts) {
  const { abi, evm, userdoc } = made[`src/${name}.sol`][name];
  write({ contract: name, solc: solc.version(), errors: notices(userdoc), abi, bytecode: `0x${evm.bytecode.object}` }, "abi", `${name}.json`);
  if (!bound.includes(name)) continue;
  // abigen names a call's answer after the call alone, so one that all contracts have would be declared twice.
  const own = abi.filter((item) => item.name !== "eip712Domain");
  combined.contracts[`src/${name}.sol:${name}`] = { abi: own, bin: evm.bytecode.object };
}
write(combined, "out", "combined.json");
// solc-js keeps its WebAssembly threads alive: without this the process may never end.
process.exit(0);
