import { useEffect } from "react";
import { get, part } from "../api/client";
import { useAsked } from "../api/ask";
import type { Series, Study } from "../api/types";
import { settle, to, useRoute } from "../app/route";
import { Workbench } from "../model/Workbench";
import { Answer } from "../ui/Answer";
import { Empty } from "../ui/pieces";
import { date, t } from "../words/words";
import { Copies, nameOf } from "./studies/Card";
import { solids } from "./study/solid";

// Model makes 3-D models of a series: #/model/STUDY, or #/model/STUDY/SERIES to begin with one.
export default function Model({ id }: { id: string }) {
  const asked = useRoute()[2], study = useAsked((signal) => get<Study>(`studies/${part(id)}`, signal), [id]);
  return <Answer to={study} title={t("model.title")}>{(found) => <Whole study={found} asked={asked} />}</Answer>;
}

function Whole({ study, asked }: { study: Study; asked: string | undefined }) {
  const all = solids(study), series: Series | undefined = all.find((one) => one.id === asked) ?? all[0], chosen = series?.id;
  // Which series is the likeliest may be another tomorrow: the address names it.
  useEffect(() => { if (chosen && chosen !== asked) settle("model", study.id, chosen); }, [study.id, chosen, asked]);
  return (
    <div className="page model-page">
      <div className="row">
        <h1>{t("model.title")}</h1>
        <span className="tools">
          <span className="small">{[nameOf(study), date(study.date)].filter(Boolean).join(" · ")}</span>
          <a className="button" href={to("view", study.id)}>{t("study.look")}</a><a className="button" href={to("study", study.id)}>{t("view.study")}</a>
        </span>
      </div>
      <Copies study={study} />
      {series ? <Workbench key={`${study.id} ${series.id}`} study={study} series={series} all={all} /> : <Empty>{t("model.none")}</Empty>}
    </div>
  );
}
