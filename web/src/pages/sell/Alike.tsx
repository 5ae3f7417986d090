import type { RiskReport } from "../../api/types";
import { number, t, word } from "../../words/words";

const few = 5; // whoever is not told exactly is told no count below it
const most = 10_000; // counting ends there

// Alike says how many people look the same by what a copy would show.
export function Alike({ of: found }: { of: RiskReport }) {
  const traits = found.shown.map((name) => word("trait", name)).join(t("risk.comma"));
  return (
    <div className="stack">
      <p><strong>{inCatalogue(found)}</strong> {forSale(found)}</p>
      {found.persons < 11 && <p className="small">{t("risk.small")}</p>}
      {!found.enough && (
        <p className="failure">
          <strong>{t("risk.below")}</strong> {found.least > 0 && t("risk.asks", { n: number(found.least) })} {found.leastReleased > 0 && t("risk.asksSold", { n: number(found.leastReleased) })}
        </p>
      )}
      {found.flags.length > 0 && <ul className="reasons">{found.flags.map(({ flag }) => <li key={flag}>{word("flag", flag)}</li>)}</ul>}
      <p className="small">{t("risk.shown", { what: traits || "–" })} {t(found.exact ? "risk.exact" : "risk.steps")}</p>
    </div>
  );
}

function inCatalogue({ k, exact }: RiskReport): string {
  if (exact && k <= 1) return t("risk.none");
  if (!k) return t("risk.few", { n: number(few) });
  return t(exact && k < most ? "risk.some" : "risk.least", { n: number(k) });
}

function forSale({ released, exact }: RiskReport): string {
  if (exact && released <= 1) return t("risk.soldNone");
  if (!released) return t("risk.soldFew", { n: number(few) });
  return t(exact && released < most ? "risk.sold" : "risk.soldLeast", { n: number(released) });
}
