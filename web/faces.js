// What a release says of faces: figures and checks, and pictures before and after for
// who may open the original.
import { follow } from "./api.js";
import { announce, button, facts, failure, h, scrolling } from "./dom.js";
import { decimal, number, share, t, word } from "./i18n.js";

export const faces = (asset, session) => (asset.faces ?? []).map((face) => h("section", { class: "face" },
  h("h4", {}, t(face.failed ? "face.stays" : face.nothing ? "face.nothing" : "face.out")),
  face.failed && h("p", {}, word("faceFailed", face.failed)),
  face.turned && h("p", { class: "note" }, t("face.turned")),
  facts([
    [t("face.objects"), face.objects > 0 && number(face.objects)],
    [t("face.changed"), face.checks?.length > 0 && share(face.changed)],
    [t("face.mean"), face.checks?.length > 0 && t("face.mm", { n: decimal(face.meanMm) })],
  ].filter(([, value]) => value)),
  face.checks?.length > 0 && checks(face.checks),
  !face.failed && face.objects > 0 && session.role !== "operator" && pictures(asset, face)));

// In which unit each figure is told.
const units = { inside: number, vault: number, area: (n) => t("face.cm2", { n: decimal(n) }), near: share };
const told = (check, n) => (units[check] ?? ((mm) => t("face.mm", { n: decimal(mm) })))(n);

function checks(all) {
  const row = (c) => h("tr", {}, h("td", {}, word("faceCheck", c.check)), h("td", { class: "number" }, told(c.check, c.value)),
    h("td", { class: "number" }, `${c.least ? "≥" : "≤"} ${told(c.check, c.bound)}`),
    h("td", {}, h("span", { class: c.passed ? "badge T1" : "badge T4" }, t(c.passed ? "face.passed" : "face.failed"))));
  const columns = ["what", "value", "bound", "result"];
  return scrolling(t("face.checks"), h("table", {}, h("caption", {}, t("face.checks")),
    h("thead", {}, h("tr", {}, columns.map((c) => h("th", { scope: "col", class: ["value", "bound"].includes(c) && "number" }, t(`face.column.${c}`))))),
    h("tbody", {}, all.map(row))));
}

// pictures draws both when asked to: the originals are opened for it, and the log says so.
function pictures(asset, face) {
  const out = h("div");
  const show = button(t("face.show"), async () => {
    const line = h("p", { class: "loading", role: "status" }, t("face.opening")), bar = h("progress", { "aria-label": t("face.opening") });
    show.disabled = true;
    out.replaceChildren(line, bar);
    try {
      const drawn = await follow(`assets/${encodeURIComponent(asset.id)}/faces`, JSON.stringify({ series: face.series }), "application/json", ({ done, total }) => {
        Object.assign(bar, { max: total, value: done });
        line.textContent = t("face.progress", { done: number(done), total: number(total) });
      });
      out.replaceChildren(h("div", { class: "faces" }, ["before", "after"].map((side) => h("figure", {}, h("figcaption", {}, t(`face.${side}`)),
        h("img", { src: `data:image/png;base64,${drawn[side]}`, alt: t(`face.alt.${side}`) })))));
      announce(t("face.shown"));
      show.remove();
    } catch (error) {
      out.replaceChildren(failure(error));
      show.disabled = false;
    }
  });
  return h("div", {}, show, h("p", { class: "small" }, t("face.once")), out);
}
