import type { ImportResult } from "../../api/types";
import { t } from "../../words/words";

const counts = ["files", "instances", "duplicates", "conflicts", "quarantined", "skipped"] as const;

// outcome says what became of files: how many there were, and of each other kind if any.
export const outcome = (result: ImportResult): string[] =>
  counts.filter((name) => name === "files" || result[name] > 0).map((name) => t(`upload.count.${name}`, { n: result[name] }));
