// The keyboard: what each key does on a tile.
import { announce } from "../ui/announce";
import { save } from "../ui/save";
import { t } from "../words/words";
import type { Desk } from "./desk";
import { captured } from "./capture";
import { middleMark, middleRuler } from "./gestures";
import { takeLens } from "./lens";
import type { Pane } from "./pane";
import { presets } from "./window";

type Shortcut = { key: string; keys: readonly string[]; act: (pane: Pane, desk: Desk) => void };

const far = 10; // pictures

// shortcuts, in the order in which they are listed; key names the words for it.
export const shortcuts: readonly Shortcut[] = [
  { key: "next", keys: ["ArrowDown", "ArrowRight"], act: (pane) => { pane.go(pane.index + 1); } },
  { key: "previous", keys: ["ArrowUp", "ArrowLeft"], act: (pane) => { pane.go(pane.index - 1); } },
  { key: "far", keys: ["PageDown"], act: (pane) => { pane.go(pane.index + far); } },
  { key: "back", keys: ["PageUp"], act: (pane) => { pane.go(pane.index - far); } },
  { key: "first", keys: ["Home"], act: (pane) => { pane.go(0); } },
  { key: "last", keys: ["End"], act: (pane) => { pane.go(Number.MAX_SAFE_INTEGER); } },
  { key: "larger", keys: ["+", "="], act: (pane) => { pane.zoomAt(1.25); } },
  { key: "smaller", keys: ["-"], act: (pane) => { pane.zoomAt(0.8); } },
  { key: "actual", keys: ["o"], act: (pane) => { pane.actual(); } },
  { key: "reset", keys: ["0"], act: (pane) => { pane.reset(); pane.ownWindow(); } },
  { key: "invert", keys: ["i"], act: (pane) => { pane.invert(); } },
  { key: "turn", keys: ["r"], act: (pane) => { pane.setTurn({ ...pane.turn, quarters: pane.turn.quarters + 1 }); } },
  { key: "flip", keys: ["f"], act: (pane) => { pane.setTurn({ ...pane.turn, flip: !pane.turn.flip }); } },
  { key: "magnify", keys: ["m"], act: takeLens },
  { key: "cine", keys: [" "], act: (pane) => { if (pane.playing) pane.stop(); else pane.play(); } },
  ...presets.map(({ key, window }, i) => ({ key: `preset.${key}`, keys: [String(i + 1)], act: (pane: Pane) => { if (pane.shown?.head.unit === "HU") pane.setWindow(window); } })),
  { key: "measure", keys: ["Enter"], act: measureMiddle },
  { key: "key", keys: ["k"], act: (pane, desk) => { markKey(pane, desk); } },
  { key: "capture", keys: ["p"], act: (pane) => { void capture(pane); } },
  { key: "tags", keys: ["t"], act: (_, desk) => { desk.set({ tags: !desk.tags }); } },
  { key: "remove", keys: ["Delete", "Backspace"], act: (_, desk) => { desk.drop(desk.selected); } },
];

function measureMiddle(pane: Pane, desk: Desk): void {
  if (desk.tool === "calibrate") middleRuler(desk, pane);
  const mark = middleMark(desk, pane);
  if (!mark) return;
  desk.keep(mark);
  if (mark.kind === "text") desk.set({ writing: mark.id });
}

// markKey makes what a tile shows a key image, or no longer, and says so.
export function markKey(pane: Pane, desk: Desk): void {
  const { head } = pane.shown ?? {};
  if (!head) return;
  announce(t(!desk.toggleKey(head) ? "view.notKey" : desk.keys.has(head.key) ? "view.isKey" : "view.noKey"));
}

// capture hands what a tile shows out as a PNG. Whose it is is in it only where that is shown.
export async function capture({ tile, shown }: Pane): Promise<void> {
  if (!tile || !shown) return;
  try {
    save("image.png", await captured(tile), "image/png");
    announce(t("view.captured"));
  } catch {
    announce(t("view.notCaptured"));
  }
}

// press does what a key says; false if it says nothing.
export function press(key: string, pane: Pane, desk: Desk): boolean {
  const found = shortcuts.find(({ keys }) => keys.includes(key.length === 1 ? key.toLowerCase() : key));
  found?.act(pane, desk);
  return found !== undefined;
}
