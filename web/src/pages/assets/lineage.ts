// Where a copy comes from and what became of it, as a graph: each node is a fact that the
// node's rows or log have, with its time and its hash where there is one.
import type { Asset, Event, Granted, Order, Study } from "../../api/types";
import { isEnded } from "./owned";

// Kind names a node, and its words: lineage.KIND.
export type Kind = "import" | "original" | "asked" | "work" | "copy" | "sealed" | "refused" | "token" | "order" | "buyer" | "paid" | "ended" | "runs";

// Node is one of them. Lane is its column, from 0; from are the places of the nodes that it
// comes from. hash is whole.
export type Node = { kind: Kind; at?: string | undefined; hash?: string | undefined; lane: 0 | 1; from: readonly number[] };

// Facts are what a graph is drawn of. events are those of the release and its order.
export type Facts = { study: Study; asset: Asset; order?: Order | undefined; grant?: Granted | undefined; events: readonly Event[] };

const none = /^(?:0x)?0*$/;
const hash = (of: string): string | undefined => (none.test(of) ? undefined : of);

export function lineage({ study, asset, order, grant, events }: Facts): Node[] {
  const when = (...codes: string[]): string | undefined => events.find((event) => codes.includes(event.code))?.at;
  const nodes: Node[] = [];
  const add = (kind: Kind, from: readonly number[], more: Partial<Node> = {}): number => nodes.push({ kind, from, lane: 0, ...more }) - 1;
  const original = add("original", [add("import", [], { at: study.imported })], { hash: hash(study.original) });
  const made = when("released");
  if (!made) {
    if (asset.author) add("asked", [original], { lane: 1, at: when("release-planned") });
    if (asset.state === "refused") add("refused", [original], { at: when("release-refused", "author-declined", "recalled") });
    return nodes;
  }
  const works = asset.split.filter((share) => share.role !== "patient").map((share) => add("work", [original], { lane: 1, at: made, hash: share.payee }));
  const sealed = add("sealed", [add("copy", [original, ...works], { at: made, hash: hash(asset.profileHash) })], { at: made, hash: hash(asset.manifest) });
  let last = sealed;
  if (hash(asset.token)) last = add("token", [last], { at: when("asset-registered"), hash: asset.token });
  if (order) last = add("order", [last], { at: when("ordered"), hash: order.hash });
  if (order && hash(order.buyer)) {
    last = add("buyer", [last], { at: grant?.since ?? when("key-granted"), hash: order.buyer });
    if (order.payouts.length > 0) add("paid", [last], { lane: 1, at: when("settled"), hash: hash(order.tx) });
    if (!isEnded(order)) add("runs", [last]);
  }
  const end = when("revoked", "recalled", "release-refused");
  if (end && (order?.revoked || asset.state === "refused")) add("ended", [last], { at: end });
  return nodes;
}
