import { type FormEvent, useEffect, useState } from "react";
import { Problem } from "../api/client";
import type { Series } from "../api/types";
import { Failure } from "../ui/Failure";
import { NumberField } from "../ui/NumberField";
import { Progress } from "../ui/pieces";
import { Slider } from "../ui/Slider";
import { bytes, number, t } from "../words/words";
import { type Named, titleOf } from "./says";
import { type Kind, kinds, type Layer, leastLevel, mostLevel, type Outline, type Shown, triangleChoices, usualColour, usualLevel } from "./state";
import type { Models } from "./useModels";

type Props = { series: Series; named: Named; shown: Shown; made: Models; onMake: (layers: Layer[], triangles: number) => void };

const isCT = (series: Series): boolean => series.modality === "CT";

// ways are the kinds of model that a series can have: only CT says where bone begins.
const ways = (series: Series, named: Named): readonly Kind[] => (isCT(series) ? kinds : ["threshold", "skin", "segment"] as const).filter((kind) => kind !== "segment" || named.length > 0);

const layerOf = (kind: Kind, opacity: number): Layer => ({ kind, level: usualLevel[kind], colour: usualColour[kind], opacity });

// seen is how well a second model lets the first be seen through it, in per cent.
const seen = 35;

// beside is what goes well with a first model: the skin over it, or the bone in it.
function beside(first: Layer, hounsfield: boolean): Layer {
  if (!hounsfield) return { ...layerOf("skin", seen), level: first.outline ? usualLevel.threshold : first.level };
  return first.kind === "skin" ? layerOf("bone", 100) : layerOf("skin", seen);
}

// Making says what models to make, and how far that is.
export function Making({ series, named, shown, made, onMake }: Props) {
  const [layers, set] = useState<readonly Layer[]>(shown.layers.length ? shown.layers : [layerOf(ways(series, named)[0] ?? "threshold", 100)]), [triangles, setTriangles] = useState(shown.triangles);
  const [first] = layers, second = layers[1];
  const change = (i: number, to: Layer): void => { set(layers.map((layer, k) => (k === i ? to : layer))); };
  const send = (event: FormEvent): void => {
    event.preventDefault();
    // Colours may have been chosen since.
    onMake(layers.map((layer, i) => (shown.layers[i] && sameThing(shown.layers[i], layer) ? { ...layer, colour: shown.layers[i].colour, opacity: shown.layers[i].opacity } : layer)), triangles);
  };
  if (!first) return null;
  return (
    <form onSubmit={send}>
      <LayerFields series={series} named={named} name={t("model.first")} layer={first} onChange={(to) => { change(0, to); }} />
      <label className="choice"><input id="second" type="checkbox" checked={second !== undefined} onChange={(event) => { set(event.target.checked ? [first, beside(first, isCT(series))] : [first]); }} />{t("model.second")}</label>
      {second && <LayerFields series={series} named={named} name={t("model.beside")} layer={second} onChange={(to) => { change(1, to); }} />}
      {layers.some(({ kind }) => kind === "skin") && <p className="note small">{t("model.face")}</p>}
      <div className="field">
        <label htmlFor="triangles">{t("model.triangles")}</label>
        <select id="triangles" value={triangles} onChange={(event) => { setTriangles(Number(event.target.value)); }}>{triangleChoices.map((n) => <option key={n} value={n}>{number(n)}</option>)}</select>
      </div>
      <div className="tools">
        <button type="submit" className="primary" disabled={made.coming !== null}>{t(shown.layers.length ? "model.makeAgain" : "model.make")}</button>
        {made.coming && <button type="button" onClick={made.cancel}>{t("state.cancel")}</button>}
      </div>
      <HowFar shown={shown} named={named} made={made} />
      <p className="small">{t("model.logged")}</p>
    </form>
  );
}

type LayerProps = { series: Series; named: Named; name: string; layer: Layer; onChange: (to: Layer) => void };

// LayerFields are what a model is of, and its least value.
function LayerFields({ series, named, name, layer, onChange }: LayerProps) {
  const id = name === t("model.first") ? "first" : "other", hounsfield = isCT(series);
  return (
    <fieldset className="field">
      <legend>{name}</legend>
      <select id={`${id}-kind`} aria-label={t("model.what")} value={layer.kind}
        onChange={(event) => { onChange(turnedTo(event.target.value as Kind, layer, hounsfield, named)); }}>
        {ways(series, named).map((kind) => <option key={kind} value={kind}>{t(`model.kind.${kind}`)}</option>)}
      </select>
      {layer.outline ? <Segments id={id} named={named} layer={layer} onChange={onChange} /> : <Level id={id} hounsfield={hounsfield} layer={layer} onChange={onChange} />}
    </fieldset>
  );
}

