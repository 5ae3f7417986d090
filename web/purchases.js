// What a buyer bought here, with its proofs.
import { list } from "./api.js";
import { facts, fill, h, id } from "./dom.js";
import { t, time, word } from "./i18n.js";
import { money, payouts } from "./release.js";
import { verification } from "./verify.js";

export function purchases() {
  const place = h("div");
  fill(place, async () => {
    const items = await list("purchases");
    return items.length ? items.map(purchase) : h("p", { class: "empty" }, t("purchases.none"));
  });
  return h("div", {}, h("h1", {}, t("purchases.title")), h("p", { class: "note" }, t("money.play")), place);
}

const purchase = (bought) => h("section", { class: "panel" }, h("h2", {}, word("step", bought.step)),
  facts([
    [t("release.token"), id(bought.token, t("release.token"))],
    [t("trade.order"), id(bought.order, t("trade.order"))],
    [t("release.price"), money(bought.priceWei)],
    [t("release.updated"), time(bought.updated)],
  ]), payouts(bought.payouts ?? []), verification(bought.token));
