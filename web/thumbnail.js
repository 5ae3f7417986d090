// One picture of a study, or why there is none.
import { blob } from "./api.js";
import { h } from "./dom.js";
import { t, word } from "./i18n.js";

// Each picture is an opened original and is written to the log as such, so it is
// asked for only when it comes into sight.
const sight = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    sight.unobserve(target);
    load(target, target.dataset.path);
  }
}, { rootMargin: "100px" });

export function thumbnail(study, size) {
  const frame = h("div", { class: "thumbnail", "data-path": `studies/${encodeURIComponent(study)}/thumbnail?size=${size}` });
  sight.observe(frame);
  return frame;
}

async function load(frame, path) {
  try {
    const url = URL.createObjectURL(await blob(path));
    const done = () => URL.revokeObjectURL(url);
    frame.replaceChildren(h("img", { src: url, alt: t("thumbnail.alt"), onload: done, onerror: done }));
  } catch (error) {
    const known = ["denied", "unsupported", "not-found"].includes(error.kind);
    const why = known ? t(`thumbnail.${error.kind}`) : t("thumbnail.failed", { why: word("problem", error.kind) });
    frame.replaceChildren(h("p", {}, why));
  }
}
