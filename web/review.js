// One item of the review: before and after, what became of each element, and the
// decision.
import { get, post } from "./api.js";
import { announce, button, confirm, facts, failure, fill, h, panel, said, scrolling } from "./dom.js";
import { marksOf, picture } from "./draw.js";
import { number, t, time, word } from "./i18n.js";
import { why } from "./reviews.js";
import { forDevice } from "./templates.js";

const final = ["refused", "leaking"];

export function review(id, session) {
  const place = h("div");
  const reload = () => fill(place, async () => {
    const item = await get(`reviews/${encodeURIComponent(id)}`);
    return [viewer(item, session, reload), h("div", { class: "columns" },
      h("section", { class: "panel" }, h("h2", {}, t("review.about")), about(item)),
      h("section", { class: "panel" }, h("h2", {}, t("review.said")), opinions(item))),
    panel(t("review.elements"), async () => elements(item.elements))];
  });
  reload();
  return h("div", {}, h("a", { href: "#/reviews" }, `← ${t("review.title")}`), h("h1", {}, t("review.one")), place);
}

// viewer shows both pictures, takes boxes and the decision.
function viewer(item, session, reload) {
  const drawn = [], boxes = h("ul", { class: "boxes" }), wrong = h("div"), open = !final.includes(item.state), frames = Math.max(1, item.frames);
  const device = forDevice(item, drawn, reload);
  const at = h("input", { type: "range", id: "frame", min: 0, max: frames - 1, value: Math.floor(frames / 2) });
  const every = h("input", { type: "checkbox", id: "every", checked: true });
  const frame = () => Number(at.value), where = h("output", { for: "frame" });
  const onBox = (b) => {
    drawn.push({ frame: frames === 1 || every.checked ? -1 : frame(), ...b });
    announce(t("review.drawn", { n: number(drawn.length) }));
    list();
  };
  const before = picture(item, "before", frame, drawn, open && onBox), after = picture(item, "after", frame, drawn);
  const list = () => {
    before.show();
    after.show();
    boxes.replaceChildren(...drawn.map((b, i) => h("li", {}, `${b.x0}, ${b.y0} – ${b.x1}, ${b.y1} · `,
      b.frame < 0 ? t("review.everyFrame") : t("review.frameIs", { n: number(b.frame + 1), of: number(frames) }), " ",
      button(t("review.drop"), () => { drawn.splice(i, 1); list(); }, "copy"))));
    device.make.disabled = drawn.length === 0;
    plain.disabled = drawn.length > 0; // else the boxes would be lost without a word
    redacts.forEach((b) => { b.disabled = drawn.length === 0 && !(item.said.some((s) => s.boxes?.length)); });
  };
  const move = () => {
    where.textContent = t("review.frameIs", { n: number(frame() + 1), of: number(frames) });
    before.load();
    after.load();
  };
  at.addEventListener("change", move);
  const decide = (decision, ends) => async () => {
    if (ends && !await confirm(t(`review.ask.${decision}`), [t(`review.means.${decision}`), t("review.final")], word("decide", decision))) return;
    try {
      await post(`reviews/${encodeURIComponent(item.id)}/decisions`, { decision, boxes: ["redact", "leak"].includes(decision) ? drawn : [], seen: item.updated });
      announce(t("review.done"));
      reload();
    } catch (error) {
      wrong.replaceChildren(failure(error));
    }
  };
  const action = (decision, kind, ends) => button(word("decide", decision), decide(decision, ends), kind);
  const redact = action("redact", ""), redacts = item.sample ? [] : [redact];
  const plain = action(item.sample ? "no-leak" : "approve", "primary"); // takes no boxes
  const actions = item.sample ? [plain, action("leak", "danger", true)] : [plain, redact, action("refuse", "danger", true)];
  const light = h("input", { type: "range", id: "light", min: 1, max: 12, step: .5, value: 1 });
  light.addEventListener("input", () => [before, after].forEach((side) => side.brighten(Number(light.value))));
  where.textContent = t("review.frameIs", { n: number(frame() + 1), of: number(frames) });
  list();
  return h("section", { class: "panel" }, h("p", {}, h("span", { class: "chip" }, word("reviewState", item.state)), ` ${why(item)}`),
    said(item.reasons.map((r) => r.says).join("; ")),
    item.held.length > 0 && h("p", { class: "note" }, t("review.held"), " ", item.held.map(({ reason }) => word("reason", reason)).join(t("review.semicolon"))),
    h("div", { class: "tools" }, frames > 1 && [h("label", { for: "frame" }, t("review.frame")), at, where],
      h("label", { for: "light" }, t("review.light")), light),
    h("div", { class: "pictures" }, before.node, after.node), legend(item),
    item.sample && h("p", { class: item.stored ? "small" : "note" }, t(item.stored ? "review.stored" : "review.anew")),
    open && item.columns > 0 && h("p", { class: "small", id: "draw-help" }, t("review.help")),
    open && frames > 1 && h("div", { class: "tools" }, every, h("label", { for: "every" }, t("review.every"))),
    open && !item.sample && item.persons > 1 && h("p", { class: "note" }, t("review.persons", { n: number(item.persons) })),
    boxes, open && session.role === "clinician" && device.node, wrong, open ? h("div", { class: "tools" }, actions) : h("p", { class: "note" }, t("review.ended")),
    h("p", { class: "small" }, t(item.sample ? "review.nextSample" : "review.next")));
}

