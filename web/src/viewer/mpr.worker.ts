// Cuts through a volume, beside the page.
import { type Cut, type Grid, reslice, type Values, type Volume } from "./volume";

export type Order =
  | { order: "volume"; grid: Grid; values: Values; outside: number }
  | { order: "cut"; id: number; cut: Cut };
export type Answer = { id: number; values: Values };

let volume: Volume | null = null; // that the orders are about

addEventListener("message", ({ data }: MessageEvent<Order>) => {
  if (data.order === "volume") {
    volume = { ...data.grid, values: data.values, outside: data.outside };
    return;
  }
  if (!volume) return;
  const values = reslice(volume, data.cut), answer: Answer = { id: data.id, values };
  postMessage(answer, { transfer: [values.buffer as ArrayBuffer] });
});
