// One picture of a record with what is blanked in it, and boxes that a person draws.
import { blob } from "./api.js";
import { announce, h } from "./dom.js";
import { t, word } from "./i18n.js";

const space = document.getElementById("drawing").namespaceURI;

// svg makes an element of a drawing; props and children as of h.
export function svg(tag, props = {}, ...children) {
  const e = document.createElementNS(space, tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) e.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) e.setAttribute(name, value);
  }
  e.append(...children.flat(3).filter((c) => c != null && c !== false));
  return e;
}

const rect = (b, kind, label) => svg("rect", { class: `mark ${kind}`, x: b.x0, y: b.y0, width: b.x1 - b.x0, height: b.y1 - b.y0 }, svg("title", {}, label));

// missing says why there is no picture of one side, if there is none: an object without
// pixels, or a head, that no copy has with its face.
function missing(item, of) {
  if (!item.columns || !item.rows) return t("thumbnail.unsupported");
  return of === "after" && item.held.some(({ reason }) => reason === "face") && t("review.noFace");
}

// marksOf are what is blanked, and in a sample where somebody found a leak: what was
// released has it.
export const marksOf = (item) => item.sample ? [...item.marks, ...item.said.flatMap(({ boxes }) => boxes ?? []).map((box) => ({ ...box, by: "person" }))] : item.marks;

// picture shows one side of an item; boxes that are drawn go to onBox, if there is one.
export function picture(item, of, frame, drawn, onBox) {
  const { columns, rows } = item, none = missing(item, of);
  if (none) return { brighten() {}, load() {}, show() {}, node: h("figure", {}, h("figcaption", {}, t(`review.${of}`)), h("div", { class: "nothing" }, h("p", {}, none))) };
  const image = svg("image", { width: columns, height: rows }), marks = svg("g"), made = svg("g");
  const view = svg("svg", { class: onBox ? "picture drawing" : "picture", viewBox: `0 0 ${columns} ${rows}`, role: onBox ? "application" : "img",
    tabindex: onBox && 0, "aria-label": t(`review.${of}`), "aria-describedby": onBox && "draw-help" }, image, marks, made);
  const note = h("p", { class: "small" });
  const inFrame = (b) => b.frame === frame() || b.frame < 0;
  const show = () => {
    marks.replaceChildren(...marksOf(item).filter(inFrame).map((m) => rect(m, m.by, word("mark", m.by))));
    made.replaceChildren(...drawn.filter(inFrame).map((b) => rect(b, "mine", t("review.mine"))));
  };
  const load = async () => {
    show();
    const asked = frame();
    try {
      const url = URL.createObjectURL(await blob(`reviews/${encodeURIComponent(item.id)}/picture?of=${of}&frame=${frame()}&size=2048`));
      if (asked !== frame()) return URL.revokeObjectURL(url); // it comes late, and is of another frame by now
      image.addEventListener("load", () => URL.revokeObjectURL(url), { once: true });
      image.setAttribute("href", url);
      note.replaceChildren();
    } catch (error) {
      if (asked !== frame()) return;
      image.removeAttribute("href");
      note.replaceChildren(t("thumbnail.failed", { why: word("problem", error.kind) }));
    }
  };
  if (onBox) draws(view, columns, rows, onBox);
  load();
  const brighten = (times) => { image.style.filter = times > 1 ? `brightness(${times})` : ""; };
  return { brighten, node: h("figure", {}, h("figcaption", {}, t(`review.${of}`)), view, note), load, show };
}

// draws lets a box be drawn by mouse, pen or finger, or by keys.
function draws(view, columns, rows, onBox) {
  const clamp = (v, most) => Math.max(0, Math.min(most, Math.round(v)));
  const at = (event) => {
    const p = new DOMPoint(event.clientX, event.clientY).matrixTransform(view.getScreenCTM().inverse());
    return [clamp(p.x, columns), clamp(p.y, rows)];
  };
  const cursor = svg("path", { class: "cursor" }), going = svg("rect", { class: "mark mine" });
  let from = null, key = [Math.round(columns / 2), Math.round(rows / 2)];
  const box = ([x, y]) => ({ x0: Math.min(from[0], x), y0: Math.min(from[1], y), x1: Math.max(from[0], x), y1: Math.max(from[1], y) });
  const shape = (to) => {
    const b = box(to);
    for (const [name, value] of [["x", b.x0], ["y", b.y0], ["width", b.x1 - b.x0], ["height", b.y1 - b.y0]]) going.setAttribute(name, value);
    if (!going.isConnected) view.append(going);
  };
  const end = (to) => {
    const b = box(to);
    from = null;
    going.remove();
    if (b.x1 > b.x0 && b.y1 > b.y0) onBox(b);
  };
  const point = () => {
    const [x, y] = key, arm = Math.max(columns, rows) / 40;
    cursor.setAttribute("d", `M${x - arm} ${y}H${x + arm}M${x} ${y - arm}V${y + arm}`);
    if (!cursor.isConnected) view.append(cursor);
    if (from) shape(key);
  };
  view.addEventListener("pointerdown", (event) => { view.setPointerCapture(event.pointerId); from = at(event); });
  view.addEventListener("pointermove", (event) => { if (from && view.hasPointerCapture(event.pointerId)) shape(at(event)); });
  view.addEventListener("pointerup", (event) => { if (from) end(at(event)); });
  view.addEventListener("pointercancel", () => { from = null; going.remove(); });
  view.addEventListener("keydown", (event) => {
    const step = event.shiftKey ? 10 : 1, way = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
    if (way) key = [clamp(key[0] + way[0], columns), clamp(key[1] + way[1], rows)];
    else if (event.key === "Escape") { from = null; going.remove(); }
    else if (event.key !== "Enter" && event.key !== " ") return;
    else if (from) end(key);
    else from = [...key];
    event.preventDefault();
    point();
    announce(t("review.at", { x: key[0], y: key[1] }));
  });
}
