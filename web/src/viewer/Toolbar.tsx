import { useRef } from "react";
import { NumberField } from "../ui/NumberField";
import { t } from "../words/words";
import { type Desk, layouts, moreTools, type Tool, tools } from "./desk";
import { KeyMark } from "./KeyImages";
import { factors } from "./lens";
import { capture, shortcuts } from "./keys";
import { useSignal } from "./signal";
import { presets, type Window } from "./window";
import type { Blend } from "./volume";
import { Cuts } from "./cuts";

const blends: readonly Blend[] = ["mean", "max", "min"];
const thicknesses = [0, 5, 10, 20, 40]; // mm

type Props = { desk: Desk; mpr: "off" | "on" | "coming"; onMpr: () => void };

// Toolbar has all that can be done by a press.
export function Toolbar({ desk, mpr, onMpr }: Props) {
  useSignal(desk.changed);
  useSignal(desk.pane.changed);
  const { pane } = desk;
  return (
    <div className="viewer-tools" role="toolbar" aria-label={t("view.tools")}>
      <span className="group" role="group" aria-label={t("view.hand")}>
        {tools.map((tool) => (
          <button key={tool} type="button" aria-pressed={desk.tool === tool} onClick={() => { desk.set({ tool }); }}>{t(`view.tool.${tool}`)}</button>
        ))}
        <MoreTools desk={desk} />
        {desk.tool === "magnify" && (
          <select aria-label={t("view.lensFactor")} value={desk.factor} onChange={(event) => { const factor = factors[event.target.selectedIndex]; if (factor) desk.set({ factor }); }}>
            {factors.map((factor) => <option key={factor} value={factor}>{factor}×</option>)}
          </select>
        )}
      </span>
      <span className="group" role="group" aria-label={t("view.window")}><Windows desk={desk} /><WindowNumbers desk={desk} /></span>
      <span className="group" role="group" aria-label={t("view.picture")}>
        <button type="button" aria-pressed={pane.tone?.invert ?? false} onClick={() => { pane.invert(); }}>{t("view.key.invert")}</button>
        <button type="button" onClick={() => { pane.setTurn({ ...pane.turn, quarters: pane.turn.quarters + 1 }); }}>{t("view.key.turn")}</button>
        <button type="button" aria-pressed={pane.turn.flip} onClick={() => { pane.setTurn({ ...pane.turn, flip: !pane.turn.flip }); }}>{t("view.key.flip")}</button>
        <button type="button" aria-pressed={pane.exact} onClick={() => { pane.actual(); }}>1:1</button>
        <button type="button" onClick={() => { pane.reset(); pane.ownWindow(); }}>{t("view.key.reset")}</button>
        <KeyMark desk={desk} />
        <button type="button" disabled={!pane.shown} onClick={() => { void capture(pane); }}>{t("view.key.capture")}</button>
        <button type="button" aria-pressed={pane.playing} disabled={(pane.source?.heads.length ?? 0) < 2} onClick={() => { if (pane.playing) pane.stop(); else pane.play(); }}>{t("view.key.cine")}</button>
      </span>
      <span className="group" role="group" aria-label={t("view.layout")}>
        {mpr === "off" && layouts.map((layout) => <button key={layout} type="button" aria-pressed={desk.layout === layout} onClick={() => { desk.set({ layout }); }}>{layout.replace("x", " × ")}</button>)}
        <button type="button" aria-pressed={mpr !== "off"} aria-busy={mpr === "coming"} onClick={onMpr}>{t("view.mpr")}</button>
        {mpr === "on" && <SlabChoice desk={desk} />}
      </span>
      <span className="group" role="group" aria-label={t("view.show")}>
        <label className="choice"><input type="checkbox" checked={desk.linked} onChange={(event) => { desk.set({ linked: event.target.checked }); }} />{t("view.linked")}</label>
        <label className="choice"><input type="checkbox" checked={desk.lines} onChange={(event) => { desk.set({ lines: event.target.checked }); }} />{t("view.lines")}</label>
        <label className="choice"><input type="checkbox" checked={desk.named} onChange={(event) => { desk.set({ named: event.target.checked }); }} />{t("view.named")}</label>
        {(pane.shown?.head.overlays.length ?? 0) > 0 && <label className="choice"><input type="checkbox" checked={desk.overlays.on} onChange={() => { desk.overlays.toggle(); }} />{t("view.overlays")}</label>}
      </span>
      <button type="button" aria-pressed={desk.tags} onClick={() => { desk.set({ tags: !desk.tags }); }}>{t("view.tags")}</button>
      <Shortcuts />
    </div>
  );
}

