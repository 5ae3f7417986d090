import type { UploadOutcome } from "../../api/types";
import { t } from "../../words/words";

const counts = ["files", "instances", "duplicates", "conflicts", "quarantined", "skipped"] as const;

// outcome says what became of files: how many there were, of each other kind if any, and in
// how many studies they are. Of those that the node does not list, one may count twice.
export function outcome(result: UploadOutcome): string[] {
  const n = result.studies.length + result.moreStudies;
  const studies = result.moreStudies > 0 ? t("upload.count.studiesAtMost", { n }) : t("upload.count.studies", { n });
  return [
    ...counts.filter((name) => name === "files" || result[name] > 0).map((name) => t(`upload.count.${name}`, { n: result[name] })),
    ...(n > 0 ? [studies] : []),
  ];
}
