#!/usr/bin/env node
// The pinned solc-js behind the two calls that forge makes of a native solc:
// `--version`, and `--standard-json` with the sources on stdin. Settings are
// those of compiler.json, whatever forge asks for, so that what is tested is
// what build.mjs ships: forge's own evm_version is the chain the tests run on.
import { readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import solc from "solc";

/** Writes all of a text to stdout before the process ends, also into a pipe. */
function print(text) {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(1, bytes, done);
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
    }
  }
}

if (process.argv.includes("--version")) {
  print(`solc, the solidity compiler commandline interface\nVersion: ${solc.version().replace("Emscripten.clang", "Linux.g++")}\n`);
  process.exit(0);
}
const input = JSON.parse(readFileSync(0, "utf8"));
Object.assign(input.settings, JSON.parse(readFileSync(join(import.meta.dirname, "compiler.json"), "utf8")));
print(solc.compile(JSON.stringify(input)));
process.exit(0);