// MoreTools are those that are less often in hand.
function MoreTools({ desk }: { desk: Desk }) {
  const held = moreTools.includes(desk.tool);
  return (
    <select className={held ? "more held" : "more"} aria-label={t("view.moreTools")} value={held ? desk.tool : ""} onChange={(event) => { desk.set({ tool: event.target.value as Tool }); }}>
      {!held && <option value="">{t("view.moreTools")}</option>}
      {moreTools.map((tool) => <option key={tool} value={tool}>{t(`view.tool.${tool}`)}</option>)}
    </select>
  );
}

// Windows offers those of the file, and for CT those by tissue.
function Windows({ desk }: { desk: Desk }) {
  const { pane } = desk, { head } = pane.shown ?? {};
  const own = head?.windows ?? [], usual = head?.unit === "HU" ? presets : [];
  const choices: { name: string; window: Window }[] = [
    ...own.map((window, i) => ({ name: window.name || t("view.ownWindow", { n: i + 1 }), window })),
    ...usual.map(({ key, window }) => ({ name: t(`view.key.preset.${key}`), window })),
  ];
  const now = pane.tone?.window, at = choices.findIndex(({ window }) => window.center === now?.center && window.width === now.width);
  return (
    <select aria-label={t("view.window")} value={at < 0 ? "" : String(at)} disabled={!head || head.samples > 1}
      onChange={(event) => { const chosen = choices[Number(event.target.value)]; if (event.target.value === "auto") pane.ownWindow(); else if (chosen) pane.setWindow(chosen.window); }}>
      {at < 0 && <option value="">{t("view.windowFree")}</option>}
      {choices.map(({ name }, i) => <option key={i} value={i}>{name}</option>)}
      <option value="auto">{t("view.windowAuto")}</option>
    </select>
  );
}

// WindowNumbers takes a window as numbers.
function WindowNumbers({ desk }: { desk: Desk }) {
  const { pane } = desk, { window } = pane.tone ?? {}, grey = pane.shown?.head.samples === 1;
  if (!window || !grey) return null;
  const set = (change: Partial<Window>): void => { pane.setWindow({ center: window.center, width: window.width, voi: window.voi === "SIGMOID" ? "SIGMOID" : "LINEAR", ...change }); };
  const step = window.width < 20 ? 0.1 : 1, shown = (v: number): number => Number(v.toFixed(step < 1 ? 3 : 1));
  return (
    <>
      <NumberField label={t("view.center")} step={step} value={shown(window.center)} onType={(center) => { set({ center }); }} />
      <NumberField label={t("view.width")} step={step} least={step} value={shown(window.width)} onType={(width) => { set({ width }); }} />
    </>
  );
}

function SlabChoice({ desk }: { desk: Desk }) {
  const cuts = desk.tiles.map((pane) => pane.source).filter((source) => source instanceof Cuts), [first] = cuts;
  if (!first) return null;
  const set = (thickness: number, blend: Blend): void => {
    for (const one of cuts) one.setSlab({ thickness, blend });
    for (const pane of desk.tiles) pane.go(pane.index);
    desk.changed.tell();
  };
  return (
    <>
      <select aria-label={t("view.slab")} value={first.slab.thickness} onChange={(event) => { set(Number(event.target.value), first.slab.blend); }}>
        {thicknesses.map((mm) => <option key={mm} value={mm}>{mm === 0 ? t("view.noSlab") : t("view.mm", { mm })}</option>)}
      </select>
      <select aria-label={t("view.blending")} value={first.slab.blend} disabled={first.slab.thickness === 0} onChange={(event) => { set(first.slab.thickness, event.target.value as Blend); }}>
        {blends.map((blend) => <option key={blend} value={blend}>{t(`view.blend.${blend}`)}</option>)}
      </select>
    </>
  );
}

const keyNames: Record<string, string> = { " ": "Space", ArrowDown: "↓", ArrowRight: "→", ArrowUp: "↑", ArrowLeft: "←" };

function Shortcuts() {
  const dialog = useRef<HTMLDialogElement>(null), title = useRef<HTMLHeadingElement>(null);
  const open = (): void => {
    dialog.current?.showModal();
    title.current?.focus(); // a long list is read from its beginning, not from its button
  };
  return (
    <>
      <button type="button" onClick={open}>{t("view.keys")}</button>
      <dialog ref={dialog} aria-label={t("view.keys")} className="viewer-keys">
        <h2 ref={title} tabIndex={-1}>{t("view.keys")}</h2>
        <p className="small">{t("view.pointers")}</p>
        <table>
          <tbody>
            {shortcuts.map(({ key, keys }) => (
              <tr key={key}><th scope="row">{t(`view.key.${key}`)}</th><td>{keys.map((name) => <kbd key={name}>{keyNames[name] ?? name}</kbd>)}</td></tr>
            ))}
          </tbody>
        </table>
        <div className="row end"><button type="button" onClick={() => { dialog.current?.close(); }}>{t("view.close")}</button></div>
      </dialog>
    </>
  );
}
