// The queue of the review, and the estimate of the leak rate.
import { get } from "./api.js";
import { button, fill, h, panel, scrolling } from "./dom.js";
import { number, share, t, time, word } from "./i18n.js";
import { svg } from "./draw.js";

const states = ["open", "approved", "redacted", "refused", "leaking", "sound"];

export const why = (item) => item.sample ? t(item.blanked ? "review.sampleBlanked" : "review.sample")
  : item.reasons.map(({ reason }) => word("reason", reason)).join(t("review.semicolon"));

// reviews is the queue: one state of it, page by page.
export function reviews(session) {
  const place = h("div"), state = h("select", { id: "review-state", onchange: () => show() },
    states.map((s) => h("option", { value: s }, word("reviewState", s))));
  const show = () => fill(place, async () => {
    const body = h("tbody");
    const more = async (after) => {
      const { items, next } = await get(`reviews?state=${state.value}&limit=50${after ? `&after=${encodeURIComponent(after)}` : ""}`);
      body.append(...items.map(row));
      rest.replaceChildren(next ? button(t("review.more"), () => fill(rest, async () => { await more(next); return [...rest.childNodes]; })) : "");
      return items.length;
    };
    const rest = h("div"), columns = ["item", "why", "device", "since"];
    if (!await more("")) return h("p", { class: "empty" }, t(state.value === "open" ? "review.none" : "review.noneSo"));
    return [scrolling(t("review.queue"), h("table", {},
      h("thead", {}, h("tr", {}, columns.map((c) => h("th", { scope: "col" }, t(`review.column.${c}`))))), body)), rest];
  });
  show();
  return h("div", {}, h("a", { href: "#/" }, `← ${t("studies.title")}`),
    h("div", { class: "row" }, h("h1", {}, t("review.title")),
      session.role === "clinician" && h("a", { href: "#/reviews/estimate" }, t("estimate.title"))),
    h("p", {}, t("review.what")),
    h("div", { class: "tools" }, h("label", { for: "review-state" }, t("review.state")), state), place);
}

const row = (item) => h("tr", {},
  h("td", {}, h("a", { href: `#/review/${encodeURIComponent(item.id)}` }, t(item.sample ? "review.openSample" : "review.openItem"), ` ${item.id.slice(2, 8)}`)),
  h("td", {}, why(item)), h("td", {}, item.device), h("td", {}, time(item.created)));

// estimate shows how often a copy still identifies somebody, as far as people looked.
export function estimate() {
  return h("div", {}, h("a", { href: "#/reviews" }, `← ${t("review.title")}`), h("h1", {}, t("estimate.title")), h("p", {}, t("estimate.what")),
    panel(t("estimate.overall"), async () => {
      const found = await get("reviews/estimate");
      const rows = [{ device: t("estimate.all"), ...found.overall }, ...found.rows];
      return [summary(found), found.rows.length > 0 && scrolling(t("estimate.plot"), plot(rows)), found.rows.length > 0 && table(rows)].filter(Boolean);
    }));
}

function summary({ confidence, overall }) {
  if (!overall.examined) return h("p", { class: "empty" }, t("estimate.none", { made: number(overall.made), chosen: number(overall.chosen) }));
  return h("p", {}, t("estimate.says", { leaks: number(overall.leaks), examined: number(overall.examined), made: number(overall.made),
    rate: share(overall.rate), low: share(overall.low), high: share(overall.high), confidence: share(confidence) }));
}

const planOf = ({ plan }) => plan ? t("estimate.plan", { examine: number(plan.examine), of: number(plan.of) }) : "";

function table(rows) {
  const columns = ["made", "examined", "leaks", "rate", "interval"];
  return scrolling(t("estimate.overall"), h("table", {},
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("estimate.device")), columns.map((c) => h("th", { scope: "col", class: "number" }, t(`estimate.${c}`))))),
    h("tbody", {}, rows.map((r) => h("tr", {}, h("td", {}, r.device, h("p", { class: "small" }, planOf(r))),
      [number(r.made), number(r.examined), number(r.leaks), r.examined ? share(r.rate) : "–", `${share(r.low)} – ${share(r.high)}`].map((text) => h("td", { class: "number" }, text)))))));
}

// plot draws each rate as a point on the line of its interval.
function plot(rows) {
  const wide = 640, left = 210, line = 30, shown = rows.slice(0, 25);
  const highest = Math.max(...shown.filter((r) => r.examined).map((r) => r.high), 0);
  const most = [.01, .02, .04, .1, .2, .4].find((end) => end >= highest) ?? 1;
  const x = (rate) => left + (wide - left - 20) * Math.min(rate, most) / most;
  const bottom = shown.length * line + 10;
  const ticks = [0, .25, .5, .75, 1].map((part) => part * most);
  return svg("svg", { class: "plot", viewBox: `0 0 ${wide} ${bottom + 26}`, role: "img", "aria-label": t("estimate.plot") },
    ticks.map((v) => [svg("line", { class: "grid", x1: x(v), x2: x(v), y1: 6, y2: bottom }),
      svg("text", { x: x(v), y: bottom + 18, "text-anchor": "middle" }, share(v))]),
    shown.map((r, i) => {
      const y = 10 + line * (i + .5), name = r.device.length > 30 ? `${r.device.slice(0, 29)}…` : r.device;
      return [svg("text", { x: 0, y: y + 4 }, name),
        r.examined > 0 && svg("line", { class: "interval", x1: x(r.low), x2: x(r.high), y1: y, y2: y }),
        r.examined > 0 ? svg("circle", { cx: x(r.rate), cy: y, r: 5 }) : svg("text", { class: "quiet", x: left + 6, y: y + 4 }, t("estimate.unknown"))];
    }));
}
