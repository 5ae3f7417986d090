import { useId } from "react";
import { Panel } from "../ui/Panel";
import { Slider } from "../ui/Slider";
import { number, t } from "../words/words";
import { type Box, middleOf } from "./pose";
import { cutSays, millimetres, type Named, titleOf } from "./says";
import { axes, type Cut, cutAlong, type CutAxis, type Layer, lengthOf, mostLamp, type Shown } from "./state";

type Props = { shown: Shown; named: Named; box: Box; onShown: (change: (was: Shown) => Shown) => void };

// Looks are the colours of the models, the light, the cut, and what was measured.
export function Looks({ shown, named, box, onShown }: Props) {
  const layer = (i: number, to: Layer): void => { onShown((was) => ({ ...was, layers: was.layers.map((one, k) => (k === i ? to : one)) })); };
  return (
    <Panel title={t("model.looks")} className="looks">
      {shown.layers.map((one, i) => <Paint key={i} name={titleOf(one, named)} layer={one} onChange={(to) => { layer(i, to); }} />)}
      <Lamp shown={shown} onShown={onShown} />
      <Cutting cut={shown.cut} box={box} onCut={(cut) => { onShown((was) => ({ ...was, cut })); }} />
    </Panel>
  );
}

// Lamp is from where the light comes.
export function Lamp({ shown, onShown }: Pick<Props, "shown" | "onShown">) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{t("model.lamp")}</label>
      <Slider id={id} from={-mostLamp} to={mostLamp} step={5} at={shown.lamp} onMove={(to) => { onShown((was) => ({ ...was, lamp: to })); }} />
    </div>
  );
}

// Paint is the colour of a model, and how much can be seen through it.
function Paint({ name, layer, onChange }: { name: string; layer: Layer; onChange: (to: Layer) => void }) {
  const id = useId();
  return (
    <div className="paint">
      <input type="color" aria-label={t("model.colourOf", { name })} value={layer.colour} onChange={(event) => { onChange({ ...layer, colour: event.target.value }); }} />
      <div className="field">
        <label htmlFor={id}>{t("model.opacityOf", { name, percent: number(layer.opacity / 100, { style: "percent" }) })}</label>
        <Slider id={id} from={5} to={100} step={5} at={layer.opacity} onMove={(opacity) => { onChange({ ...layer, opacity }); }} />
      </div>
    </div>
  );
}

// Cutting takes a part away along a plane of the patient.
export function Cutting({ cut, box, onCut }: { cut: Cut | undefined; box: Box; onCut: (to: Cut | undefined) => void }) {
  const id = useId();
  const choose = (axis: string): void => {
    const known = axes.find((one) => one === axis);
    onCut(known && { axis: known, at: Math.round(middleOf(box)[cutAlong[known]]), turned: false });
  };
  return (
    <>
      <div className="field">
        <label htmlFor={`${id}-axis`}>{t("model.cut")}</label>
        <select id={`${id}-axis`} value={cut?.axis ?? ""} onChange={(event) => { choose(event.target.value); }}>
          <option value="">{t("model.whole")}</option>
          {axes.map((axis: CutAxis) => <option key={axis} value={axis}>{t(`view.axis.${axis}`)}</option>)}
        </select>
      </div>
      {cut && (
        <div className="field">
          <label htmlFor={`${id}-at`}>{cutSays(cut)}</label>
          <Slider id={`${id}-at`} from={Math.floor(box.low[cutAlong[cut.axis]])} to={Math.ceil(box.high[cutAlong[cut.axis]])} step={0.5} at={cut.at} onMove={(at) => { onCut({ ...cut, at }); }} />
          <label className="choice"><input type="checkbox" checked={cut.turned} onChange={(event) => { onCut({ ...cut, turned: event.target.checked }); }} />{t("model.turned")}</label>
        </div>
      )}
    </>
  );
}

// Distances lists what was measured.
export function Distances({ shown, onShown }: Omit<Props, "box" | "named">) {
  if (!shown.marks.length) return null;
  const drop = (i: number): void => { onShown((was) => ({ ...was, marks: was.marks.filter((_, k) => k !== i) })); };
  return (
    <Panel title={t("model.distances")}>
      <ol className="distances">
        {shown.marks.map((mark, i) => (
          <li key={i}><span>{millimetres(lengthOf(mark))}</span><button type="button" className="copy" aria-label={t("model.dropMark", { mm: millimetres(lengthOf(mark)) })} onClick={() => { drop(i); }}>{t("model.drop")}</button></li>
        ))}
      </ol>
      <p className="small">{t("model.straight")}</p>
    </Panel>
  );
}
