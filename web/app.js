// The page: header, sign-in, and which view the address asks for.
import { get, post, remove } from "./api.js";
import { announce, failure, fill, h } from "./dom.js";
import { speak, t, word } from "./i18n.js";
import { purchases } from "./purchases.js";
import { review } from "./review.js";
import { estimate, reviews } from "./reviews.js";
import { studies } from "./studies.js";
import { study } from "./study.js";
import { templates } from "./templates.js";

const main = document.getElementById("main");
const account = document.getElementById("account");
let session = null;

function signIn(notice) {
  const token = h("input", { id: "token", type: "password", required: true, autocomplete: "off", spellcheck: "false",
    placeholder: "sinso_…", "aria-describedby": "token-help" });
  const wrong = h("div", {}, notice ? h("p", { class: "failure", role: "alert" }, notice) : "");
  const submit = async (event) => {
    event.preventDefault();
    wrong.replaceChildren();
    try {
      session = await post("session", { token: token.value.trim() });
      show();
    } catch (error) {
      wrong.replaceChildren(failure(error, error.status === 401 && t("signIn.wrong")));
      token.select();
    }
  };
  return h("section", { class: "panel sign-in" }, h("h1", {}, t("signIn.title")), h("p", {}, t("signIn.what")),
    h("form", { onsubmit: submit }, h("label", { for: "token" }, t("signIn.token")), token, wrong,
      h("button", { class: "primary" }, t("signIn.button"))),
    h("p", { class: "small", id: "token-help" }, t("signIn.where")),
    h("pre", { tabindex: "0" }, h("code", {}, "sinso token create --role owner --person …")),
    h("p", { class: "small" }, t("signIn.kept")));
}

// view returns what the address asks for. It holds opaque ids, nothing of a person.
function view() {
  const [, id] = /^#\/study\/([^/]+)$/.exec(location.hash) ?? [];
  if (session.role === "buyer") return purchases();
  if (!["owner", "operator", "clinician"].includes(session.role)) return h("p", { class: "empty" }, t("role.nothing"));
  const [, item] = /^#\/review\/([^/]+)$/.exec(location.hash) ?? [];
  if (session.role !== "operator" && item) return review(decodeURIComponent(item), session);
  if (session.role !== "operator" && location.hash === "#/reviews") return reviews(session);
  if (session.role === "clinician" && location.hash === "#/reviews/estimate") return estimate();
  if (session.role !== "owner" && location.hash === "#/templates") return templates();
  return id ? study(decodeURIComponent(id), session) : studies(session);
}

function content(notice) {
  account.hidden = !session;
  document.getElementById("role").textContent = session ? word("role", session.role) : "";
  return session ? view() : signIn(notice);
}

function show(notice) {
  main.replaceChildren(content(notice));
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
}

async function signOut() {
  try {
    await remove("session");
    session = null;
    show();
    announce(t("signIn.out"));
  } catch (error) {
    main.prepend(failure(error));
  }
}

// choice keeps what a select says in this browser.
function choice(name, fallback, apply) {
  const select = document.getElementById(name);
  select.value = localStorage.getItem(name) ?? fallback;
  select.addEventListener("change", () => {
    localStorage.setItem(name, select.value);
    apply(select.value);
  });
  return apply(select.value);
}

async function start() {
  choice("theme", "auto", (theme) => { document.documentElement.dataset.theme = theme; });
  await choice("language", navigator.language.startsWith("zh") ? "zh" : "en", async (language) => {
    await speak(language);
    if (main.hasChildNodes()) main.replaceChildren(content());
  });
  document.getElementById("sign-out").addEventListener("click", signOut);
  document.getElementById("skip").addEventListener("click", (event) => { event.preventDefault(); main.focus(); });
  // A file that is dropped beside the zone must not be opened in the page's place.
  for (const type of ["dragover", "drop"]) addEventListener(type, (event) => event.preventDefault());
  addEventListener("hashchange", () => show());
  addEventListener("signed-out", () => { session = null; show(t("problem.signed-out")); });
  await fill(main, async () => {
    session = await get("session").catch((error) => { if (error.status !== 401) throw error; });
    return content();
  });
}

start();
