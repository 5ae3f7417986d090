import { useEffect, useRef } from "react";
import { number, t } from "../words/words";
import type { Desk } from "./desk";
import { side, standing } from "./lens";
import type { Pane } from "./pane";

// LensGlass shows what is around a place of a tile larger, and says by how much. Who does not see the image does not
// miss it.
export function LensGlass({ desk, pane }: { desk: Desk; pane: Pane }) {
  const canvas = useRef<HTMLCanvasElement>(null), { lens, shown } = pane, { factor } = desk, on = desk.tool === "magnify" && lens !== null && shown !== null;
  useEffect(() => {
    pane.attachLens(on ? canvas.current : null, factor);
    return () => { pane.attachLens(null); };
  }, [pane, on, factor]);
  if (!on) return null;
  const [left, top] = standing(lens, pane.size), percent = number(pane.scale(shown.head)[0] * factor, { style: "percent", maximumFractionDigits: 0 });
  return (
    <div className="lens" style={{ left, top, width: side, height: side }} aria-hidden="true">
      <canvas ref={canvas} width={Math.round(side * devicePixelRatio)} height={Math.round(side * devicePixelRatio)} />
      <span>{t("view.lensSays", { factor, percent })}</span>
    </div>
  );
}
