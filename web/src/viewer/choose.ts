// What a press on a series does.
import type { Series } from "../api/types";
import { type Over, overs } from "./over";
import type { NoOver } from "./seg";
import type { Shelf } from "./shelf";

type Viewing = {
  over: Over; shelf: Pick<Shelf, "asks">;
  seriesOf: (uid: string) => Series | undefined; // that others refer to by a UID
  shown: () => ReadonlySet<string>; // ids of the series in all tiles
  show: (series: Series, tile: number) => Promise<void>;
};

// choose lays a series over images: those that it is of, or else others that are shown. Where
// there are none it shows it in a tile, unless that was asked for another while it came. It
// returns why it cannot be drawn over them, and rejects if it does not come.
export async function choose(series: Series, tile: number, { over, shelf, seriesOf, shown, show }: Viewing): Promise<NoOver | undefined> {
  if (!overs.has(series.modality)) {
    await show(series, tile);
    return undefined;
  }
  if (over.finding(series)) return undefined; // it was pressed before
  let asks = shelf.asks(tile);
  const of = await over.find(series), base = of?.map(seriesOf).find((one) => one !== undefined);
  if (base && over.state(series) === "off" && !shown().has(base.id) && shelf.asks(tile) === asks) {
    const coming = show(base, tile);
    asks = shelf.asks(tile);
    await coming;
  }
  const lies = of && (base || over.state(series) !== "off" || [...shown()].some((id) => id !== "" && id !== series.id)); // nothing lies over itself
  const why = lies ? await over.toggle(series) : undefined;
  if ((!lies || (why && series.modality === "SEG")) && shelf.asks(tile) === asks) await show(series, tile); // its frames by themselves
  return why;
}
