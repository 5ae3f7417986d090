import { useMemo } from "react";
import { useAsked } from "../../api/ask";
import { get, list, part } from "../../api/client";
import type { BoughtRecord, Purchase } from "../../api/types";
import { to } from "../../app/route";
import { Answer } from "../../ui/Answer";
import { Back, Empty } from "../../ui/pieces";
import { t, time } from "../../words/words";
import { Viewer } from "../../viewer/Viewer";
import { Copies } from "../studies/Card";
import { BoughtFeed, loadOf } from "./feed";

// Bought is the viewer of what was bought: #/bought/ORDER.
export default function Bought({ id }: { id: string }) {
  const found = useAsked(async (signal) => {
    const [purchase, records] = await Promise.all([get<Purchase>(`purchases/${part(id)}`, signal), list<BoughtRecord>(`purchases/${part(id)}/records`, signal)]);
    return { purchase, records };
  }, [id]);
  return (
    <div className="page viewer-page">
      <Back to={to("buy", id)}>{t("buy.toPurchase")}</Back>
      <Answer to={found} title={t("buy.boughtTitle")}>{(all) => <Shown {...all} />}</Answer>
    </div>
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
      <p className="small">{t(purchase.offer?.usualTerms ? "buy.reminder" : "buy.reminderOwn")}</p>
      {study.uid && study.seriesList.length > 0 ? <Viewer study={study} first="" feed={feed} /> : <Empty>{t("view.none")}</Empty>}
    </>
  );
}
