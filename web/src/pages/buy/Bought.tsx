import { useMemo } from "react";
import { useAsked } from "../../api/ask";
import { get, list, part } from "../../api/client";
import type { BoughtRecord, Purchase } from "../../api/types";
import { to } from "../../app/route";
import { Answer } from "../../ui/Answer";
import { Back, Empty } from "../../ui/pieces";
import { t, time, word } from "../../words/words";
import { Viewer } from "../../viewer/Viewer";
import { Copies } from "../studies/Card";
import { BoughtFeed, loadOf } from "./feed";

// Bought is the viewer of what was bought: #/bought/ORDER.
export default function Bought({ id }: { id: string }) {
  const found = useAsked(async (signal) => {
    const purchase = await get<Purchase>(`purchases/${part(id)}`, signal);
    return { purchase, records: purchase.over ? [] : await list<BoughtRecord>(`purchases/${part(id)}/records`, signal) };
  }, [id]);
  return (
    <div className="page viewer-page">
      <Back to={to("buy", id)}>{t("buy.toPurchase")}</Back>
      <Answer to={found} title={t("buy.boughtTitle")}>{(all) => all.purchase.over ? <p className="note">{t("buy.over")}</p> : <Shown {...all} />}</Answer>
    </div>
  );
}

// Reminder is what may be done with it, and until when.
function Reminder({ of: { offer, useEnds } }: { of: Purchase }) {
  if (!offer?.licence) return <p className="small">{t("buy.reminderOwn")}</p>;
  const { purpose, use } = offer.licence;
  return (
    <p className="small">
      {t("buy.reminder", { use: word("licence.use", use), purpose: word("licence.purpose", purpose) })} {useEnds && t("buy.reminderEnds", { time: time(useEnds) })}
    </p>
  );
}

function Shown({ purchase, records }: { purchase: Purchase; records: readonly BoughtRecord[] }) {
  const feed = useMemo(() => new BoughtFeed(records, loadOf(purchase.order)), [records, purchase.order]);
  const study = useMemo(() => ({ uid: feed.study, seriesList: feed.series }), [feed]);
  return (
    <>
      <div className="row">
        <h1>{t("buy.boughtTitle")}</h1>
        <span className="tools"><span className="small">{time(purchase.updated)}</span><a className="button" href={`/api/v1/purchases/${part(purchase.order)}/files`} download>{t("buy.files")}</a></span>
      </div>
      <Copies study={{ deidentified: feed.deidentified, instances: records.length }} />
      <Reminder of={purchase} />
      {study.uid && study.seriesList.length > 0 ? <Viewer study={study} first="" feed={feed} /> : <Empty>{t("view.none")}</Empty>}
    </>
  );
}
