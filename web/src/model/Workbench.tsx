import { useEffect, useMemo, useRef, useState } from "react";
import { useAsked } from "../api/ask";
import { get, part } from "../api/client";
import type { Series, SomeSegmentations, Study } from "../api/types";
import { manner, setManner, to } from "../app/route";
import { t } from "../words/words";
import { seriesName } from "../viewer/SeriesList";
import { Panel } from "../ui/Panel";
import { Distances, Looks } from "./Looks";
import { Making } from "./Making";
import { Numbers } from "./Numbers";
import { around, fromSide, sideOf, sides, start, turned } from "./pose";
import type { Named } from "./says";
import { fitting } from "./presets";
import { Rendered, useMachine } from "./Rendered";
import { Solid } from "./Solid";
import { mostMarks, read, type Rendering, type Shown, usual, write } from "./state";
import { Tuning } from "./Tuning";
import { useModels } from "./useModels";
import { useVoxels } from "./useVoxels";
import "../viewer/viewer.css";
import "./model.css";

type Props = { study: Study; series: Series; all: readonly Series[] };

// Workbench makes models of one series and shows them, or the series itself as a volume.
export function Workbench({ study, series, all }: Props) {
  const { named, more } = useNamed(study, series), [shown, show, links] = useShown(), [measuring, measure] = useState(false);
  const address = `studies/${part(study.id)}/series/${part(series.id)}/model`, made = useModels(address, shown.layers, shown.triangles);
  const found = made.models.filter((model) => model !== undefined), { rendering } = shown;
  const machine = useMachine(rendering !== undefined), volume = useVoxels(study, series, machine.draws), hounsfield = volume.voxels?.hounsfield ?? series.modality === "CT";
  if (rendering) {
    return (
      <div className="model-body">
        <div className="model-side">
          <Choosing study={study} series={series} all={all} rendering={rendering} onWay={() => { show((was) => ({ ...was, rendering: undefined })); }} />
          <Tuning voxels={volume.voxels} hounsfield={hounsfield} rendering={rendering} machine={machine} shown={shown} onShown={show} />
          <Distances shown={shown} onShown={show} />
        </div>
        <div className="model-main">
          {volume.voxels && machine.draws && <Views shown={shown} onShown={show} />}
          <Rendered volume={volume} machine={machine} rendering={rendering} shown={shown} onShown={show} />
        </div>
      </div>
    );
  }
  return (
    <div className="model-body">
      <div className="model-side">
        <Choosing study={study} series={series} all={all} rendering={undefined} onWay={() => { show((was) => ({ ...was, rendering: { preset: fitting("bone", hounsfield), shift: 0 } })); }} />
        <Panel title={t("model.make")}>
          <Making key={links} series={series} named={named} shown={shown} made={made} onMake={(layers, triangles) => { show((was) => ({ ...was, layers, triangles })); if (made.failure !== null || made.cancelled) made.again(); }} />
          {more > 0 && <p className="note">{t("model.segmentationsMore", { n: more })}</p>}
        </Panel>
        {found.length > 0 && <Looks shown={shown} named={named} box={around(found.map(({ surface }) => surface))} onShown={show} />}
        <Distances shown={shown} onShown={show} />
      </div>
      <div className="model-main">
        {found.length > 0
          ? <><Views shown={shown} measuring={measuring} onShown={show} onMeasuring={measure} /><Solid models={made.models} shown={shown} named={named} measuring={measuring} onShown={show} onMeasuring={measure} /></>
          : <div className="solid empty-solid"><p>{t("model.nothing")}</p></div>}
        <Numbers address={address} named={named} triangles={shown.triangles} layers={shown.layers} models={made.models} />
      </div>
    </div>
  );
}

// Choosing is which series is shown, and how: as a surface or as a volume.
function Choosing({ study, series, all, rendering, onWay }: Props & { rendering: Rendering | undefined; onWay: () => void }) {
  const rendered = rendering !== undefined;
  const turnTo = (id: string): void => { location.hash = to("model", study.id, id) + (rendering ? `?${write({ ...usual, rendering })}` : ""); };
  return (
    <div className="choosing">
      <div className="ways" role="group" aria-label={t("volume.ways")}>
        {([["volume.surface", false], ["volume.volume", true]] as const).map(([name, way]) => (
          <button key={name} type="button" aria-pressed={rendered === way} onClick={() => { if (rendered !== way) onWay(); }}>{t(name)}</button>
        ))}
      </div>
      {all.length > 1 && (
        <div className="field">
          <label htmlFor="series">{t("model.series")}</label>
          <select id="series" value={series.id} onChange={(event) => { turnTo(event.target.value); }}>{all.map((one) => <option key={one.id} value={one.id}>{seriesName(one)} · {t("studies.images", { n: one.instances })}</option>)}</select>
        </div>
      )}
    </div>
  );
}

