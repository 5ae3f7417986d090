// Which studies are looked for, and in which order they stand.
import type { Study } from "../../api/types";

export const orders = ["imported", "newest", "oldest", "name"] as const;
export type Order = (typeof orders)[number];

// Wanted is what is looked for: words that a study is described with, each anywhere in it;
// and a modality, "" for any.
export type Wanted = { words: string; modality: string; order: Order };

export const anything: Wanted = { words: "", modality: "", order: "imported" };

// modalitiesOf are those that studies have, sorted.
export const modalitiesOf = (all: readonly Study[]): string[] => [...new Set(all.flatMap((study) => study.modalities ?? []))].sort();

// found are the studies that are wanted, in order; says is the text that words are looked
// for in, as the page shows it. One without a date stands last.
export function found(all: readonly Study[], { words, modality, order }: Wanted, says: (study: Study) => string): Study[] {
  const each = words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const fit = all.filter((study) => {
    if (modality !== "" && !(study.modalities ?? []).includes(modality)) return false;
    const text = says(study).toLocaleLowerCase();
    return each.every((word) => text.includes(word));
  });
  const dated = (sign: number) => (a: Study, b: Study): number => {
    if (!a.date || !b.date) return Number(!a.date) - Number(!b.date);
    return a.date < b.date ? -sign : a.date > b.date ? sign : 0;
  };
  switch (order) {
    case "imported": return fit; // as the node lists them
    case "newest": return fit.sort(dated(-1));
    case "oldest": return fit.sort(dated(1));
    case "name": return fit.sort((a, b) => (a.description ?? "").localeCompare(b.description ?? ""));
  }
}
