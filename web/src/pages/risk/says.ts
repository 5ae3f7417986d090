// What a count of people who look the same is told as.
import { t } from "../../words/words";
import { few, most } from "./scale";

type Counted = { k: number; released: number; exact: boolean };

export function inCatalogue({ k, exact }: Counted): string {
  if (exact && k <= 1) return t("risk.none");
  if (!k) return t("risk.few", { n: few });
  return exact && k < most ? t("risk.some", { n: k }) : t("risk.least", { n: k });
}

export function forSale({ released, exact }: Counted): string {
  if (exact && released <= 1) return t("risk.soldNone");
  if (!released) return t("risk.soldFew", { n: few });
  return exact && released < most ? t("risk.sold", { n: released }) : t("risk.soldLeast", { n: released });
}
