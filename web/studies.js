// The list of studies, as cards.
import { list } from "./api.js";
import { button, fill, h, tier } from "./dom.js";
import { bytes, date, number, t, time, word } from "./i18n.js";
import { thumbnail } from "./thumbnail.js";
import { upload } from "./upload.js";

export function studies(session) {
  const place = h("div");
  const reload = () => fill(place, async () => {
    const items = await list("studies");
    return items.length ? h("ul", { class: "cards" }, items.map(card)) : h("p", { class: "empty" }, t("studies.none"));
  });
  reload();
  return h("div", {}, h("div", { class: "row" }, h("h1", {}, t("studies.title")),
    session.role !== "operator" && h("a", { href: "#/reviews" }, t("review.title")), session.role !== "owner" && h("a", { href: "#/templates" }, t("template.title")), button(t("studies.reload"), reload)),
    session.role !== "clinician" && upload(session, reload), place);
}

export const name = (study) => study.description || t("study.unnamed");

export const modalities = (study) => (study.modalities ?? []).map((code) => {
  const words = word("modality", code);
  return words === code ? code : `${words} (${code})`;
}).join(", ");

// copies warns of de-identified copies: nobody is to be treated by them.
export const copies = (study) => study.deidentified > 0 && h("p", { class: "note" }, h("strong", {}, study.deidentified < study.instances
  ? t("study.copies.some", { n: number(study.deidentified), all: number(study.instances) }) : t("study.copies.all")), " ", t("study.copies.warn"));

function card(study) {
  return h("li", { class: "card" }, thumbnail(study.id, 256),
    h("div", {},
      h("h2", {}, h("a", { href: `#/study/${encodeURIComponent(study.id)}` }, name(study))),
      h("p", {}, [date(study.date), modalities(study)].filter(Boolean).join(" · ")),
      h("p", { class: "small" }, [t("studies.images", { n: number(study.instances) }), bytes(study.bytes),
        study.releases > 0 && t("studies.releases", { n: number(study.releases) })].filter(Boolean).join(" · ")),
      h("p", { class: "small" }, tier(study.tier), word("tier", study.tier)),
      copies(study),
      h("p", { class: "small" }, t("studies.origin", { origin: word("origin", study.origin) })),
      h("p", { class: "small" }, t("studies.imported", { time: time(study.imported) }))));
}
