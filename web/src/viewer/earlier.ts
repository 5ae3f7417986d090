// Which other study of a person is compared with the one that is shown, and which of its series.
import type { Series, Study } from "../api/types";

// rank sorts a person's other studies: those with the same part by the same modality first,
// then those by the same modality; of these the ones before this study, the latest first.
export function rank(all: readonly Study[], own: Pick<Study, "date">, series: Pick<Series, "modality" | "bodyPart"> | undefined): Study[] {
  const fit = (study: Study): number => Math.max(0, ...(study.seriesList ?? []).map((one) => fitOf(one, series)));
  const later = ({ date = "" }: Study): boolean => date > (own.date ?? "");
  return [...all].sort((a, b) => fit(b) - fit(a) || Number(later(a)) - Number(later(b)) || (b.date ?? "").localeCompare(a.date ?? ""));
}

const fitOf = (one: Series, series: Pick<Series, "modality" | "bodyPart"> | undefined): number =>
  (!series || one.modality !== series.modality ? 0 : one.bodyPart === series.bodyPart ? 2 : 1);

// matching is the series of another study that is most like one: by modality, part, words
// and then by how many images it has.
export function matching(study: Pick<Study, "seriesList">, series: Series | undefined): Series | undefined {
  const score = (one: Series): number => 4 * fitOf(one, series) + 2 * Number(one.description !== undefined && one.description === series?.description);
  const far = (one: Series): number => Math.abs(one.instances - (series?.instances ?? 0));
  return [...(study.seriesList ?? [])].sort((a, b) => score(b) - score(a) || far(a) - far(b))[0];
}
