import { t } from "../words/words";
import type { Desk } from "./desk";
import { css } from "./colour";
import type { Laid, Over } from "./over";
import { nameOf, type Region, type Regions } from "./regions";
import { useSignal } from "./signal";

// OverList lists what lies over the images: each region with its colour and its name, to be
// shown or hidden, and how strongly they are drawn.
export function OverList({ desk, over }: { desk: Desk; over: Over }) {
  useSignal(over.changed);
  return <>{over.laid.map((laid) => <One key={laid.key} desk={desk} over={over} laid={laid} />)}</>;
}

function One({ desk, over, laid: { series, name, layer } }: { desk: Desk; over: Over; laid: Laid }) {
  useSignal(layer.changed);
  useSignal(desk.pane.changed);
  const { head } = desk.pane.shown ?? {}, here = new Set(head ? layer.on(head).map(({ number }) => number) : []);
  return (
    <div className="over-list" role="group" aria-label={name}>
      <div className="row"><h2>{name}</h2><button type="button" aria-label={t("view.overRemove", { name })} onClick={() => { over.remove(series); }}>×</button></div>
      <label className="small">{t("view.overOpacity")}
        <input type="range" min={0} max={1} step={0.05} value={layer.opacity} onChange={(event) => { layer.setOpacity(Number(event.target.value)); }} />
      </label>
      <ul>{layer.regions.map((region) => <Item key={region.number} layer={layer} region={region} here={here.has(region.number)} />)}</ul>
      {over.state(series) === "coming" && <p className="small">{t("state.loading")}</p>}
      {head && here.size === 0 && over.state(series) === "on" && <p className="small">{t("view.overNotHere")}</p>}
      {layer.lost > 0 && <p className="small">{t("view.overLost", { n: layer.lost })}</p>}
    </div>
  );
}

function Item({ layer, region, here }: { layer: Regions; region: Region; here: boolean }) {
  const shown = layer.shows(region.number);
  return (
    <li>
      <label className="choice">
        <input type="checkbox" checked={shown} onChange={() => { layer.show(region.number, !shown); }} />
        <svg className="swatch" viewBox="0 0 1 1" aria-hidden="true"><rect width="1" height="1" fill={css(region.colour)} /></svg>
        <span className={here ? "here" : undefined}>{nameOf(region)}</span>
      </label>
    </li>
  );
}
