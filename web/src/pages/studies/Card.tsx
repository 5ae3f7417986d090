import type { Study } from "../../api/types";
import { to } from "../../app/route";
import { useSession } from "../../app/session";
import { Tier, type TierCode } from "../../ui/pieces";
import { Thumbnail } from "../../ui/Thumbnail";
import { brief, bytes, date, t, time, word } from "../../words/words";

export const nameOf = (study: Study): string => brief(study.description) || t("study.unnamed");

export const modalities = (study: Study): string => (study.modalities ?? []).map((code) => {
  const words = word("modality", code);
  return words === code ? code : `${words} (${code})`;
}).join(", ");

// Copies warns of de-identified copies: nobody is to be treated by them.
export function Copies({ study }: { study: Pick<Study, "deidentified" | "instances"> }) {
  const n = study.deidentified ?? 0;
  if (n === 0) return null;
  const says = n < study.instances ? t("study.copies.some", { n, all: study.instances }) : t("study.copies.all");
  return <p className="note"><strong>{says}</strong> {t("study.copies.warn")}</p>;
}

// Card is one study in a list.
export function Card({ study }: { study: Study }) {
  const { role } = useSession();
  const counted = [t("studies.images", { n: study.instances }), bytes(study.bytes), study.releases > 0 && t("studies.releases", { n: study.releases })];
  return (
    <li className="card">
      <Thumbnail study={study.id} size={256} />
      <div>
        <h2><a href={to("study", study.id)}>{nameOf(study)}</a></h2>
        <p>{[date(study.date), modalities(study)].filter(Boolean).join(" · ")}</p>
        <p className="small">{counted.filter(Boolean).join(" · ")}</p>
        <p className="small"><Tier code={study.tier as TierCode} />{word("tier", study.tier)}</p>
        <Copies study={study} />
        <p className="small">{t("studies.origin", { origin: word("origin", study.origin) })}</p>
        <p className="small">{t("studies.imported", { time: time(study.imported) })}</p>
        {role === "owner" && <a className="button" href={to("sell", study.id)}>{t("sell.start")}<span className="unseen">: {nameOf(study)}</span></a>}
      </div>
    </li>
  );
}
