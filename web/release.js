// Releases of a study: what was made of it, who is paid, and its trades.
import { follow, get, list, remove } from "./api.js";
import { announce, button, confirm, facts, failure, fill, h, id, reasons, said, scrolling, tier } from "./dom.js";
import { risk } from "./risk.js";
import { coins, number, percent, t, time, toWei, word } from "./i18n.js";
import { faces } from "./faces.js";
import { verification } from "./verify.js";

const isSet = (hash) => /^0x0*[1-9a-f]/i.test(hash ?? ""); // an all-zero hash stands for none

export async function releases(assets, of, session, reload) {
  const [made, orders, grants] = await Promise.all([assets, list(`orders${of}`), list(`grants${of}`)]);
  if (!made.length) return h("p", { class: "empty" }, t("releases.none"));
  return [h("p", { class: "note" }, t("money.play")), ...made.map((asset) => release(asset,
    orders.filter((order) => order.release === asset.id), grants, session, reload))];
}

function release(asset, orders, grants, session, reload) {
  const token = isSet(asset.token);
  return h("article", {},
    h("h3", {}, word("release", asset.draft && asset.state === "stored" ? "draft" : asset.state)),
    asset.reason && h("div", { class: "failure" }, h("strong", {}, word("reason", asset.reason)), said(asset.explain)),
    Object.keys(asset.withheld ?? {}).length > 0 && h("div", {}, h("p", {}, t("release.withheld")), reasons(asset.withheld)),
    asset.risk && risk(asset.risk),
    asset.split?.length > 0 && (token || asset.state !== "refused") && split(asset.split),
    facts([
      [t("study.tier"), token && h("span", {}, tier(asset.tier), word("tier", asset.tier))],
      [t("release.instances"), asset.instances && number(asset.instances)],
      [t("release.price"), asset.state !== "refused" && !asset.draft && money(asset.priceWei)],
      [t("release.token"), token && id(asset.token, t("release.token"))],
      [t("release.tx"), isSet(asset.tx) && id(asset.tx, t("release.tx"))],
      [t("release.updated"), time(asset.updated)],
    ].filter(([, value]) => value)),
    faces(asset, session),
    orders.map((order) => trade(order, grants.find((grant) => grant.order === order.hash), session, reload)),
    token && orders.length > 0 && verification(asset.token));
}

export const money = (wei) => h("span", {}, coins(wei), h("span", { class: "small" }, ` = ${number(BigInt(wei))} wei`));

// split shows who gets how much of each sale. The words carry what the bar shows.
function split(shares) {
  const bar = h("div", { class: "bar", "aria-hidden": "true" }, shares.map(({ bps }) => {
    const part = h("div");
    part.style.flexGrow = bps;
    return part;
  }));
  return h("div", {}, h("p", {}, t("release.split")), bar,
    h("ul", { class: "legend" }, shares.map(({ role, bps, payee }) =>
      h("li", {}, `${word("payee", role)} ${percent(bps)} `, id(payee, word("payee", role))))));
}

function trade(order, grant, session, reload) {
  const buyer = isSet(order.buyer);
  return h("div", { class: "trade" },
    h("h4", {}, t("trade.title", { state: word("trade", order.state) }),
      order.revoked && h("span", { class: "badge T2" }, t("trade.revoked"))),
    facts([
      [t("trade.order"), id(order.hash, t("trade.order"))],
      [t("release.price"), money(order.priceWei)],
      [t("trade.buyer"), buyer && id(order.buyer, t("trade.buyer"))],
      [t("trade.since"), grant?.since && time(grant.since)],
    ].filter(([, value]) => value)),
    payouts(order.payouts ?? []),
    grant && !grant.revoked && session.role === "owner" && revoke(order, reload));
}

export function payouts(paid) {
  if (!paid.length) return null;
  const row = ({ role, to, wei }) => h("tr", {}, h("td", {}, word("payee", role)), h("td", { class: "number" }, coins(wei)),
    h("td", { class: "number" }, number(BigInt(wei))), h("td", {}, id(to, word("payee", role))));
  const head = (c) => h("th", { scope: "col", class: ["amount", "wei"].includes(c) && "number" }, t(`payout.${c}`));
  return scrolling(t("trade.payouts"), h("table", { class: "payouts" }, h("caption", {}, t("trade.payouts")),
    h("thead", {}, h("tr", {}, ["who", "amount", "wei", "address"].map(head))), h("tbody", {}, paid.map(row))));
}

function revoke(order, reload) {
  const out = h("div");
  const ask = button(t("revoke.button"), async () => {
    const points = [t("revoke.does"), t("revoke.cannotCopies"), t("revoke.cannotChain"), t("revoke.cannotMoney")];
    if (!await confirm(t("revoke.title"), points, t("revoke.button"))) return;
    await fill(out, async () => {
      const done = await remove(`grants/${order.hash}`);
      announce(t("revoke.done"));
      ask.remove();
      return [h("p", { class: "success" }, t("revoke.done")), said(done?.says) ?? "", button(t("state.reload"), reload)];
    });
  }, "danger");
  return h("div", {}, ask, out);
}

// offerForm makes a release of a study and offers it for a price.
export function offerForm(study, reload) {
  const price = h("input", { id: "price", inputmode: "decimal", required: true, placeholder: "0.02", autocomplete: "off",
    "aria-describedby": "price-help" });
  const out = h("div"), submit = h("button", { class: "primary" }, t("offer.button"));
  const alike = h("div"), defaced = "research-sale-defaced";
  const count = () => fill(alike, () => forecast(study.id, deface.checked && defaced));
  const deface = h("input", { type: "checkbox", id: "deface", onchange: count });
  count();
  const send = async (event) => {
    event.preventDefault();
    const priceWei = toWei(price.value);
    if (!priceWei) return out.replaceChildren(h("p", { class: "failure", role: "alert" }, t("offer.wrongPrice")));
    if (!await confirm(t("offer.title"), [t("offer.does"), t("offer.stays"), t("offer.cannot")], t("offer.button"))) return undefined;
    submit.disabled = true;
    const line = h("p", {}, t("offer.working"));
    out.replaceChildren(line, h("progress", { "aria-label": t("offer.working") }));
    try {
      const body = JSON.stringify({ study: study.id, priceWei, ...(deface.checked && { profile: defaced }) });
      await follow("assets", body, "application/json", ({ done, total }) => {
        if (total) line.textContent = t("offer.progress", { done: number(done), total: number(total) });
      });
      reload();
    } catch (error) {
      out.replaceChildren(failure(error));
    }
    submit.disabled = false;
    return undefined;
  };
  return h("form", { onsubmit: send }, h("p", {}, t("offer.what")), h("label", { for: "price" }, t("offer.price")), price,
    h("p", { class: "small", id: "price-help" }, t("offer.help")),
    h("label", { class: "choice", for: "deface" }, deface, " ", t("offer.deface")),
    h("h3", {}, t("risk.title")), h("p", {}, t("risk.what")), alike, submit, out);
}

// forecast counts who would look the same by a copy of a study, before there is one.
export const forecast = async (id, profile) => risk(await get(`studies/${encodeURIComponent(id)}/risk${profile ? `?profile=${profile}` : ""}`));