const outlining = ["SEG"]; // modalities of what has segments

// useNamed are the segments of a series; none where the study has no segmentation, and
// until they are known. more is how many segmentations were not looked into.
function useNamed(study: Study, series: Series): { named: Named; more: number } {
  const any = (study.seriesList ?? []).some(({ modality }) => outlining.includes(modality));
  const asked = useAsked(async (signal) => (any ? get<SomeSegmentations>(`studies/${part(study.id)}/series/${part(series.id)}/segmentations`, signal) : undefined), [study.id, series.id, any]);
  const named = useMemo(() => (asked.data?.items ?? []).flatMap(({ record, segments }) => (segments ?? []).map(({ number, label = "" }) => ({ record, segment: number, label }))), [asked.data]);
  return { named, more: asked.data?.more ?? 0 };
}

const settled = 250; // ms without a change until the address says it

// useShown is what is shown, as the address says it; links counts those that were followed
// since.
function useShown(): [Shown, (change: (was: Shown) => Shown) => void, number] {
  const [shown, set] = useState(() => read(manner())), [links, count] = useState(0), text = write(shown), latest = useRef(text);
  useEffect(() => {
    latest.current = text;
    const timer = setTimeout(() => { if (manner() !== text) setManner(text); }, settled);
    return () => { clearTimeout(timer); };
  }, [text]);
  useEffect(() => {
    const came = (): void => {
      if (manner() === latest.current) return;
      set(read(manner()));
      count((n) => n + 1);
    };
    addEventListener("hashchange", came);
    return () => { removeEventListener("hashchange", came); };
  }, []);
  return [shown, set, links];
}

type ViewsProps = { shown: Shown; measuring?: boolean; onShown: (change: (was: Shown) => Shown) => void; onMeasuring?: (on: boolean) => void };

// Views are the six sides and what else is done by a press.
function Views({ shown, measuring = false, onShown, onMeasuring }: ViewsProps) {
  const [turning, turn] = useState(false), still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  useTurning(turning, onShown);
  return (
    <div className="model-tools" role="toolbar" aria-label={t("model.tools")}>
      <span className="group" role="group" aria-label={t("model.sides")}>
        {sides.map((side) => (
          <button key={side} type="button" aria-pressed={sideOf(shown.pose) === side} title={t(`view.letter.${side}`)} aria-label={t("model.fromSide", { side: t(`view.letter.${side}`) })}
            onClick={() => { onShown((was) => ({ ...was, pose: fromSide(was.pose, side) })); }}>{side}</button>
        ))}
      </span>
      <button type="button" onClick={() => { onShown((was) => ({ ...was, pose: start })); }}>{t("view.key.reset")}</button>
      {onMeasuring && <button type="button" aria-pressed={measuring} onClick={() => { onMeasuring(!measuring); }}>{t("model.measure")}</button>}
      {!still && <button type="button" aria-pressed={turning} onClick={() => { turn(!turning); }}>{t("model.turn")}</button>}
      <details className="model-keys"><summary>{t("model.how")}</summary><p className="small">{t(onMeasuring ? "model.howTo" : "volume.howTo")}</p></details>
      {measuring && <p className="small" role="status">{t("model.measuring", { most: mostMarks })}</p>}
    </div>
  );
}

const perSecond = 24; // degrees

// useTurning turns the model as long as it is on: never by itself.
function useTurning(on: boolean, onShown: ViewsProps["onShown"]): void {
  const latest = useRef(onShown);
  useEffect(() => { latest.current = onShown; });
  useEffect(() => {
    if (!on) return;
    let frame = 0, before = performance.now();
    const next = (now: number): void => {
      const degrees = ((now - before) / 1000) * perSecond;
      before = now;
      latest.current((was) => ({ ...was, pose: turned(was.pose, degrees, 0) }));
      frame = requestAnimationFrame(next);
    };
    frame = requestAnimationFrame(next);
    return () => { cancelAnimationFrame(frame); };
  }, [on]);
}
