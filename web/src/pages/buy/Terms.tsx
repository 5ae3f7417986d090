import type { Offered } from "../../api/types";
import { Facts } from "../../ui/Facts";
import { Id } from "../../ui/Id";
import { Tier, type TierCode } from "../../ui/pieces";
import { Table } from "../../ui/Table";
import { coins } from "../../words/money";
import { number, percent, t, word } from "../../words/words";
import { ofLicence } from "../trade/licence";
import { hostOf, span } from "./says";

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

// Terms are under what it is bought, and how long that holds.
export const Terms = ({ of }: { of: Offered }) => (
  <>
    {of.licence ? <Facts of={ofLicence(of.licence, t("buy.noEnd"))} /> : <><p>{t("buy.ownTerms")}</p><blockquote className="own-terms" dir="auto">{of.terms}</blockquote></>}
    {of.licence && <p className="small">{t("buy.personEnds")}</p>}
    {of.licence && <details><summary>{t("buy.signedText")}</summary><p className="small" lang="en">{of.terms}</p></details>}
  </>
);

// Paid is who gets which part of the price.
export const Paid = ({ of }: { of: Offered }) => (
  <Table label={t("buy.paid")} columns={[[t("payout.who")], [t("buy.part"), "number"], [t("payout.amount"), "number"]]}>
    {of.split.map(({ role, payee, bps, wei }) => (
      <tr key={payee}>
        <td>{word("payee", role)} <span className="small"><Id of={payee} label={word("payee", role)} /></span></td>
        <td className="number">{percent(bps)}</td>
        <td className="number">{coins(wei)}</td>
      </tr>
    ))}
  </Table>
);

// Where is which chain and contract the money goes through, and where the seller is.
export const Where = ({ of }: { of: Offered }) => (
  <Facts of={[
    [t("buy.chain"), t("buy.chainId", { id: String(of.contracts.chainId) })],
    [t("buy.contract"), <Id key="contract" of={of.contracts.settlement} label={t("buy.contract")} />],
    [t("release.token"), <Id key="token" of={of.token} label={t("release.token")} />],
    [t("trade.order"), <Id key="order" of={of.order} label={t("trade.order")} />],
    [t("buy.peer"), hostOf(of.peer)],
    [t("buy.deliver"), span(of.deliverWithin)],
    [t("buy.dispute"), span(of.disputeWithin)],
  ]} />
);
