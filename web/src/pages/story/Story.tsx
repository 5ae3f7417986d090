import { lazy, type ReactNode, Suspense, useEffect } from "react";
import { useAsked } from "../../api/ask";
import { get, list, part } from "../../api/client";
import type { Asset, Granted, Order, Study } from "../../api/types";
import { useChoice } from "../../app/choices";
import { to } from "../../app/route";
import { startTour } from "../../app/tour/start";
import { Answer } from "../../ui/Answer";
import { Facts } from "../../ui/Facts";
import { Panel } from "../../ui/Panel";
import { Empty, Loading } from "../../ui/pieces";
import { Thumbnail } from "../../ui/Thumbnail";
import { amount } from "../../words/money";
import { t, time, word } from "../../words/words";
import { nameOf } from "../studies/Card";
import { About } from "../study/About";
import { Split } from "../study/Split";
import { Payouts } from "../trade/Payouts";
import { LicenceToken } from "../trade/LicenceToken";
import { Verification } from "../trade/Verification";

const Lineage = lazy(() => import("../assets/Lineage"));

type Found = { study: Study; asset: Asset | undefined; order: Order | undefined; grant: Granted | undefined };

async function find(id: string, signal: AbortSignal): Promise<Found> {
  const study = await get<Study>(`studies/${part(id)}`, signal);
  const of = `?person=${part(study.person)}`;
  const [assets, orders, grants] = await Promise.all([list<Asset>(`assets${of}`, signal), list<Order>(`orders${of}`, signal), list<Granted>(`grants${of}`, signal)]);
  const made = assets.filter((one) => one.study === id);
  const asset = made.find((one) => one.order) ?? made[0];
  const order = orders.find((one) => one.release === asset?.id);
  return { study, asset, order, grant: grants.find((one) => one.order === order?.hash) };
}

// Story tells what became of one study, on one page: where the demo ends. Who comes here for
// the first time is shown around.
export default function Story({ id }: { id: string }) {
  const found = useAsked((signal) => find(id, signal), [id]);
  const [seen, see] = useChoice("tour", ["new", "seen"], "new");
  const ready = found.data !== undefined;
  useEffect(() => {
    if (!ready || seen === "seen") return;
    see("seen");
    startTour();
  }, [ready, seen, see]);
  return (
    <div className="page">
      <div className="row"><h1>{t("story.title")}</h1><button type="button" onClick={startTour}>{t("tour.start")}</button></div>
      <p className="prose">{t("story.what")}</p>
      <Answer to={found}>{(all) => <Chapters {...all} />}</Answer>
    </div>
  );
}

function Chapters({ study, asset, order, grant }: Found) {
  const chapter = (n: number, name: string, children: ReactNode): ReactNode => (
    <Panel title={`${n} · ${t(`story.${name}`)}`}><p className="prose">{t(`story.${name}.what`)}</p>{children}</Panel>
  );
  return (
    <>
      {chapter(1, "study", (
        <>
          <h3><a href={to("study", study.id)}>{nameOf(study)}</a></h3>
          <div className="columns"><div className="about"><Thumbnail study={study.id} size={512} /></div><About of={study} /></div>
        </>
      ))}
      {chapter(2, "way", asset ? <Suspense fallback={<Loading />}><Lineage asset={asset} order={order} grant={grant} /></Suspense> : <Empty>{t("releases.none")}</Empty>)}
      {chapter(3, "trade", order ? (
        <>
          <Facts of={[
            [t("release.price"), amount(order.priceWei, order.money)],
            [t("story.state"), word("trade", order.state)],
            [t("trade.since"), grant && time(grant.since)],
            [t("assets.access"), order.revoked && t(order.over ? "trade.over" : "trade.revoked")],
          ]} />
          {order.state === "released" && order.trade && <LicenceToken id={order.trade} path={`orders/${part(order.hash)}`} />}
          {asset && <Verification token={asset.token} />}
        </>
      ) : <Empty>{t("story.untraded")}</Empty>)}
      {chapter(4, "payouts", <>{asset && asset.split.length > 0 && <Split of={asset.split} />}{order && order.payouts.length > 0 ? <Payouts of={order.payouts} money={order.money} /> : <Empty>{t("assets.unpaid")}</Empty>}</>)}
      <p><a className="button primary" href={to()}>{t("story.on")}</a></p>
    </>
  );
}
