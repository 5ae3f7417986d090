// Import by upload: files, folders and zip archives.
import { follow } from "./api.js";
import { announce, failure, h, reasons } from "./dom.js";
import { bytes, number, t } from "./i18n.js";

export function upload(session, done) {
  const out = h("div", { class: "result" }), research = h("input", { type: "checkbox", id: "research", "aria-describedby": "research-what" });
  let busy = false;
  const take = async (files) => {
    if (busy || !files.length) return;
    busy = true;
    try {
      await send(files, { person: session.person ?? "", research: research.checked ? "true" : "" }, out);
      done();
    } catch (error) {
      out.replaceChildren(failure(error), h("p", { class: "small" }, t("upload.safe")));
    }
    busy = false;
  };
  const onchange = (event) => { take([...event.target.files]); event.target.value = ""; };
  const choose = (label, props) => h("label", { class: "button" }, label,
    h("input", { type: "file", class: "unseen", multiple: true, onchange, ...props }));
  const over = (on) => (event) => { event.preventDefault(); zone.classList.toggle("over", on); };
  const zone = h("section", { class: "panel drop", "aria-label": t("upload.title"), ondragover: over(true), ondragleave: over(false),
    ondrop: async (event) => {
      over(false)(event);
      const loose = [...event.dataTransfer.files]; // both are gone after the first await
      const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
      take(entries.length ? (await Promise.all(entries.map(walk))).flat() : loose);
    } },
  h("p", {}, t("upload.drop")),
  h("div", { class: "row" }, choose(t("upload.files"), {}), choose(t("upload.folder"), { webkitdirectory: true })),
  session.role === "operator" && h("div", { class: "tools" }, research, h("label", { for: "research" }, t("upload.research"))),
  session.role === "operator" && h("p", { class: "small", id: "research-what" }, t("upload.researchWhat")),
  h("p", { class: "small" }, t("upload.what")), out);
  return zone;
}

// walk lists the files under a dropped entry.
async function walk(entry) {
  if (entry.isFile) return new Promise((resolve, reject) => { entry.file((file) => resolve([file]), reject); });
  const reader = entry.createReader(), found = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => { reader.readEntries(resolve, reject); });
    if (!some.length) return found.flat();
    for (const child of some) found.push(await walk(child));
  }
}

// send sends the files as one form and shows what became of them.
async function send(files, query, out) {
  const form = new FormData();
  for (const file of files) form.append("file", file, file.name);
  const size = bytes(files.reduce((sum, file) => sum + file.size, 0));
  const line = h("p", {}, t("upload.sending", { n: number(files.length), size }));
  out.replaceChildren(line, h("progress", { "aria-label": t("upload.title") }));
  announce(line.textContent);
  const result = await follow(`imports?${new URLSearchParams(Object.entries(query).filter(([, value]) => value))}`, form, "", (progress) => {
    line.textContent = t("upload.progress", { n: number(progress.files) });
  });
  const counts = ["files", "instances", "duplicates", "conflicts", "quarantined", "skipped"];
  const told = counts.filter((name) => name === "files" || result[name])
    .map((name) => t(`upload.count.${name}`, { n: number(result[name]) }));
  announce([t("upload.done"), ...told].join(" "));
  out.replaceChildren(h("p", {}, h("strong", {}, t("upload.done"))), h("ul", { class: "counts" }, told.map((text) => h("li", {}, text))),
    Object.keys(result.reasons ?? {}).length ? h("div", {}, h("p", {}, t("upload.reasons")), reasons(result.reasons)) : "");
}
