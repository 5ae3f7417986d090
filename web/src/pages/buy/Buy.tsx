import { type ReactNode, useEffect, useState } from "react";
import { get, part, post } from "../../api/client";
import type { OfferLook, Payment, Purchase } from "../../api/types";
import { useWork } from "../../api/work";
import { settle, to, useRoute } from "../../app/route";
import { announce } from "../../ui/announce";
import { Answer } from "../../ui/Answer";
import { Failure } from "../../ui/Failure";
import { Back, Loading } from "../../ui/pieces";
import { t } from "../../words/words";
import { Deal, useSettling } from "./Deal";
import { Give } from "./Give";
import { Look, No } from "./Look";
import { type Given, isOver } from "./says";
import { useDeals } from "./useDeal";
import "./buy.css";

// Buy takes an offer, says what it is, and buys it. The order is in the address from then
// on, so that a page that comes back finds it: #/buy/ORDER.
export default function Buy() {
  const [, order = ""] = useRoute();
  return (
    <div className="page">
      <Back to={to()}>{t("home.title.buyer")}</Back>
      <h1>{t("buy.title")}</h1>
      <p className="note">{t("money.play")}</p>
      {order ? <One key={order} order={order} /> : <Begin />}
    </div>
  );
}

const single = (found: Purchase): readonly Purchase[] => [found];

// One is a purchase that was begun. before says what is known of it beside: it does not
// matter any more once the purchase is at its end.
function One({ order, before }: { order: string; before?: ReactNode }) {
  const found = useDeals((signal) => get<Purchase>(`purchases/${part(order)}`, signal), single, [order]);
  return (
    <Answer to={found}>
      {(of) => (
        <>
          {!isOver(of.step) && before}
          <Deal of={of} onChanged={found.again} />
          {isOver(of.step) && <p><a className="button" href={to("buy")}>{t("buy.another")}</a></p>}
        </>
      )}
    </Answer>
  );
}

// What the node answers to what is no offer at all.
const huge = 413, unreadable = 400;

function Begin() {
  const [offer, setOffer] = useState<Blob | null>(null), [why, setWhy] = useState("");
  const { busy, failure, run } = useWork();
  const [look, setLook] = useState<OfferLook | null>(null);
  const see = (from: Blob): Promise<void> => run(async () => {
    try {
      const found = await post<OfferLook>("offers/look", from);
      setLook(found);
      if (found.ok) announce(t("buy.holds")); // what is not is an alert
      document.getElementById("main")?.focus({ preventScroll: true }); // what had the focus is gone
      scrollTo(0, 0);
    } catch (error) {
      const { status } = error as { status?: number };
      if (status !== huge && status !== unreadable) throw error;
      setWhy(status === huge ? "huge" : "form");
    }
  });
  const take = (given: Given): void => {
    setLook(null);
    setWhy("why" in given ? given.why : "");
    if ("why" in given) return;
    setOffer(given.offer);
    void see(given.offer);
  };
  const other = (): void => { setLook(null); setOffer(null); };
  if (look && offer) return <Looked look={look} offer={offer} onAgain={() => see(offer)} onOther={other} />;
  return (
    <>
      {why && <No why={why} />}
      {failure !== null && <Failure of={failure} />}
      <Give onGiven={take} />
      {busy && <Loading />}
    </>
  );
}

// Looked is an offer that was looked at, and its purchase once that has begun.
function Looked({ look, offer, onAgain, onOther }: { look: OfferLook; offer: Blob; onAgain: () => Promise<void>; onOther: () => void }) {
  const going = useSettling(), planning = useWork(), order = look.offer?.order ?? "";
  const bought = look.purchase;
  const begun = bought !== undefined || going.busy;
  useEffect(() => { settle(...(begun ? ["buy", order] : ["buy"])); }, [begun, order]); // a page that comes back finds it
  const buy = async (): Promise<void> => {
    await going.start("purchases", offer);
    await onAgain();
  };
  const byWallet = async (): Promise<void> => {
    await planning.run(async () => { await post<Payment>("payments", offer); });
    await onAgain();
  };
  if (bought && !going.busy) return <One key={bought.step} order={order} before={<>{look.why ? <No why={look.why} bought /> : going.failure !== null && <Failure of={going.failure} />}</>} />;
  if (going.busy) return <Deal of={draft(look, going.step)} onChanged={() => { /* it is under way */ }} />;
  return (
    <>
      {going.failure !== null && <Failure of={going.failure} safe={t("buy.nothing")} />}
      {planning.failure !== null && <Failure of={planning.failure} safe={t("buy.nothing")} />}
      <Look of={look} onBuy={() => void buy()} onByWallet={() => void byWallet()} onOther={onOther} />
    </>
  );
}

// draft is a purchase of which the node has told nothing but its step.
const draft = ({ offer, askedWei }: OfferLook, step: string): Purchase => ({
  order: offer?.order ?? "", token: offer?.token ?? "", step: step || "planned", running: true, priceWei: askedWei ?? offer?.priceWei ?? "0",
  trade: "", byWallet: false, sentTx: "", fillTx: "", deliverTx: "", releaseTx: "", payouts: [], over: false, updated: new Date().toISOString(), ...(offer ? { offer } : {}),
});
