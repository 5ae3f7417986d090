// Verification: the walk back from a token, and what proves each step of it.
import { get } from "./api.js";
import { announce, button, fill, h, said } from "./dom.js";
import { t, word } from "./i18n.js";

export function verification(token) {
  const out = h("div");
  const run = () => fill(out, async () => {
    const found = await get(`tokens/${token}/verification`);
    const verdict = found.ok ? t("verify.ok") : t("verify.failed", { piece: word("piece", found.piece) });
    announce(verdict);
    return [h("p", { class: found.ok ? "success" : "failure" }, h("strong", {}, verdict)),
      h("ol", { class: "timeline proofs" }, (found.steps ?? []).map(passed), found.ok ? "" : failed(found))];
  });
  return h("div", {}, button(t("verify.button"), run), h("p", { class: "small" }, t("verify.what")), out);
}

// The chain is asked last and may be out of reach: then nothing proves that step, and nothing rests on it.
function passed({ piece, says, by }) {
  const asked = by !== "nothing";
  return h("li", { class: asked ? "" : "unasked" }, h("strong", {}, `${asked ? "✓" : "○"} ${word("piece", piece)}`),
    h("p", { class: "small" }, asked ? t("verify.by", { proof: word("proof", piece) }) : t("verify.unasked")), said(`${says} (${by})`));
}

const failed = ({ piece, error }) => h("li", { class: "bad" }, h("strong", {}, `✗ ${word("piece", piece)}`),
  h("p", {}, t("verify.stopped")), h("p", { class: "small", lang: "en" }, error));
