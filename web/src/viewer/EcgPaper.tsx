import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { useAsked } from "../api/ask";
import { Answer } from "../ui/Answer";
import { number, t } from "../words/words";
import type { Dataset } from "./dataset";
import { ecgOf, gain, type Group, lineOf, speed, type Trace, traceOf } from "./ecg";
import type { Stack } from "./stack";

const zooms = [0.5, 0.75, 1, 1.5, 2, 3];
const pxOfMm = 96 / 25.4; // CSS pixels, at zoom 1
const rowMm = 30; // of a lead
const mostMm = 50_000; // of paper: what a browser scrolls, and half an hour

// EcgPaper plots the waveforms of an object, a group at a time.
export function EcgPaper({ of, stack }: { of: Dataset; stack: Stack }) {
  const { groups, lost, notes } = useMemo(() => ecgOf(of), [of]), [at, setAt] = useState(0), group = groups[at] ?? groups[0];
  return (
    <div className="paper-body ecg">
      {groups.length > 1 && (
        <select aria-label={t("view.ecgGroup")} value={at} onChange={(event) => { setAt(Number(event.target.value)); }}>
          {groups.map(({ label }, i) => <option key={i} value={i}>{label || t("view.paperNumber", { k: i + 1, all: groups.length })}</option>)}
        </select>
      )}
      {group ? <GroupPaper key={at} of={group} stack={stack} /> : <p>{t("view.ecgNone")}</p>}
      {lost > 0 && group && <p className="small">{t("view.ecgLost", { n: lost })}</p>}
      {notes.length > 0 && <ul className="ecg-notes" aria-label={t("view.ecgNotes")}>{notes.map((note, i) => <li key={i}>{note}</li>)}</ul>}
    </div>
  );
}

function GroupPaper({ of, stack }: { of: Group; stack: Stack }) {
  const found = useAsked(async (signal) => traceOf(of, await stack.fetch(of.data, signal)), [of, stack]);
  return <Answer to={found}>{(trace) => (trace.samples > 0 ? <Plot of={trace} /> : <p>{t("view.ecgNone")}</p>)}</Answer>;
}

// Plot is the paper: 25 mm for a second and 10 mm for a mV, to be scrolled and zoomed.
function Plot({ of }: { of: Trace }) {
  const scroller = useRef<HTMLDivElement>(null), canvas = useRef<HTMLCanvasElement>(null), [zoom, setZoom] = useState(1);
  const { leads, frequency, lost, samples: stated } = of.group, seconds = of.samples / frequency, px = pxOfMm * zoom;
  const paper = { width: Math.min(mostMm, seconds * speed) * px, height: leads.length * rowMm * px };
  useEffect(() => {
    const box = scroller.current, sheet = canvas.current;
    if (!box || !sheet) return;
    let waiting = 0;
    const later = (): void => { waiting ||= requestAnimationFrame(() => { waiting = 0; draw(sheet, box, of, px); }); };
    const sized = new ResizeObserver(later);
    sized.observe(box);
    box.addEventListener("scroll", later);
    later();
    return () => {
      sized.disconnect();
      box.removeEventListener("scroll", later);
      cancelAnimationFrame(waiting);
    };
  }, [of, px]);
  const step = (by: number): void => { setZoom((now) => zooms[Math.min(zooms.length - 1, Math.max(0, zooms.indexOf(now) + by))] ?? now); };
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || !["+", "=", "-"].includes(event.key)) return;
    event.preventDefault();
    step(event.key === "-" ? -1 : 1);
  };
  const says = t("view.ecgSays", {
    n: leads.length, names: leads.map(({ name }) => name).join(t("view.comma")), seconds: number(seconds, { maximumFractionDigits: 1 }), hertz: number(frequency), speed, gain,
  });
  return (
    <>
      <div className="row">
        <p>{says}</p>
        <span className="tools">
          <button type="button" aria-label={t("view.key.smaller")} disabled={zoom === zooms[0]} onClick={() => { step(-1); }}>−</button>
          <span>{number(zoom, { style: "percent" })}</span>
          <button type="button" aria-label={t("view.key.larger")} disabled={zoom === zooms.at(-1)} onClick={() => { step(1); }}>+</button>
        </span>
      </div>
      {of.samples < stated && <p className="warns">{t("view.ecgCut", { seconds: number(seconds, { maximumFractionDigits: 1 }), all: number(stated / frequency, { maximumFractionDigits: 1 }) })}</p>}
      {seconds * speed > mostMm && <p className="warns">{t("view.ecgLong", { minutes: number(mostMm / speed / 60, { maximumFractionDigits: 0 }) })}</p>}
      {lost > 0 && <p className="warns">{t("view.ecgUnits", { n: lost })}</p>}
      <div className="ecg-scroller" ref={scroller} tabIndex={0} role="region" aria-label={t("view.ecgPaper")} onKeyDown={onKey}>
        <canvas ref={canvas} role="img" aria-label={says} />
        <div style={paper} />
      </div>
    </>
  );
}

// draw draws the part of the paper that a box shows.
function draw(sheet: HTMLCanvasElement, box: HTMLElement, of: Trace, px: number): void {
  const width = box.clientWidth, height = box.clientHeight, k = devicePixelRatio, context = sheet.getContext("2d", { alpha: false, willReadFrequently: true });
  if (!context || width < 1 || height < 1) return;
  const token = (name: string): string => getComputedStyle(sheet).getPropertyValue(name).trim();
  sheet.width = Math.round(width * k);
  sheet.height = Math.round(height * k);
  Object.assign(sheet.style, { width: `${width}px`, height: `${height}px`, marginBottom: `-${height}px` });
  context.scale(k, k);
  context.fillStyle = token("--ecg-paper");
  context.fillRect(0, 0, width, height);
  const { scrollLeft, scrollTop } = box;
  for (const [mm, colour] of [[1, "--ecg-fine"], [5, "--ecg-grid"]] as const) {
    if (mm * px < 3) continue; // lines that would be one
    context.strokeStyle = token(colour);
    context.lineWidth = 1;
    context.beginPath();
    for (let x = -(scrollLeft % (mm * px)); x < width; x += mm * px) { context.moveTo(x, 0); context.lineTo(x, height); }
    for (let y = -(scrollTop % (mm * px)); y < height; y += mm * px) { context.moveTo(0, y); context.lineTo(width, y); }
    context.stroke();
  }
  context.strokeStyle = context.fillStyle = token("--ecg-ink");
  context.font = `600 14px ${getComputedStyle(sheet).fontFamily}`;
  for (const [row, lead] of of.group.leads.entries()) {
    const zero = (row + 0.5) * rowMm * px - scrollTop;
    if (zero < -rowMm * px * 2 || zero > height + rowMm * px * 2) continue; // out of sight, tall waves too
    context.beginPath();
    let before = false;
    for (const [x, span] of lineOf(of, lead, Math.ceil(width), (column) => (scrollLeft + column) / (speed * px), gain * px).entries()) {
      if (span && before) context.lineTo(x, zero + span[0]);
      else if (span) context.moveTo(x, zero + span[0]);
      if (span) context.lineTo(x, zero + span[1]);
      before = span !== undefined; // where nothing was sampled there is no line
    }
    context.lineWidth = 1.5;
    context.stroke();
    context.fillText(lead.name, 6, zero - (rowMm / 2 - 4) * px);
  }
}
