import type { ReviewItem } from "../../api/types";
import { t, word } from "../../words/words";

// why says why an item waits to be looked at.
export function why(item: Pick<ReviewItem, "sample" | "blanked" | "reasons">): string {
  if (item.sample) return t(item.blanked ? "review.sampleBlanked" : "review.sample");
  return item.reasons.map(({ reason }) => word("reason", reason)).join(t("review.semicolon"));
}