// Level is the least value of a model, by slider or number.
function Level({ id, hounsfield, layer, onChange }: Pick<LayerProps, "layer" | "onChange"> & { id: string; hounsfield: boolean }) {
  const [least, most] = hounsfield ? [-1000, 3000] : [0, 4000], says = t(hounsfield ? "model.fromHounsfield" : "model.fromValue");
  const set = (to: number): void => { if (Number.isFinite(to)) onChange({ ...layer, level: Math.round(Math.max(leastLevel, Math.min(mostLevel, to))) }); };
  return (
    <>
      <label htmlFor={`${id}-level`}>{says}</label>
      <div className="level">
        <Slider id={`${id}-level`} from={least} to={most} step={10} at={layer.level} onMove={set} />
        <NumberField label={says} step={1} least={leastLevel} most={mostLevel} value={layer.level} onType={set} />
      </div>
    </>
  );
}

// turnedTo is a layer of another kind.
function turnedTo(kind: Kind, layer: Layer, hounsfield: boolean, named: Named): Layer {
  const [first] = named, outline = kind === "segment" && first ? { record: first.record, segment: first.segment } : undefined;
  const level = kind === "segment" || layer.kind === "segment" || hounsfield ? usualLevel[kind] : layer.level;
  return { kind, level, colour: usualColour[kind], opacity: kind === "skin" ? layer.opacity : 100, outline };
}

const keyOf = ({ record, segment }: Outline): string => `${record} ${segment}`;

// sameThing reports whether two layers are of the same, whatever their least value.
const sameThing = (a: Layer, b: Layer): boolean => a.kind === b.kind && (a.outline && keyOf(a.outline)) === (b.outline && keyOf(b.outline));

// Segments are those that somebody outlined in the series.
function Segments({ id, named, layer, onChange }: Pick<LayerProps, "named" | "layer" | "onChange"> & { id: string }) {
  return (
    <>
      <label htmlFor={`${id}-segment`}>{t("model.outlined")}</label>
      <select id={`${id}-segment`} value={layer.outline && keyOf(layer.outline)}
        onChange={(event) => { const found = named.find((one) => keyOf(one) === event.target.value); if (found) onChange({ ...layer, outline: { record: found.record, segment: found.segment } }); }}>
        {named.map((one) => <option key={keyOf(one)} value={keyOf(one)}>{one.label || t("model.segment", { k: one.segment })}</option>)}
      </select>
    </>
  );
}

// HowFar is what becomes of the models that were asked for.
function HowFar({ shown, named, made: { coming, failure, cancelled, again } }: { shown: Shown; named: Named; made: Models }) {
  const seconds = useSeconds(coming !== null && coming.done === 0), layer = shown.layers[coming?.of ?? 0];
  if (failure !== null) {
    const hopeless = failure instanceof Problem && ["denied", "not-found", "unsupported", "invalid"].includes(failure.kind);
    const safe = failure instanceof Problem && failure.kind === "invalid" ? { safe: t("model.tryLess") } : {};
    return <div className="stack"><Failure of={failure} heading={t("model.failed")} {...safe} />{!hopeless && <button type="button" onClick={again}>{t("state.again")}</button>}</div>;
  }
  if (cancelled) return <p role="status">{t("model.cancelled")} <button type="button" onClick={again}>{t("state.again")}</button></p>;
  if (!coming || !layer) return null;
  const what = titleOf(layer, named);
  const says = coming.done === 0 ? t("model.making", { what, seconds }) : t("model.fetching", { what, done: bytes(coming.done), all: bytes(coming.total) });
  return <div className="stack"><p>{says}</p><Progress label={what} of={coming.done ? coming : undefined} /></div>;
}

// useSeconds counts as long as it goes on.
function useSeconds(on: boolean): number {
  const [seconds, set] = useState(0);
  useEffect(() => {
    set(0);
    if (!on) return;
    const timer = setInterval(() => { set((n) => n + 1); }, 1000);
    return () => { clearInterval(timer); };
  }, [on]);
  return seconds;
}
