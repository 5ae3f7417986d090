import type { Asset, Granted, Order } from "../../api/types";
import { useSession } from "../../app/session";
import { Facts } from "../../ui/Facts";
import { Id } from "../../ui/Id";
import { Token } from "../../ui/Token";
import { Empty, Reasons, Said, Tier, type TierCode } from "../../ui/pieces";
import { isSet } from "../../words/money";
import { number, t, time, word } from "../../words/words";
import { Quality } from "../quality/Quality";
import { Risk } from "../risk/Risk";
import { Money } from "../trade/Money";
import { ofLicence } from "../trade/licence";
import { Verification } from "../trade/Verification";
import { CallOff, isCalledOff } from "./CallOff";
import { Faces } from "./Faces";
import { Split } from "./Split";
import { TradeOf } from "./TradeOf";
import type { Trade } from "./trade";

// Releases are what was made of a study, who is paid, and the trades.
export function Releases({ of: { assets, orders, grants }, onChanged }: { of: Trade; onChanged: () => void }) {
  if (assets.length === 0) return <Empty>{t("releases.none")}</Empty>;
  return (
    <>
      <p className="note">{t("money.play")}</p>
      {assets.map((asset) => <Release key={asset.id} asset={asset} orders={orders.filter((order) => order.release === asset.id)} grants={grants} onChanged={onChanged} />)}
    </>
  );
}

type Props = { asset: Asset; orders: readonly Order[]; grants: readonly Granted[]; onChanged: () => void };

function Release({ asset, orders, grants, onChanged }: Props) {
  const { role } = useSession();
  const minted = isSet(asset.token), unfinished = (!asset.draft || asset.author !== undefined) && ["awaiting", "planned", "stored"].includes(asset.state);
  return (
    <article className="release">
      <h3>{isCalledOff(asset) ? t("release.calledOff") : word("release", asset.draft && asset.state === "stored" ? "draft" : asset.state)}</h3>
      {asset.reason && !isCalledOff(asset) && <div className="failure"><strong>{word("reason", asset.reason)}</strong><Said text={asset.explain} /></div>}
      {minted && isCalledOff(asset) && <p className="note">{t("callOff.landed")}</p>}
      {Object.keys(asset.withheld).length > 0 && <div><p>{t("release.withheld")}</p><Reasons of={asset.withheld} /></div>}
      <div className="terms">
        <ReleaseFacts asset={asset} minted={minted} own={role === "owner"} />
        {asset.split.length > 0 && (minted || asset.state !== "refused") && <Split of={asset.split} />}
      </div>
      {role === "owner" && unfinished && <CallOff release={asset.id} onChanged={onChanged} />}
      {asset.risk && <Risk of={asset.risk} />}
      {asset.quality && <Quality of={asset.quality} />}
      <Faces asset={asset} />
      {orders.map((order) => <TradeOf key={order.hash} order={order} grant={grants.find((grant) => grant.order === order.hash)} onChanged={onChanged} />)}
      {minted && orders.length > 0 && <Verification token={asset.token} />}
    </article>
  );
}

const ReleaseFacts = ({ asset, minted, own }: { asset: Asset; minted: boolean; own: boolean }) => (
  <Facts of={[
    [t("study.tier"), minted && <span key="tier"><Tier code={asset.tier as TierCode} />{word("tier", asset.tier)}</span>],
    [t("release.instances"), asset.instances > 0 && number(asset.instances)],
    [t("release.price"), asset.state !== "refused" && !asset.draft && asset.priceWei !== "0" && <Money key="price" wei={asset.priceWei} />],
    ...(asset.state === "refused" || asset.draft ? [] : ofLicence(asset.terms.licence, t(own ? "sell.terms.untilEnd" : "licence.untilPerson"))),
    [t("buy.panel"), isSet(asset.terms.panel) && <Id key="panel" of={asset.terms.panel ?? ""} label={t("buy.panel")} />],
    [t("release.token"), minted && <Token key="token" of={asset.token} />],
    [t("release.tx"), isSet(asset.tx) && <Id key="tx" of={asset.tx} label={t("release.tx")} />],
    [t("release.updated"), time(asset.updated)],
  ]} />
);
