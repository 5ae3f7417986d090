// How far a copy can be told from others: who looks the same by what it shows.
import { h, scrolling } from "./dom.js";
import { number, t, word } from "./i18n.js";
import { svg } from "./draw.js";

const few = 5; // whoever is not told exactly is told no count below it
const steps = [1, few, 11, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000];
const most = steps.at(-1); // counting ends there
const traits = (names) => names.map((name) => word("trait", name)).join(t("risk.comma"));

// risk tells one in sentences, with a plot; what lies behind it is folded away.
export function risk(found) {
  return h("div", { class: found.enough ? "risk" : "risk low" },
    h("p", {}, h("strong", {}, inCatalogue(found))), scrolling(t("risk.plot"), plot(found)), h("p", {}, forSale(found)),
    found.persons < 11 && h("p", { class: "small" }, t("risk.small")),
    !found.enough && h("p", { class: "failure" }, h("strong", {}, t("risk.below")), " ", found.least > 0 && t("risk.asks", { n: number(found.least) }), " ",
      found.leastReleased > 0 && t("risk.asksSold", { n: number(found.leastReleased) })),
    found.flags.length > 0 && h("ul", { class: "reasons" }, found.flags.map(({ flag }) => h("li", {}, word("flag", flag)))),
    h("details", {}, h("summary", {}, t("risk.more")),
      h("p", { class: "small" }, t("risk.shown", { what: traits(found.shown) || "–" })),
      found.unknown.length > 0 && h("p", { class: "small" }, t("risk.unknown", { what: traits(found.unknown) })),
      found.advice.map(({ hide, k }) => h("p", { class: "small" }, found.exact ? t("risk.advice", { what: traits(hide), n: number(k) }) : t("risk.adviceLeast", { what: traits(hide), n: number(k) }))),
      h("p", { class: "small" }, found.exact ? t("risk.exact") : t("risk.steps"))));
}

function inCatalogue({ k, exact }) {
  if (exact && k <= 1) return t("risk.none");
  if (!k) return t("risk.few", { n: number(few) });
  return exact && k < most ? t("risk.some", { n: number(k) }) : t("risk.least", { n: number(k) });
}

function forSale({ released, exact }) {
  if (exact && released <= 1) return t("risk.soldNone");
  if (!released) return t("risk.soldFew", { n: number(few) });
  return exact && released < most ? t("risk.sold", { n: number(released) }) : t("risk.soldLeast", { n: number(released) });
}

// plot draws both counts on a scale of powers of ten: a point, or the line on which it
// lies if it is told in steps, and what the node asks for.
function plot(found) {
  const wide = 640, left = 190, right = 25, line = 30, bottom = 2 * line + 10;
  const x = (n) => left + (wide - left - right) * Math.log10(Math.max(1, n)) / Math.log10(most);
  const row = (name, n, least, i) => {
    const y = 10 + line * (i + .5), from = Math.max(1, n), to = (steps.find((step) => step > from) ?? most + 1) - 1;
    return [svg("text", { x: 0, y: y + 4 }, name),
      least > 0 && svg("line", { class: "asked", x1: x(least), x2: x(least), y1: y - 12, y2: y + 12 }),
      !found.exact && to > from && svg("line", { class: "interval", x1: x(from), x2: x(to), y1: y, y2: y }),
      (found.exact || to <= from) && svg("circle", { cx: x(from), cy: y, r: 5 })];
  };
  return svg("svg", { class: "plot", viewBox: `0 0 ${wide} ${bottom + 26}`, role: "img", "aria-label": t("risk.plot") },
    [1, 10, 100, 1000, 10000].map((n) => [svg("line", { class: "grid", x1: x(n), x2: x(n), y1: 6, y2: bottom }),
      svg("text", { x: x(n), y: bottom + 18, "text-anchor": "middle" }, number(n))]),
    row(t("risk.catalogue"), found.k, found.least, 0), row(t("risk.forSale"), found.released, found.leastReleased, 1));
}
