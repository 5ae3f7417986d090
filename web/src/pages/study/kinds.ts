// What an event of the log is about: its colour on the way, and its sign.

// Kind is where a step takes place: at home, in a copy, on the chain, in a trade; or it
// ends something.
export type Kind = "home" | "copy" | "chain" | "trade" | "end";

// Signs are SVG paths in a box of 24.
const signs = {
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM5 20c.8-3.6 3.4-5.5 7-5.5s6.2 1.9 7 5.5",
  seal: "M6.5 11h11v8.5h-11zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  in: "M12 4v10M8 10.5l4 4 4-4M5 19.5h14",
  plan: "M6 4.5h12v15H6zM9 9h6M9 12.5h6M9 16h3",
  veil: "M4 12s3-5 8-5c1 0 2 .2 2.8.5M20 12s-3 5-8 5c-1 0-2-.2-2.8-.5M5 19 19 5",
  look: "M4 12s3-5.5 8-5.5 8 5.5 8 5.5-3 5.5-8 5.5-8-5.5-8-5.5zM12 10a2 2 0 1 1 0 4 2 2 0 0 1 0-4z",
  token: "M12 3.5l7.4 4.25v8.5L12 20.5l-7.4-4.25v-8.5zM12 8.5v7M9 12h6",
  tag: "M4.5 5h7l8 8-6.5 6.5-8.5-8.5zM8.5 9h.01",
  key: "M8 15.5a3.5 3.5 0 1 1 0-7 3.5 3.5 0 0 1 0 7zM11.5 12H20v3M16.5 12v2.5",
  money: "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM14.5 9.5c-.5-1-1.4-1.5-2.5-1.5-1.5 0-2.6.8-2.6 2s1.1 1.7 2.6 2 2.6.8 2.6 2-1.1 2-2.6 2c-1.1 0-2-.5-2.5-1.5",
  stop: "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM6.5 6.5l11 11",
  gone: "M6 6l12 12M18 6 6 18",
  back: "M9 6 5 10l4 4M5 10h9a5 5 0 0 1 0 10h-3",
  dot: "M12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6z",
} as const;

const steps = new Map<string, readonly [Kind, keyof typeof signs]>([
  ["person-created", ["home", "person"]],
  ["instance-sealed", ["home", "seal"]],
  ["quarantined", ["end", "stop"]],
  ["imported", ["home", "in"]],
  ["opened", ["home", "look"]],
  ["moved", ["home", "back"]],
  ["merged", ["home", "person"]],
  ["restored", ["home", "back"]],
  ["rejected", ["end", "gone"]],
  ["erased", ["end", "gone"]],
  ["erasure-done", ["end", "gone"]],
  ["erasure-asked", ["end", "stop"]],
  ["erasure-refused", ["home", "stop"]],
  ["held", ["home", "key"]],
  ["hold-ended", ["home", "key"]],
  ["release-planned", ["copy", "plan"]],
  ["author-accepted", ["copy", "person"]],
  ["author-declined", ["end", "stop"]],
  ["release-called-off", ["end", "back"]],
  ["released", ["copy", "veil"]],
  ["release-refused", ["end", "stop"]],
  ["release-priced", ["copy", "tag"]],
  ["review-decided", ["copy", "look"]],
  ["recalled", ["end", "back"]],
  ["identity-registered", ["chain", "person"]],
  ["asset-registered", ["chain", "token"]],
  ["ordered", ["chain", "tag"]],
  ["key-granted", ["trade", "key"]],
  ["settled", ["trade", "money"]],
  ["act-begun", ["chain", "plan"]],
  ["acted", ["chain", "token"]],
  ["purchased", ["trade", "money"]],
  ["revoked", ["end", "stop"]],
  ["key-refused", ["end", "gone"]],
]);

// lookOf returns how a step looks; one that is newer than this page is a dot.
export function lookOf(code: string): { kind: Kind; sign: string } {
  const [kind, sign] = steps.get(code) ?? ["home", "dot"];
  return { kind, sign: signs[sign] };
}
