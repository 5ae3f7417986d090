import { lazy, Suspense, useState } from "react";
import { useAsked } from "../../api/ask";
import { list } from "../../api/client";
import type { Asset, Granted, Order, ReturnedCopy, Sharing, Study } from "../../api/types";
import { to } from "../../app/route";
import { Answer } from "../../ui/Answer";
import { Facts } from "../../ui/Facts";
import { Panel } from "../../ui/Panel";
import { Empty, Loading, Reasons } from "../../ui/pieces";
import { Table } from "../../ui/Table";
import { amount, isSet, numberOf } from "../../words/money";
import { date, number, t, time, word } from "../../words/words";
import { nameOf } from "../studies/Card";
import { Revoke } from "../study/TradeOf";
import { Asks, Waiting } from "./Asked";
import "./assets.css";
import { earned, mine, type Standing, standingOf, standings } from "./owned";

const Lineage = lazy(() => import("./Lineage"));

// Copy is one copy of a study, and what became of it. order is its first, and sold are all that brought money.
type Copy = { asset: Asset; study: Study | undefined; order: Order | undefined; sold: readonly Order[]; grant: Granted | undefined; standing: Standing; back: number };

type Found = { studies: readonly Study[]; shares: readonly Sharing[]; copies: readonly Copy[] };

async function find(signal: AbortSignal): Promise<Found> {
  const [studies, assets, orders, grants, shares, back] = await Promise.all([
    list<Study>("studies", signal), list<Asset>("assets", signal), list<Order>("orders", signal),
    list<Granted>("grants", signal), list<Sharing>("shares", signal), list<ReturnedCopy>("returned", signal),
  ]);
  const copies = assets.map((asset): Copy => {
    const of = orders.filter((one) => one.release === asset.id), [order] = of;
    return {
      asset, order, sold: of.filter((one) => one.payouts.length > 0), study: studies.find((one) => one.id === asset.study), grant: grants.find((one) => one.order === order?.hash),
      standing: standingOf(asset, order), back: back.filter((one) => one.release === asset.id).length,
    };
  });
  return { studies, shares, copies: copies.toReversed() };
}

// Assets is what an owner has, what became of each copy of it, and what was paid.
export default function Assets() {
  const found = useAsked(find, []);
  return (
    <div className="page assets">
      <div className="row"><h1>{t("assets.title")}</h1><button type="button" onClick={found.again}>{t("studies.reload")}</button></div>
      <Asks />
      <Answer to={found}>{(all) => <All {...all} onChanged={found.again} />}</Answer>
    </div>
  );
}

function All({ studies, shares, copies, onChanged }: Found & { onChanged: () => void }) {
  const of = (standing: Standing): Copy[] => copies.filter((copy) => copy.standing === standing);
  return (
    <>
      <ul className="figures">
        {([["studies", number(studies.length)], ["offered", number(of("offered").length)], ["licensed", number(of("licensed").length)], ["ended", number(of("ended").length)]] as const)
          .map(([what, value]) => <li key={what}><strong>{value}</strong> {t(`assets.figure.${what}`)}</li>)}
        {earned(copies.flatMap(({ sold }) => sold)).map(({ units, money }) => <li key={money?.currency ?? ""} className={money && "of-token"}><strong>{amount(units.toString(), money)}</strong> {t("assets.figure.paid")}</li>)}
      </ul>
      <p className="note">{t("money.play")}</p>
      <Panel title={t("assets.paid")}><Paid copies={copies} /></Panel>
      {copies.length === 0 && <Empty>{t("assets.none")}</Empty>}
      {standings.filter((standing) => of(standing).length > 0).map((standing) => (
        <Panel key={standing} title={<>{word("assets.standing", standing)} <span className="badge">{number(of(standing).length)}</span></>}>
          <p className="small">{t(`assets.means.${standing}`)}</p>
          {of(standing).map((copy) => <One key={copy.asset.id} copy={copy} onChanged={onChanged} />)}
        </Panel>
      ))}
      <Panel title={t("assets.originals")}><Originals studies={studies} shares={shares} copies={copies} /></Panel>
    </>
  );
}

const nameOfCopy = ({ study }: Copy): string => (study ? [nameOf(study), date(study.date)].filter(Boolean).join(" · ") : t("study.one"));

