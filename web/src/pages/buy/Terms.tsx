import type { Offered } from "../../api/types";
import { Facts } from "../../ui/Facts";
import { Id } from "../../ui/Id";
import { Tier, type TierCode } from "../../ui/pieces";
import { Table } from "../../ui/Table";
import { amount, isSet, numberOf } from "../../words/money";
import { number, percent, t, time, word } from "../../words/words";
import { ofLicence } from "../trade/licence";
import { cut, falls, hostOf, span } from "./says";

// What is what an offer is of.
export const What = ({ of }: { of: Offered }) => (
  <>
    <Facts of={[
      [t("buy.copies"), number(of.instances)],
      [t("study.tier"), <span key="tier"><Tier code={of.tier as TierCode} />{word("tier", of.tier)}</span>],
      [t("buy.origin"), word("origin", of.origin)],
      [t("buy.institution"), <Id key="institution" of={of.institution} label={t("buy.institution")} />],
    ]} />
    <p className="small">{t("buy.notSaid")}</p>
  </>
);

// Sale is how it is sold: who sells, to whom, and what holds between the two.
export const Sale = ({ of }: { of: Offered }) => (
  <Facts of={[
    [t("buy.seller"), <Id key="seller" of={of.seller} label={t("buy.seller")} />],
    [t("buy.taker"), isSet(of.taker) ? <Id key="taker" of={of.taker} label={t("buy.taker")} /> : t("buy.taker.anyone")],
    [t("buy.often"), of.copies ? t("buy.often.times", { n: of.copies }) : t("buy.often.any")],
    [t("buy.falls"), falls(of) && t(of.startsAt ? "buy.falls.from" : "buy.falls.now", { price: amount(of.priceWei, of.money), floor: amount(of.floorWei, of.money), start: of.startsAt ? time(of.startsAt) : "", time: time(of.endsAt) })],
    [t("buy.deliver"), span(of.deliverWithin)],
    [t("buy.dispute"), span(of.disputeWithin)],
    [t("buy.panel"), isSet(of.panel) ? <span key="panel">{t("buy.panel.some", { span: span(of.disputeWithin) })} <Id of={of.panel} label={t("buy.panel")} /></span> : t("buy.panel.none")],
  ]} />
);

// Token is what the licence is that a buyer gets.
const Token = ({ of }: { of: Offered }) => (
  <Facts of={[
    [t("licence.token"), t("buy.licence")],
    [t("licence.lasts"), of.term ? t("buy.term", { span: span(of.term) }) : t("licence.noEnd")],
    [t("licence.onward"), t(of.transferable ? "licence.onward.yes" : "licence.onward.no")],
  ]} />
);

// Terms are under what it is bought, and how long that holds.
export const Terms = ({ of }: { of: Offered }) => (
  <>
    {of.licence ? <Facts of={ofLicence(of.licence, t("buy.noEnd"))} /> : <><p>{t("buy.ownTerms")}</p><blockquote className="own-terms" dir="auto">{of.terms}</blockquote></>}
    <Token of={of} />
    {of.licence && <p className="small">{t("buy.personEnds")}</p>}
    {of.licence && <details><summary>{t("buy.signedText")}</summary><p className="small" lang="en">{of.terms}</p></details>}
  </>
);

// Paid is who gets which part of a price, of which nobody else has anything.
export const Paid = ({ of, wei }: { of: Offered; wei: string }) => (
  <Table label={t("buy.paid")} columns={[[t("payout.who")], [t("buy.part"), "number"], [t("payout.amount"), "number"]]}>
    {of.split.map(({ role, payee, bps }) => (
      <tr key={payee}>
        <td>{word("payee", role)} <span className="small"><Id of={payee} label={word("payee", role)} /></span></td>
        <td className="number">{percent(bps)}</td>
        <td className={numberOf(of.money)}>{amount(cut(wei, bps), of.money)}</td>
      </tr>
    ))}
  </Table>
);

// Where is which chain and contract the money goes through, and where the seller is.
export const Where = ({ of }: { of: Offered }) => (
  <Facts of={[
    [t("buy.chain"), t("buy.chainId", { id: String(of.contracts.chainId) })],
    [t("buy.contract"), isSet(of.contracts.exchange) && <Id key="contract" of={of.contracts.exchange} label={t("buy.contract")} />],
    [t("release.token"), <Id key="token" of={of.token} label={t("release.token")} />],
    [t("trade.order"), <Id key="order" of={of.order} label={t("trade.order")} />],
    [t("buy.peer"), hostOf(of.peer)],
  ]} />
);
