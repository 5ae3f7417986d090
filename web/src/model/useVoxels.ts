// A series as a volume, fetched when it is asked for and kept as long as the page shows it.
import { useEffect, useState } from "react";
import { Problem } from "../api/client";
import type { Series, Study } from "../api/types";
import { Lru } from "../viewer/lru";
import type { Pixels } from "../viewer/pixels";
import { Stack } from "../viewer/stack";
import type { NoVolume } from "../viewer/volume";
import { gather, type Voxels } from "./voxels";

const memory = 160 << 20; // bytes of frames, which are dropped once the volume is there

// Coming is how many frames are here.
export type Coming = { done: number; total: number };

// none is why the series is no volume.
export type Volume = { voxels?: Voxels; none?: NoVolume; failure?: unknown; coming?: Coming; again: () => void };

type State = Omit<Volume, "again">;

// useVoxels fetches a series as long as it is wanted: who leaves, or wants it no more before
// it is here, ends that. What is here stays.
export function useVoxels(study: Study, series: Series, wanted: boolean): Volume {
  const [state, set] = useState<State>({}), [round, next] = useState(0), here = state.voxels !== undefined;
  useEffect(() => {
    if (!wanted || here) return;
    const stop = new AbortController(), { signal } = stop;
    let stack: Stack | undefined;
    const tell = (now: State): void => { if (!signal.aborted) set(now); };
    const fetch = async (): Promise<void> => {
      if (!study.uid || !series.uid) throw new Problem({ class: "not-found" });
      stack = await Stack.open({ study: study.uid, series: series.uid }, new Lru<Pixels>(memory), signal, series.id);
      const found = await gather(stack, signal, (done, total) => { tell({ coming: { done, total } }); });
      tell(typeof found === "string" ? { none: found } : { voxels: found });
    };
    set({ coming: { done: 0, total: 0 } });
    fetch().catch((failure: unknown) => { tell({ failure }); }).finally(() => { stack?.close(); });
    return () => {
      stop.abort();
      stack?.close();
    };
  }, [study.uid, series.uid, series.id, wanted, here, round]);
  return { ...state, again: () => { next(round + 1); } };
}
