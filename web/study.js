// One study: its picture, its series, its way step by step, its releases.
import { get, list } from "./api.js";
import { facts, fill, h, id as shortId, panel, reasons, said, scrolling, tier } from "./dom.js";
import { bytes, date, number, t, time, word } from "./i18n.js";
import { forecast, offerForm, releases } from "./release.js";
import { copies, modalities, name } from "./studies.js";
import { thumbnail } from "./thumbnail.js";

export function study(id, session) {
  const place = h("div"), title = h("h1", {}, t("study.one"));
  const reload = () => fill(place, async () => {
    const found = await get(`studies/${encodeURIComponent(id)}`);
    const of = `?person=${encodeURIComponent(found.person)}`;
    const assets = list(`assets${of}`).then((all) => all.filter((asset) => asset.study === id));
    const back = session.role === "owner" ? (await list(`returned${of}`)).filter((copy) => copy.study === id) : [];
    title.textContent = name(found);
    return [
      copies(found) || "",
      back.length > 0 ? h("p", { class: "note" }, t("study.returned", { n: number(back.length), time: time(back.at(-1).at) })) : "",
      h("div", { class: "columns" },
        h("div", {}, h("section", { class: "panel" }, thumbnail(id, 512), about(found)), panel(t("series.title"), () => series(found))),
        ["owner", "auditor"].includes(session.role) ? panel(t("way.title"), () => way(id, assets)) : ""), // others may not follow it
      panel(t("releases.title"), () => releases(assets, of, session, reload)),
      session.role === "owner" ? panel(t("offer.title"), () => offerForm(found, reload)) : "",
      session.role === "clinician" ? panel(t("risk.title"), async () => [h("p", {}, t("risk.what")), await forecast(id)]) : "",
    ];
  });
  reload();
  return h("div", {}, h("a", { href: "#/" }, `← ${t("studies.title")}`), title, place);
}

const about = (study) => facts([
  [t("study.date"), date(study.date)],
  [t("study.modality"), modalities(study)],
  [t("study.images"), number(study.instances)],
  [t("study.size"), bytes(study.bytes)],
  [t("study.tier"), h("span", {}, tier(study.tier), word("tier", study.tier))],
  [t("study.origin"), word("origin", study.origin)],
  [t("study.imported"), time(study.imported)],
  [t("study.id"), shortId(study.id, t("study.id"))],
  [t("study.original"), study.original && shortId(study.original, t("study.original"))],
]);

function series({ seriesList = [] }) {
  const columns = ["modality", "bodyPart", "description", "instances"];
  return scrolling(t("series.title"), h("table", {},
    h("thead", {}, h("tr", {}, columns.map((c) => h("th", { scope: "col" }, t(`series.${c}`))))),
    h("tbody", {}, seriesList.map((s) => h("tr", {}, columns.map((c) => h("td", {}, String(s[c] ?? "–"))))))));
}

async function way(id, assets) {
  const [events, made] = await Promise.all([list(`studies/${encodeURIComponent(id)}/way`), assets]);
  if (!events.length) return h("p", { class: "empty" }, t("way.none"));
  // An event does not name its release: with one release there is no doubt whose reasons are meant.
  const ended = made.filter((asset) => asset.state !== "planned");
  const withheld = ended.length === 1 ? ended[0].withheld ?? {} : {};
  const step = (event) => {
    const code = event.code ?? event.type;
    const held = ["released", "release-refused"].includes(code) && Object.keys(withheld).length > 0;
    return h("li", { class: code }, h("h3", {}, word("event", code), event.count > 1 && ` × ${number(event.count)}`),
      h("p", { class: "small" }, h("time", { datetime: event.at }, time(event.at)), ` · ${t("way.entry", { seq: event.seq })}`),
      h("p", {}, word("means", code)), held && h("div", {}, h("p", {}, t("release.withheld")), reasons(withheld)), said(event.says));
  };
  return h("ol", { class: "timeline" }, events.map(step));
}
