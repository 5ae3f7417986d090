// Small pieces that every view is made of. Text from the node is only ever
// added as text, never as markup.
import { number, t, word } from "./i18n.js";
import { Problem } from "./api.js";

// h makes an element; props that start with "on" are listeners.
export function h(tag, props = {}, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) e.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) e.setAttribute(name, value === true ? "" : value);
  }
  e.append(...children.flat().filter((c) => c != null && c !== false));
  return e;
}

export const button = (label, onclick, kind = "") => h("button", { type: "button", class: kind, onclick }, label);
export const announce = (text) => { document.getElementById("live").textContent = text; };

// fill shows in place that load is at work, then its nodes, or why it failed.
export async function fill(place, load) {
  place.setAttribute("aria-busy", "true");
  place.replaceChildren(h("p", { class: "loading" }, t("state.loading")));
  try {
    place.replaceChildren(...[await load()].flat());
  } catch (error) {
    const final = ["denied", "not-found", "unsupported"].includes(error.kind);
    place.replaceChildren(failure(error), final ? "" : button(t("state.again"), () => fill(place, load)));
  }
  place.removeAttribute("aria-busy");
}

export function panel(title, load) {
  const body = h("div");
  fill(body, load);
  return h("section", { class: "panel" }, h("h2", {}, title), body);
}

// failure says what went wrong; what is no Problem is a mistake of this page.
export function failure(error, heading) {
  const { kind, status, detail, id } = error instanceof Problem ? error : { kind: "page", detail: error.message };
  const title = heading ? heading : status === 401 ? t("problem.signed-out") : status === 429 ? t("problem.slow") : word("problem", kind);
  return h("div", { class: "failure", role: "alert" }, h("strong", {}, title),
    detail && h("p", { lang: "en" }, detail), id && h("p", { class: "small" }, t("problem.id", { id })));
}

// said folds away a sentence of the node, which speaks English only and names
// exact values; the page's own words stand beside it.
export const said = (text) => text && h("details", {}, h("summary", {}, t("state.original")), h("p", { class: "small", lang: "en" }, text));

export function facts(pairs) {
  const shown = pairs.filter(([, value]) => value != null && value !== "");
  return h("dl", {}, shown.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

// id shows a long hash or address short, with a button that copies it whole.
export function id(whole, label) {
  const short = whole.length > 20 ? `${whole.slice(0, 10)}…${whole.slice(-6)}` : whole;
  const say = (text) => {
    copy.textContent = text;
    copy.setAttribute("aria-label", `${text}: ${label}`);
  };
  const copy = button("", async () => {
    await navigator.clipboard.writeText(whole);
    say(t("state.copied"));
    announce(t("state.copied"));
    setTimeout(() => say(t("state.copy")), 2000);
  }, "copy");
  say(t("state.copy"));
  // Browsers lend the clipboard to secure origins only: https and this machine.
  return h("span", { class: "id" }, h("code", { title: whole }, short), navigator.clipboard && copy);
}

// scrolling lets a wide table scroll by itself, by keyboard too.
export const scrolling = (label, table) => h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": label }, table);

export const tier = (code) => h("span", { class: `badge ${code}`, title: word("tier", code) }, code);

// confirm asks before something that cannot be undone.
export function confirm(title, points, action) {
  return new Promise((resolve) => {
    const close = (yes) => () => { dialog.close(); dialog.remove(); resolve(yes); };
    const dialog = h("dialog", { "aria-labelledby": "ask", oncancel: close(false) }, h("h2", { id: "ask" }, title),
      h("ul", {}, points.map((point) => h("li", {}, point))),
      h("div", { class: "row end" }, button(t("state.cancel"), close(false)), button(action, close(true), "danger")));
    document.body.append(dialog);
    dialog.showModal();
  });
}

// reasons lists counted reason codes in words.
export const reasons = (counted) => h("ul", { class: "reasons" }, Object.entries(counted ?? {}).map(([code, n]) =>
  h("li", {}, t("state.counted", { what: word("reason", code), n: number(n) }))));
