// Compiles the ERC-20 token of the chain's tests, internal/chain/chaintest/testdata/Token.sol, by the pinned solc-js and the
// settings of compiler.json, and writes its creation code beside it, in hex. It imports nothing and needs no network.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import solc from "solc";

const here = import.meta.dirname;
const testdata = join(here, "..", "internal", "chain", "chaintest", "testdata");

const settings = {
  ...JSON.parse(readFileSync(join(here, "compiler.json"), "utf8")),
  outputSelection: { "*": { "*": ["evm.bytecode.object"] } },
};
const sources = { "Token.sol": { content: readFileSync(join(testdata, "Token.sol"), "utf8") } };
const { contracts, errors = [] } = JSON.parse(solc.compile(JSON.stringify({ language: "Solidity", sources, settings })));
if (errors.length) {
  process.stderr.write(errors.map(({ formattedMessage }) => formattedMessage).join(""));
  process.exit(1);
}
writeFileSync(join(testdata, "Token.hex"), `${contracts["Token.sol"].Token.evm.bytecode.object}\n`);
process.exit(0); // solc-js keeps its WebAssembly threads alive
