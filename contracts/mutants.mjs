// What mutate.mjs changes in a contract, and what is compiled of it then.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import solc from "solc";

const here = import.meta.dirname;
export const read = (...parts) => readFileSync(join(here, ...parts), "utf8");

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

/** All changes of a source: its text with one place changed, where, and what that was and is. */
export function mutants(file) {
  const lines = read("src", file).split("\n");
  const found = [];
  let on = false;
  let within = "";
  lines.forEach((line, at) => {
    if (/^(abstract contract|contract|library) /.test(line)) on = true;
    within = /^ {4}(?:function (\w+)|(constructor|modifier \w+))/.exec(line)?.slice(1).find(Boolean) ?? within;
    const code = line.split("//")[0];
    if (!on || /^\s*(\/\/|\*|\/\*|import|using|event|error|struct|function .*;)/.test(line) || !code.trim()) return;
    for (const [pattern, by] of rules) {
      for (const match of code.matchAll(pattern)) {
        const changed = code.slice(0, match.index) + match[0].replace(new RegExp(pattern.source), by) + code.slice(match.index + match[0].length);
        if (changed.trimEnd() === code.trimEnd()) continue;
        const text = [...lines.slice(0, at), changed, ...lines.slice(at + 1)].join("\n");
        found.push({ file, text, name: `${file} ${within}: ${code.trim()} -> ${changed.trim() || "(nothing)"}` });
      }
    }
  });
  return found;
}

/** How a changed contract is compiled: the first of these that compiles it, and that its tests accept unchanged. The first
 * are quicker than what is shipped; a mutant that lives is tried as it would be shipped too. */
const shippedAs = JSON.parse(read("compiler.json"));
export const manners = [
  { ...shippedAs, viaIR: false, optimizer: { enabled: true, runs: 1 } },
  { ...shippedAs, optimizer: { enabled: false, details: { yul: true, yulDetails: { stackAllocation: true, optimizerSteps: "u:" } } } },
  shippedAs,
];
const cancun = JSON.parse(read("cancun.json"));

/** The creation code of contracts, by name, with one source changed. Null if that does not compile. */
export function compile(changed, text, wanted, manner) {
  const own = (path) => (path === `src/${changed}` ? text : read(path));
  const sources = Object.fromEntries(wanted.map((name) => [`src/${name}.sol`, { content: own(`src/${name}.sol`) }]));
  const outputSelection = Object.fromEntries(wanted.map((name) => [`src/${name}.sol`, { [name]: ["evm.bytecode.object"] }]));
  const settings = { ...manner, outputSelection };
  if (wanted.some((name) => cancun.includes(name))) settings.evmVersion = "cancun";
  const load = (path) => ({ contents: path.startsWith("src/") ? own(path) : read("node_modules", path) });
  const output = JSON.parse(solc.compile(JSON.stringify({ language: "Solidity", sources, settings }), { import: load }));
  if (output.errors?.some((e) => e.severity === "error")) return null;
  return Object.fromEntries(wanted.map((name) => [name, output.contracts[`src/${name}.sol`][name].evm.bytecode.object]));
}
