import type { Offered, OfferLook } from "../../api/types";
import { Facts } from "../../ui/Facts";
import { Panel } from "../../ui/Panel";
import { useConfirm } from "../../ui/useConfirm";
import { about, amount, coins, isSet } from "../../words/money";
import { number, t, time, word } from "../../words/words";
import { Bars } from "../quality/Bars";
import { Money } from "../trade/Money";
import { useWallets } from "../account/useWallets";
import "../trade/trade.css";
import { falls, lacks, span, whyNot } from "./says";
import { Paid, Sale, Terms, Where, What } from "./Terms";

// Look is an offer before anything is signed: what it is, and what it costs.
export function Look({ of, onBuy, onByWallet, onOther }: { of: OfferLook; onBuy: () => void; onByWallet: () => void; onOther: () => void }) {
  const { offer, ok, why = "", piece = "" } = of;
  return (
    <>
      {!ok && <No why={why} piece={piece} />}
      {offer && (
        <div className="columns">
          <div>
            <Panel title={t("buy.is")}><What of={offer} /></Panel>
            {offer.quality && <Panel title={t("quality.title")}><p><strong>{t("quality.score", { n: number(offer.quality.score) })}</strong></p><Bars of={offer.quality.parts} /><p className="small">{t("quality.signed")}</p></Panel>}
            <Panel title={t("buy.terms")}><Terms of={offer} /></Panel>
            <Panel title={t("buy.sale")}><Sale of={offer} /></Panel>
          </div>
          <div>
            <Panel title={t("buy.cost")}><Cost of={of} offer={offer} /><Paid of={offer} wei={asked(of, offer)} />{ok && <Buy of={of} offer={offer} onBuy={onBuy} />}{canPay(of, offer) && <ByWallet of={of} offer={offer} onBegin={onByWallet} />}</Panel>
            <Panel title={t("buy.checked")}><Checked of={of} /></Panel>
          </div>
        </div>
      )}
      {offer && <Panel title={t("buy.where")}><Where of={offer} /></Panel>}
      <p><button type="button" onClick={onOther}>{t("buy.instead")}</button></p>
    </>
  );
}

// No says in one sentence why an offer cannot be bought: nothing was paid then, unless it
// was bought before.
export const No = ({ why, piece = "", bought = false }: { why: string; piece?: string; bought?: boolean }) => (
  <div className="failure" role="alert"><strong>{whyNot(why, piece && word("piece", piece))}</strong>{!bought && <p>{t("buy.nothing")}</p>}{unreadable.has(why) && <p>{t("buy.askAgain")}</p>}</div>
);

const unreadable: ReadonlySet<string> = new Set(["form", "huge", "unsigned"]); // what no honest seller's node wrote so

// asked is the price of this moment; where the chain does not say the time, that of the start.
const asked = (of: OfferLook, offer: Offered): string => of.askedWei ?? offer.priceWei;

// whole is what it takes of the chain's own money.
const whole = (of: OfferLook, offer: Offered): bigint => (offer.money ? 0n : BigInt(asked(of, offer))) + BigInt(of.gasWei);

function Cost({ of, offer }: { of: OfferLook; offer: Offered }) {
  const missing = of.why === "poor" ? lacks(whole(of, offer), of.balanceWei) : "";
  return (
    <>
      <Facts of={[
        [t("release.price"), <strong key="price"><Money wei={asked(of, offer)} of={offer.money} /></strong>],
        [t("buy.falls"), falls(offer) && t("buy.falls.to", { floor: amount(offer.floorWei, offer.money), time: time(offer.endsAt) })],
        [t("buy.gas"), t("buy.upTo", { coins: coins(of.gasWei) })],
        [t("buy.balance"), of.balanceWei !== undefined && about(of.balanceWei)],
        [t("buy.missing"), missing && coins(missing)],
        [t("buy.until"), time(offer.endsAt)],
      ]} />
      <p className="small">{t("buy.gasWhat")}</p>
    </>
  );
}

// Checked is what the node has seen for itself.
function Checked({ of: { why = "" } }: { of: OfferLook }) {
  const chain = why !== "no-chain", answers = chain && ["", "poor"].includes(why);
  return (
    <ul className="proofs">
      {["order", "split", "commitment", "release entry"].map((piece) => <Seen key={piece} what={word("piece", piece)} by={t("verify.by", { proof: word("proof", piece) })} />)}
      {chain && <Seen what={t("buy.sameChain")} by={t("buy.sameChainBy")} />}
      {answers && <Seen what={t("buy.answers")} by={t("buy.answersBy")} />}
    </ul>
  );
}

const Seen = ({ what, by }: { what: string; by: string }) => <li><strong><span className="sign" aria-hidden="true">✓</span> {what}</strong><p className="small">{by}</p></li>;

function Buy({ of, offer, onBuy }: { of: OfferLook; offer: Offered; onBuy: () => void }) {
  const [ask, dialog] = useConfirm();
  const price = amount(asked(of, offer), offer.money);
  const buy = async (): Promise<void> => {
    const points = [t("buy.does", { price, gas: coins(of.gasWei) }), t("buy.back", { span: span(offer.deliverWithin) }), t(isSet(offer.panel) ? "buy.gapPanel" : "buy.gap", { span: span(offer.disputeWithin) }), t("buy.seen")];
    if (await ask({ title: t("buy.confirm", { price }), points, action: t("buy.button", { price }) })) onBuy();
  };
  return <div><button type="button" className="primary" onClick={() => void buy()}>{t("buy.button", { price })}</button>{dialog}</div>;
}

// canPay reports whether a wallet could pay: a price that falls is not known before, one in a token takes an approval
// that the node makes alone, and the node
// has to pay for the chain in any case.
const canPay = ({ ok, why, balanceWei = "0", gasWei }: OfferLook, offer: Offered): boolean => !offer.money && !falls(offer) && (ok || (why === "poor" && BigInt(balanceWei) >= BigInt(gasWei)));

function ByWallet({ of, offer, onBegin }: { of: OfferLook; offer: Offered; onBegin: () => void }) {
  const [ask, dialog] = useConfirm(), wallets = useWallets();
  if (wallets.length === 0) return null;
  const price = amount(asked(of, offer), offer.money);
  const begin = async (): Promise<void> => {
    const points = [t("pay.does", { price, gas: coins(of.gasWei) }), t("pay.to"), t("buy.back", { span: span(offer.deliverWithin) }), t("pay.seen")];
    if (await ask({ title: t("pay.confirm", { price }), points, action: t("pay.begin") })) onBegin();
  };
  return <div><button type="button" onClick={() => void begin()}>{t("pay.button")}</button>{dialog}</div>;
}