// Paid lists what each order brought.
function Paid({ copies }: { copies: readonly Copy[] }) {
  const sold = copies.flatMap((copy) => copy.sold.map((order) => ({ copy, order })));
  if (sold.length === 0) return <Empty>{t("assets.unpaid")}</Empty>;
  return (
    <Table label={t("assets.paid")} columns={[[t("assets.of")], [t("assets.when")], [t("release.price"), "number"], [t("assets.mine"), "number"], [t("assets.others"), "number"]]}>
      {sold.map(({ copy, order }) => (
        <tr key={order.hash}>
          <td><a href={to("study", copy.asset.study)}>{nameOfCopy(copy)}</a></td>
          <td>{time(order.settled ?? order.updated)}</td>
          <td className={numberOf(order.money)}>{amount(order.priceWei, order.money)}</td>
          <td className={numberOf(order.money)}><strong>{amount(mine(order).toString(), order.money)}</strong></td>
          <td className={numberOf(order.money)}>{order.payouts.filter((one) => one.role !== "patient").map((one) => <div key={one.to}>{word("payee", one.role)} {amount(one.wei, order.money)}</div>)}</td>
        </tr>
      ))}
    </Table>
  );
}

function One({ copy, onChanged }: { copy: Copy; onChanged: () => void }) {
  const { asset, order, grant, standing } = copy;
  const [open, show] = useState(false);
  return (
    <article className="copy-of">
      <h3><a href={to("study", asset.study)}>{nameOfCopy(copy)}</a></h3>
      <Facts of={[
        [t("release.price"), order && amount(order.priceWei, order.money)],
        [t("assets.made"), asset.instances > 0 && [t("studies.images", { n: asset.instances }), asset.series.length > 0 && t("assets.series", { n: asset.series.length })].filter(Boolean).join(" · ")],
        [t("assets.access"), access(copy)],
        [t("assets.got"), order && order.payouts.length > 0 && amount(mine(order).toString(), order.money)],
        [t("assets.where"), <ul key="where" className="reasons">{where(copy).map((says) => <li key={says}>{says}</li>)}</ul>],
      ]} />
      {standing === "waiting" && <Waiting asset={asset} onChanged={onChanged} />}
      {asset.reason && <div className="failure"><strong>{word("reason", asset.reason)}</strong></div>}
      {standing === "kept" && <Reasons of={asset.withheld} />}
      {standing === "kept" && asset.author && <a className="button" href={to("sell", asset.study)}>{t("author.without")}<span className="unseen">: {nameOfCopy(copy)}</span></a>}
      {order && (standing === "licensed" || standing === "offered") && <Revoke order={order.hash} onChanged={onChanged} />}
      <button type="button" aria-expanded={open} onClick={() => { show(!open); }}>{t("lineage.button")}<span className="unseen">: {nameOfCopy(copy)}</span></button>
      {open && <Suspense fallback={<Loading />}><Lineage asset={asset} order={order} grant={grant} /></Suspense>}
    </article>
  );
}

// access says since when somebody can open a copy, or that it has ended.
function access({ standing, grant, order }: Copy): string | false {
  if (standing === "licensed") return grant ? t(order?.useEnds ? "assets.runsUntil" : "assets.runs", { time: time(grant.since), end: order?.useEnds ? time(order.useEnds) : "" }) : t("assets.waitsForKey");
  if (standing === "ended" && order) return t(grant ? "assets.ran" : "assets.never", { since: grant ? time(grant.since) : "", time: time(order.updated) });
  return false;
}

// where says at which places a copy is. What somebody took, nobody can count.
function where({ asset, order, grant, back }: Copy): string[] {
  const made = asset.state === "stored" || asset.state === "registered" || isSet(asset.token);
  if (!made) return [t("assets.where.none")];
  return [
    t("assets.where.here"),
    ...(order ? [t("assets.where.blocks")] : []),
    ...(grant ? [t(grant.revoked ? "assets.where.buyerKept" : "assets.where.buyer")] : []),
    ...(back > 0 ? [t("assets.where.back", { n: back })] : []),
  ];
}

// Originals are the studies themselves, which go nowhere by a sale.
function Originals({ studies, shares, copies }: Found) {
  if (studies.length === 0) return <Empty next={[to("import"), t("home.task.import")]}>{t("studies.none")}</Empty>;
  return (
    <Table label={t("assets.originals")} columns={[[t("assets.study")], [t("study.images"), "number"], [t("assets.where")], [t("assets.copies"), "number"]]}>
      {studies.map((study) => {
        const links = shares.filter((share) => share.study === study.id && share.state === "made").length;
        return (
          <tr key={study.id}>
            <td><a href={to("study", study.id)}>{nameOf(study)}</a><p className="small">{date(study.date)}</p></td>
            <td className="number">{number(study.instances)}</td>
            <td>{t("assets.where.original")}{links > 0 && <p className="small"><a href={to("shares")}>{t("assets.where.links", { n: links })}</a></p>}</td>
            <td className="number">{number(copies.filter((copy) => copy.asset.study === study.id && copy.standing !== "kept").length)}</td>
          </tr>
        );
      })}
    </Table>
  );
}
