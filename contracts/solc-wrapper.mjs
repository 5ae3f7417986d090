#!/usr/bin/env node
// The pinned solc-js behind the two calls that forge makes of a native solc:
// `--version`, and `--standard-json` with the sources on stdin. It compiles the
// tests; what they test is what build.mjs ships.
import { readFileSync, writeSync } from "node:fs";
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
print(solc.compile(readFileSync(0, "utf8")));
process.exit(0);
