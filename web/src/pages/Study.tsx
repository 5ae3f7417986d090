import { useState } from "react";
import { useAsked } from "../api/ask";
import { get, list, part } from "../api/client";
import type { ReturnedCopy, Study } from "../api/types";
import { to } from "../app/route";
import { type Role, useSession } from "../app/session";
import { Answer } from "../ui/Answer";
import { Panel } from "../ui/Panel";
import { Back } from "../ui/pieces";
import { Thumbnail } from "../ui/Thumbnail";
import { date, t, time } from "../words/words";
import { Forecast as Worth } from "./quality/Quality";
import { Forecast } from "./risk/Risk";
import { Copies, modalities, nameOf } from "./studies/Card";
import { About, SeriesList } from "./study/About";
import { Erase } from "./study/Erase";
import { Erased } from "./study/Erased";
import type { Erasure } from "./study/erasure";
import { Releases } from "./study/Releases";
import { solids } from "./study/solid";
import { useTrade } from "./study/trade";
import { Way } from "./study/Way";
import "./study/study.css";

const opens: readonly Role[] = ["owner", "clinician"]; // who may open images

type Found = { study: Study; back: readonly ReturnedCopy[] };

// find asks for a study, and for its owner also which copies of it came back.
async function find(id: string, role: Role, signal: AbortSignal): Promise<Found> {
  const study = await get<Study>(`studies/${part(id)}`, signal);
  if (role !== "owner") return { study, back: [] };
  const back = await list<ReturnedCopy>(`returned?person=${part(study.person)}`, signal);
  return { study, back: back.filter((copy) => copy.study === id) };
}

// StudyPage is one study: its picture, its series, its way step by step, its releases.
export default function StudyPage({ id }: { id: string }) {
  const { role } = useSession();
  const [round, next] = useState(0); // each is asked anew as a whole
  const found = useAsked((signal) => find(id, role, signal), [id, round]);
  const [erasure, erased] = useState<Erasure | null>(null);
  const study = found.data?.study;
  if (study && erasure) return <Erased study={study} erasure={erasure} />;
  return (
    <div className="page">
      <Back to={to()}>{t("studies.title")}</Back>
      <div className="row">
        <div>
          <h1>{study ? nameOf(study) : t("study.one")}</h1>
          {study && <p className="quiet">{[date(study.date), modalities(study)].filter(Boolean).join(" · ")}</p>}
        </div>
        {study && opens.includes(role) && (
          <span className="tools">
            {role === "owner" && <><a className="button" href={to("share", id)}>{t("share.button")}</a><a className="button" href={to("sell", id)}>{t("sell.start")}</a></>}
            {solids(study).length > 0 && <a className="button" href={to("model", id)}>{t("model.door")}</a>}
            <a className="button primary" href={to("view", id)}>{t("study.look")}</a>
          </span>
        )}
      </div>
      <Answer to={found}>{({ study: one, back }) => <Whole study={one} back={back} round={round} onChanged={() => { next(round + 1); }} onErased={erased} />}</Answer>
    </div>
  );
}

type Props = Found & { round: number; onChanged: () => void; onErased: (erasure: Erasure) => void };

function Whole({ study, back, round, onChanged, onErased }: Props) {
  const { role } = useSession();
  const trade = useTrade(study.person, study.id, round);
  const last = back.at(-1);
  return (
    <>
      <Copies study={study} />
      {last && <p className="note">{t("study.returned", { n: back.length, time: time(last.at) })}</p>}
      <div className={role === "owner" ? "study followed" : "study"}>
        <div className="aside">
          <section className="panel about"><Thumbnail study={study.id} size={512} /><About of={study} /></section>
          <Panel title={t("series.title")} className="series"><SeriesList of={study.seriesList ?? []} /></Panel>
        </div>
        {/* Others may not follow it. */}
        {role === "owner" && <Panel title={t("way.title")}><Way study={study.id} made={trade.data?.assets ?? []} round={round} /></Panel>}
      </div>
      <Panel title={t("releases.title")}><Answer to={trade}>{(found) => <Releases of={found} onChanged={onChanged} />}</Answer></Panel>
      {role === "clinician" && <Panel title={t("risk.title")}><p className="prose">{t("risk.what")}</p><Forecast study={study.id} /></Panel>}
      {role === "clinician" && <Panel title={t("quality.title")}><p className="prose">{t("quality.what")}</p><Worth study={study.id} /></Panel>}
      {role === "owner" && <Erase study={study} trade={trade.data} onErased={onErased} />}
    </>
  );
}