const legend = (item) => h("ul", { class: "marks" }, [...new Set(marksOf(item).map((m) => m.by))].map((by) => h("li", { class: by }, word("mark", by))),
  h("li", { class: "mine" }, t("review.mine")));

const about = (item) => facts([
  [t("review.column.device"), item.device],
  [t("review.size"), `${number(item.columns)} × ${number(item.rows)}`],
  [t("review.frames"), number(Math.max(1, item.frames))],
  [t("review.marks"), number(item.marks.length)],
  [t("study.one"), h("a", { href: `#/study/${encodeURIComponent(item.study)}` }, t("review.toStudy"))],
  [t("review.column.since"), time(item.created)],
]);

const opinions = (item) => item.said.length === 0 ? h("p", { class: "empty" }, t("review.unsaid"))
  : h("ul", { class: "reasons" }, item.said.map((s) => h("li", {}, t("review.opinion", { by: s.by, what: word("decide", s.decision), at: time(s.at) }),
    s.boxes?.length > 0 && ` ${t("review.withBoxes", { n: number(s.boxes.length) })}`)));

const most = 500; // rows that are shown at once

// elements lists what became of each element, with a filter.
function elements(all) {
  const body = h("tbody"), count = h("p", { class: "small", role: "status" });
  const text = h("input", { id: "find", type: "search", autocomplete: "off", spellcheck: "false" });
  const action = h("select", { id: "action" }, h("option", { value: "" }, t("review.anyAction")),
    [...new Set(all.map((e) => e.action))].map((a) => h("option", { value: a }, word("action", a))));
  const show = () => {
    const wanted = text.value.trim().toLowerCase();
    const found = all.filter((e) => (!action.value || e.action === action.value) && `${e.path} ${e.name}`.toLowerCase().includes(wanted));
    body.replaceChildren(...found.slice(0, most).map((e) => h("tr", {}, h("td", {}, h("code", {}, e.path)), h("td", { lang: "en" }, e.name),
      h("td", {}, word("action", e.action)), h("td", {}, word("cause", e.cause)))));
    count.textContent = t("review.found", { n: number(found.length), all: number(all.length), shown: number(Math.min(most, found.length)) });
  };
  text.addEventListener("input", show);
  action.addEventListener("change", show);
  show();
  return [h("div", { class: "tools" }, h("label", { for: "find" }, t("review.find")), text, h("label", { for: "action" }, t("review.column.action")), action), count,
    h("div", { class: "tall" }, scrolling(t("review.elements"), h("table", {}, h("thead", {}, h("tr", {},
      ["path", "name", "action", "cause"].map((c) => h("th", { scope: "col" }, t(`review.column.${c}`))))), body)))];
}
