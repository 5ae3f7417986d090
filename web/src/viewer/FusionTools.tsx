import type { Series } from "../api/types";
import { NumberField } from "../ui/NumberField";
import { t } from "../words/words";
import type { Fusion, Wash } from "./fusion";
import { seriesName } from "./SeriesList";
import { useSignal } from "./signal";

// FusionTools lays a PET series over the others of its frame of reference, and says how.
export function FusionTools({ fusion, all, onToggle }: { fusion: Fusion; all: readonly Series[]; onToggle: (series: Series) => void }) {
  useSignal(fusion.changed);
  const pets = all.filter(({ modality, uid }) => modality === "PT" && uid);
  if (pets.length === 0 || pets.length === all.length) return null;
  return (
    <div className="over-list" role="group" aria-label={t("view.fusion")}>
      <h2>{t("view.fusion")}</h2>
      {pets.map((series) => (
        <button key={series.id} type="button" aria-pressed={fusion.series === series.id} aria-busy={fusion.series === series.id && fusion.state === "coming"} onClick={() => { onToggle(series); }}>
          {t("view.fusionLay", { name: seriesName(series) })}
        </button>
      ))}
      {fusion.wash && <How wash={fusion.wash} />}
    </div>
  );
}

function How({ wash }: { wash: Wash }) {
  useSignal(wash.changed);
  const { low, high } = wash.range, unit = wash.unit || t("view.fusionNoUnit");
  return (
    <>
      <label className="small">{t("view.overOpacity")}
        <input type="range" min={0} max={1} step={0.05} value={wash.opacity} onChange={(event) => { wash.setOpacity(Number(event.target.value)); }} />
      </label>
      <div className="fusion-range">
        <label className="small">{t("view.fusionLow", { unit })}
          <NumberField value={low} onType={(to) => { wash.setRange({ low: to, high }); }} />
        </label>
        <label className="small">{t("view.fusionHigh", { unit })}
          <NumberField value={high} onType={(to) => { wash.setRange({ low, high: to }); }} />
        </label>
      </div>
      <div className="hot" role="img" aria-label={t("view.fusionColours")} />
    </>
  );
}
