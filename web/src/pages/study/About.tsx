import type { Series, Study } from "../../api/types";
import { Facts } from "../../ui/Facts";
import { Id } from "../../ui/Id";
import { Tier, type TierCode } from "../../ui/pieces";
import { Table } from "../../ui/Table";
import { brief, bytes, date, number, t, time, word } from "../../words/words";
import { modalities } from "../studies/Card";

// About is what is known of a study.
export const About = ({ of: study }: { of: Study }) => (
  <Facts of={[
    [t("study.date"), date(study.date)],
    [t("study.modality"), modalities(study)],
    [t("study.images"), number(study.instances)],
    [t("study.size"), bytes(study.bytes)],
    [t("study.tier"), <span key="tier"><Tier code={study.tier as TierCode} />{word("tier", study.tier)}</span>],
    [t("study.origin"), word("origin", study.origin)],
    [t("study.imported"), time(study.imported)],
    [t("study.id"), <Id key="id" of={study.id} label={t("study.id")} />],
    [t("study.original"), study.original && <Id key="original" of={study.original} label={t("study.original")} />],
  ]} />
);

export const SeriesList = ({ of }: { of: readonly Series[] }) => (
  <Table label={t("series.title")} columns={[[t("series.modality")], [t("series.bodyPart")], [t("series.description")], [t("series.instances"), "number"]]}>
    {of.map((series) => (
      <tr key={series.id}>
        <td>{series.modality || "–"}</td>
        <td>{series.bodyPart ? word("bodyPart", brief(series.bodyPart)) : "–"}</td>
        <td>{brief(series.description) || "–"}</td>
        <td className="number">{number(series.instances)}</td>
      </tr>
    ))}
  </Table>
);
