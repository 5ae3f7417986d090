// The vectors that the node's tests and these share (testdata/vectors/README.md).
import { readFileSync } from "node:fs";

export type Vector = { readonly name: string; readonly expect: string; readonly of: Readonly<Record<string, string>> };

export function vectors(file: string): Vector[] {
  const whole = readFileSync(new URL(`../../../testdata/vectors/${file}.txt`, import.meta.url), "utf8");
  const read = whole.split("\n\n").map((part) => {
    const of: Record<string, string> = {};
    for (const line of part.split("\n")) {
      const [, key, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
      if (key !== undefined && value !== undefined) of[key] = value;
    }
    return { name: of["name"] ?? "", expect: of["expect"] ?? "", of };
  }).filter((v) => v.name !== "");
  if (read.length === 0) throw new Error(`${file}: no vectors`);
  return read;
}

// value is that of a key of a vector, which must be there.
export function value(v: Vector, key: string): string {
  const found = v.of[key];
  if (found === undefined) throw new Error(`vector "${v.name}" has no ${key}`);
  return found;
}
