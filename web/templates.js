// Where devices write into their pictures, as people of the institution drew it.
import { list, post, remove, text } from "./api.js";
import { announce, button, confirm, facts, failure, fill, h } from "./dom.js";
import { svg } from "./draw.js";
import { number, t, time, word } from "./i18n.js";

const most = 1 << 20; // bytes of a file of templates

export function templates() {
  const place = h("div"), out = h("div");
  const reload = () => fill(place, async () => {
    const items = await list("templates");
    return items.length ? h("ul", { class: "cards" }, items.map((item) => card(item, reload))) : h("p", { class: "empty" }, t("template.none"));
  });
  const file = h("input", { type: "file", id: "templates-file", class: "unseen", accept: ".toml", tabindex: "-1" });
  const take = async () => {
    const [chosen] = file.files;
    file.value = "";
    if (!chosen) return;
    await fill(out, async () => {
      if (chosen.size > most) return h("p", { class: "failure", role: "alert" }, t("template.tooLong"));
      const { items } = await post("templates/import", { file: await chosen.text() });
      announce(t("template.taken", { n: number(items.length) }));
      reload();
      return h("p", { class: "success" }, t("template.taken", { n: number(items.length) }));
    });
  };
  file.addEventListener("change", take);
  reload();
  return h("div", {}, h("a", { href: "#/" }, `← ${t("studies.title")}`), h("h1", {}, t("template.title")), h("p", {}, t("template.what")),
    h("div", { class: "tools" }, button(t("template.export"), () => fill(out, async () => save("templates/export"))),
      button(t("template.import"), () => file.click()), h("label", { for: "templates-file", class: "unseen" }, t("template.import")), file),
    h("p", { class: "small" }, t("template.share")), out, place);
}

// save hands a file of the node to the browser.
async function save(path) {
  const url = URL.createObjectURL(new Blob([await text(path)], { type: "application/toml" }));
  h("a", { href: url, download: "templates.toml" }).click();
  URL.revokeObjectURL(url);
  announce(t("template.exported"));
  return [];
}

// shape draws the boxes of a template in its picture.
function shape({ rows, columns, boxes }) {
  return svg("svg", { class: "template", viewBox: `0 0 ${columns} ${rows}`, role: "img", "aria-label": t("template.drawing", { n: number(boxes.length) }) },
    svg("rect", { class: "page", width: columns, height: rows }), boxes.map(([x0, y0, x1, y1]) => svg("rect", { x: x0, y: y0, width: x1 - x0, height: y1 - y0 })));
}

function card(item, reload) {
  const wrong = h("div");
  const drop = async () => {
    if (!await confirm(t("template.ask"), [t("template.askNext"), t("template.askReview")], t("template.remove"))) return;
    try {
      await remove(`templates/${encodeURIComponent(item.id)}`);
      announce(t("template.removed"));
      reload();
    } catch (error) {
      wrong.replaceChildren(failure(error));
    }
  };
  return h("li", { class: "card" }, shape(item), h("div", {}, h("h2", {}, item.manufacturer),
    facts([
      [t("template.model"), item.model || t("template.each")],
      [t("template.modality"), item.modality ? word("modality", item.modality) : t("template.each")],
      [t("review.size"), `${number(item.columns)} × ${number(item.rows)}`],
      [t("template.boxes"), number(item.boxes.length)],
      [t("template.added"), `${time(item.added)} · ${item.by}`],
    ]),
    h("div", { class: "tools" }, button(t("template.exportOne"), async () => {
      try {
        await save(`templates/export?template=${encodeURIComponent(item.id)}`);
      } catch (error) {
        wrong.replaceChildren(failure(error));
      }
    }), button(t("template.remove"), drop, "danger")), wrong));
}

// forDevice offers to make boxes that were drawn in an item of the review a template of its
// device.
export function forDevice(item, boxes, reload) {
  const wrong = h("div");
  const make = button(t("template.draw"), async () => {
    if (!await confirm(t("template.drawAsk"), [t("template.drawDoes", { device: item.device }), t("template.drawEach"), t("template.drawStays")], t("template.draw"))) return;
    try {
      await post("templates", { review: item.id, boxes: boxes.map((b) => [b.x0, b.y0, b.x1, b.y1]) });
      announce(t("template.drawn"));
      reload();
    } catch (error) {
      wrong.replaceChildren(failure(error));
    }
  });
  return { make, node: h("div", {}, h("div", { class: "tools" }, make, h("a", { href: "#/templates" }, t("template.all"))), wrong) };
}
