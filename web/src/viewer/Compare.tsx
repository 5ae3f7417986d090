import { useState } from "react";
import { get, list, part } from "../api/client";
import type { Series, Study } from "../api/types";
import { Failure } from "../ui/Failure";
import { brief, date, t, word } from "../words/words";
import { rank } from "./earlier";

const mostAsked = 24; // studies of which it is asked what is in them

// othersOf lists a person's other studies, the best to compare with first. De-identified
// copies are none of them: their dates are not true.
async function othersOf(person: string, own: Pick<Study, "id" | "date">, series: Series | undefined): Promise<Study[]> {
  const all = (await list<Study>(`studies?person=${encodeURIComponent(person)}`)).filter(({ id, uid, deidentified }) => id !== own.id && uid && deidentified === 0);
  const likely = [...all].sort((a, b) => Number(b.modalities.includes(series?.modality ?? "")) - Number(a.modalities.includes(series?.modality ?? "")) || (b.date ?? "").localeCompare(a.date ?? ""));
  return rank(await Promise.all(likely.slice(0, mostAsked).map(({ id }) => get<Study>(`studies/${part(id)}`))), own, series);
}

type Props = { person: string; own: Pick<Study, "id" | "date">; series: Series | undefined; beside: Study | null; onChoose: (study: Study | null) => void };

// Compare chooses another study of the same person, to be looked at beside this one.
export function Compare({ person, own, series, beside, onChoose }: Props) {
  const [others, setOthers] = useState<readonly Study[] | null>(null), [failure, setFailure] = useState<unknown>(null);
  const ask = async (): Promise<void> => {
    try {
      setFailure(null);
      setOthers(await othersOf(person, own, series));
    } catch (error) {
      setFailure(error);
    }
  };
  const choose = (study: Study | null): void => {
    setOthers(null);
    onChoose(study);
  };
  if (beside) {
    return (
      <div className="compare">
        <button type="button" onClick={() => { choose(null); }}>{t("view.compareEnd")}</button>
        <p className="small">{t("view.compareHow")}</p>
      </div>
    );
  }
  return (
    <div className="compare">
      <button type="button" aria-expanded={others !== null} onClick={() => { if (others) setOthers(null); else void ask(); }}>{t("view.compare")}</button>
      {failure !== null && <Failure of={failure} />}
      {others?.length === 0 && <p className="small">{t("view.compareNone")}</p>}
      {others && others.length > 0 && (
        <ul aria-label={t("view.compare")}>
          {others.map((study) => (
            <li key={study.id}>
              <button type="button" onClick={() => { choose(study); }}>
                <strong>{date(study.date) || t("view.noDate")}</strong><span>{partsOf(study)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

// partsOf names what a study is of.
const partsOf = (study: Study): string => [study.modalities.join(", "), brief(study.description), [...new Set((study.seriesList ?? []).flatMap(({ bodyPart }) => (bodyPart ? [word("bodyPart", brief(bodyPart))] : [])))].join(", ")].filter(Boolean).join(" · ");
