import { type KeyboardEvent, useCallback, useEffect, useId, useRef, useState } from "react";
import { Problem } from "../api/client";
import { t, word } from "../words/words";
import type { Desk } from "./desk";
import { useGestures } from "./gestures";
import { press } from "./keys";
import { steer } from "./lens";
import { LensGlass } from "./LensGlass";
import { markedSays } from "./marked";
import { Marks } from "./Marks";
import type { Pane } from "./pane";
import { edgesOf, sideSays, sliceSays, tileSays, warnings, windowSays, zoomSays } from "./says";
import { useSignal } from "./signal";
import type { Source } from "./stack";

type Props = { desk: Desk; pane: Pane; index: number; title: string; whose: string; when: string; onDropSeries: (series: string) => void };

// Tile shows one pane: its image, what lies over it, and the same in words.
export function Tile({ desk, pane, index, title, whose, when, onDropSeries }: Props) {
  const tile = useRef<HTMLDivElement>(null), canvas = useRef<HTMLCanvasElement>(null), says = useId();
  useSignal(pane.changed);
  useSignal(desk.changed);
  const activate = useCallback(() => {
    if (desk.active !== index) desk.set({ active: index });
  }, [desk, index]);
  useGestures(tile, desk, pane, activate);
  useEffect(() => {
    const element = tile.current;
    if (!element) return;
    const fit = new ResizeObserver(() => { pane.attach(canvas.current, [element.clientWidth, element.clientHeight]); });
    fit.observe(element);
    return () => {
      fit.disconnect();
      pane.attach(null);
    };
  }, [pane]);
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return;
    if (steer(event.key, event.shiftKey, pane, desk) || press(event.key, pane, desk)) event.preventDefault();
  };
  return (
    <div ref={tile} className={desk.active === index ? "tile active" : "tile"} tabIndex={0} role="application" aria-busy={pane.source !== null && pane.source.heads.length > 0 && pane.failure === null && pane.shown?.index !== pane.index}
      aria-label={t("view.tile", { n: index + 1 })} aria-describedby={says} onKeyDown={onKey} onFocus={activate}
      onDragOver={(event) => { event.preventDefault(); }} onDrop={(event) => { onDropSeries(event.dataTransfer.getData("text/plain")); }}>
      <canvas ref={canvas} aria-hidden="true" data-image={pane.shown?.head.key} data-window={windowOf(pane)} />
      <Marks desk={desk} pane={pane} />
      <Overlay pane={pane} title={title} whose={desk.named ? whose : ""} when={when} badge={desk.keys.has(pane.shown?.head.key ?? "") ? t("view.keyImage") : ""} />
      <LensGlass desk={desk} pane={pane} />
      <Scrubber pane={pane} />
      <Spoken id={says} desk={desk} pane={pane} when={when} active={desk.active === index} />
    </div>
  );
}

// Scrubber is a bar to go to any image by pointer; the tile's keys do the same.
function Scrubber({ pane }: { pane: Pane }) {
  const all = pane.source?.heads.length ?? 0;
  if (all < 2) return null;
  return <input type="range" className="scrubber" tabIndex={-1} min={0} max={all - 1} value={pane.index} aria-label={t("view.scrubber")} aria-valuetext={sliceSays(pane)}
    onChange={(event) => { pane.stop(); pane.go(event.target.valueAsNumber); }} onPointerUp={() => { pane.tile?.focus(); }} />;
}

// windowOf is the window as PS3.18 §8.3.5.1.3 writes it; none while nothing is drawn and where
// a table is drawn with.
function windowOf({ tone, shown }: Pane): string | undefined {
  if (!tone || !shown || tone.lut !== undefined) return undefined;
  return [tone.window.center, tone.window.width, tone.window.voi.toLowerCase().replace("_", "-")].join(",");
}

// Overlay is the text at the corners and the letters at the sides.
function Overlay({ pane, title, whose, when, badge }: { pane: Pane; title: string; whose: string; when: string; badge: string }) {
  const { shown, source, failure } = pane, found = edgesOf(pane);
  if (!source) return <p className="tile-note">{t("view.emptyTile")}</p>;
  const arrived = source.arrived(), all = source.heads.length;
  return (
    <div className="overlay" aria-hidden="true">
      <div className="corner top-left">{when && <strong className="when">{when}</strong>}<span>{title}</span>{whose && <span>{whose}</span>}{shown && shown.head.bodyPart && <span>{word("bodyPart", shown.head.bodyPart)}</span>}{badge && <span className="key-badge">★ {badge}</span>}</div>
      <div className="corner top-right"><span>{shown && sideSays(shown.head)}</span><span>{shown?.head.axis && t(`view.axis.${shown.head.axis}`)}</span>{shown?.head.scale?.from === "hand" && <span className="warns">{t("view.byHand")}</span>}{warnings(pane).map((one) => <span key={one} className="warns">{one}</span>)}</div>
      <div className="corner bottom-left"><span className="slice">{sliceSays(pane)}</span><span>{zoomSays(pane)}</span></div>
      <div className="corner bottom-right"><span className="window">{windowSays(pane)}</span>{pane.tone?.invert && <span>{t("view.inverted")}</span>}</div>
      {found
        ? (["left", "right", "top", "bottom"] as const).map((edge) => <b key={edge} className={`edge edge-${edge}`}>{found[edge]}</b>)
        : shown && <b className="edge edge-top unknown">{t("view.noSides")}</b>}
      {arrived < all && <progress className="arrived" max={all} value={arrived} />}
      {failure !== null && <p className="tile-note">{failure instanceof Problem ? word("problem", failure.kind) : t("view.noImage")}</p>}
      {!shown && failure === null && <p className="tile-note">{t(all > 0 ? "state.loading" : "view.noImages")}</p>}
    </div>
  );
}

const calm = 700; // ms without a change until it is said what is shown

// Spoken is the text alternative of a tile. It is told politely, once the hand rests.
function Spoken({ id, desk, pane, when, active }: { id: string; desk: Desk; pane: Pane; when: string; active: boolean }) {
  const now = [when, tileSays(pane), markedSays(desk, pane)].filter(Boolean).join(t("view.comma")), [said, say] = useState(now);
  useEffect(() => {
    const timer = setTimeout(() => { say(now); }, calm);
    return () => { clearTimeout(timer); };
  }, [now]);
  return <p id={id} className="unseen" aria-live={active ? "polite" : "off"}>{said}</p>;
}

export const titleOf = (source: Source | null, description: string): string => {
  const head = source?.heads[0];
  return [head?.modality, description].filter(Boolean).join(" · ");
};

