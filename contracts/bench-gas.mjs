// Measures the gas of whole transactions anew, ours and the peers' on one chain in one run, and sets them beside the targets: a
// table on stderr, one JSON object on stdout. What is measured has to be what gas.snapshot says.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const here = import.meta.dirname;
// What (ours is the row of gas.snapshot, or several that are added up), the peer's row, the most it may cost, and by what both rows are divided.
const lines = [
  { ours: "asset: enterAsCreator, creator's next", peer: "peer: OpenZeppelin ERC721URIStorage + ERC2981 mint, creator's next", target: 55_000 },
  { ours: "asset: enterAsCreator, creator's first", peer: "peer: OpenZeppelin ERC721URIStorage + ERC2981 mint, creator's first", target: 71_063 },
  { ours: "asset: witness a root, whatever it is over", peer: "peer: ERC-721A, mint of 1,024, creator's next", target: 2_600, per: 1_024, unit: "gas an asset" },
  { ours: "asset: materialiseSingle of 1,024, creator's next", peer: "peer: ERC-721A, mint of 1, creator's next", target: 64_727 },
  { ours: "identity: enter", target: 77_893 },
  { ours: "consent: revokeAll, the first", target: 46_300 },
  // What was measured first, in the contract before this one (test/peers/Settlement.sol), and the market may cost 20 % less.
  { ours: "exchange: fill, without limit of copies", peer: "settlement: fill", target: 105_566 },
  // The first measure was 230,226, without a licence, which this mints.
  {
    what: "exchange: a whole sale: fill, deliver, release with the licence, 2 payees",
    ours: ["exchange: fill, without limit of copies", "exchange: deliver", "exchange: release, 2 payees, their next, buyer's next licence"],
    peer: ["settlement: fill", "settlement: deliver", "settlement: release, 2 payees, their next"],
    target: 184_180,
  },
  { ours: "exchange: fill, one copy", peer: "settlement: fill", target: 105_566 },
  // There the same was 200,639 for a creator's first token, which costs 17,100 more than its next.
  { ours: "exchange: enterAndFill, 2 payees, creator's next", target: 146_831 },
  // Lazy mint, sale and royalty in one transaction that the buyer pays, without escrow: no key is sold with the token.
  { ours: "exchange: enterAndBuy, 2 payees, their next, buyer's next token", target: 112_737 },
  { ours: "exchange: deliver", peer: "settlement: deliver" },
  { ours: "exchange: release, 2 payees, their next, buyer's next licence", peer: "settlement: release, 2 payees, their next" },
  { ours: "royalty: distribute, 2 payees, their next", peer: "peer: like 0xSplits, push to 2 payees, their next" },
  { ours: "fractions: fractionalise, in one transaction", target: 213_339 },
  { ours: "fraction: deposit of coin, the next, whatever the number of holders", peer: "peer: OpenZeppelin ERC-20, dividend paid to each of 100", target: 48_162 },
  { ours: "fraction: withdraw, to an account in use", target: 64_609 },
  { ours: "fraction: transfer, receiver's next", peer: "peer: OpenZeppelin ERC-20, transfer, receiver's next" },
  { ours: "staking: stake by the staker, the contract's next token", target: 108_597 },
  { ours: "staking: deposit of coin, 3 stakers", peer: "peer: OpenZeppelin ERC-20, dividend paid to each of 100", target: 50_000 },
  { ours: "company: join, by a relayer", target: 110_000 },
  { ours: "company: contribute, by a relayer, member's next", peer: "peer: OpenZeppelin ERC20Votes, mint, receiver's next", target: 120_000 },
  { ours: "company: deposit of coin, the next, whatever the number of holders", peer: "peer: OpenZeppelin ERC-20, dividend paid to each of 100", target: 50_000 },
  { ours: "company: transfer", peer: "peer: OpenZeppelin ERC20Votes, transfer" },
  { ours: "creators: buy, the issue's next, holder's next", target: 120_000 },
  { ours: "creators: honour, by a receipt, creator's next", target: 70_000 },
  { ours: "till: claim of 1,024, patient's next", target: 80_000 },
  { ours: "governor: propose, one call without data", peer: "peer: OpenZeppelin governor: propose, one call without data", target: 66_856 },
  { ours: "governor: castVote, the first for it", peer: "peer: OpenZeppelin governor: castVote, the first for it", target: 82_794 },
  { ours: "rewards: claim of 1,024, the next", peer: "peer: OpenZeppelin distributor: claim of 1,024, the next" },
];

const forge = spawnSync("forge", ["test", "--match-contract", "GasTest"], { cwd: here, encoding: "utf8" });
if (forge.error) throw forge.error;
process.stderr.write(forge.status === 0 ? "" : forge.stdout + forge.stderr);
if (forge.status !== 0) process.exit(1);

const gas = Object.fromEntries(readFileSync(join(here, "gas.snapshot"), "utf8").trim().split("\n").map((line) => {
  const at = line.lastIndexOf(" ");
  return [line.slice(0, at), Number(line.slice(at + 1))];
}));

/** The gas of a row, or of several. One that is not there ends the run: a line that measures nothing is no figure. */
function of(row) {
  if (Array.isArray(row)) return row.reduce((sum, one) => sum + of(one), 0);
  if (!(row in gas)) throw new Error(`gas.snapshot has no row ${JSON.stringify(row)}`);
  return gas[row];
}

const rows = lines.map(({ ours, what = ours, peer, target = null, per = 1, unit = "gas" }) => {
  const cost = of(ours) / per, others = peer === undefined ? null : of(peer) / per;
  const ok = target === null || cost <= target;
  return { what: peer === undefined ? what : `${what} / ${Array.isArray(peer) ? peer.join(" + ") : peer}`, ours: cost, peer: others, unit, ratio: others && others / cost, target, ok };
});
const text = (value, digits = 0) => (value === null ? "-" : value.toLocaleString("en", { maximumFractionDigits: digits }));
for (const { what, ours, peer, unit, ratio, target, ok } of rows) {
  process.stderr.write(`${ok ? "ok    " : "MISSED"} ${text(ours).padStart(9)} ${text(peer).padStart(9)} ${(ratio === null ? "" : `${text(ratio, 2)}x`).padStart(7)}  target ${text(target).padStart(7)} ${unit}  ${what}\n`);
}
process.stdout.write(`${JSON.stringify({ rows })}\n`);
