// One release on its way: the wait in which it can be undone, the work, the end. The node
// does the work, also when this page has gone; what becomes of it is then read from the
// list of releases.
import { useCallback, useEffect, useRef, useState } from "react";
import { follow, list } from "../../api/client";
import type { Asset, Done, NewAsset } from "../../api/types";
import { go } from "../../app/route";
import { bps, type Plan, preset, wei, write } from "./plan";

export const undoSeconds = 5;

export type State =
  | { at: "none" }
  | { at: "waiting"; left: number }
  | { at: "working"; done: number; total: number }
  | { at: "failed"; failure: unknown };

type Wanted = { plan: Plan; series: readonly string[] };
export type Offer = { state: State; begin: (wanted: Wanted) => void; undo: () => void };

// ofPart are the releases of exactly these series of a study, drafts left out.
export const ofPart = (assets: readonly Asset[], study: string, series: readonly string[]): Asset[] => {
  const same = [...series].sort().join();
  return assets.filter((one) => one.study === study && !one.draft && one.series.join() === same);
};

export function useOffer(study: string): Offer {
  const [state, set] = useState<State>({ at: "none" });
  const timer = useRef<ReturnType<typeof setInterval>>(undefined);
  const wanted = useRef<Wanted | null>(null);
  const busy = useRef(false);
  useEffect(() => {
    // Who goes back while it waits has undone it.
    const left = (): void => {
      if (location.hash.split("/")[3] === "done" || !timer.current) return;
      clearInterval(timer.current);
      timer.current = undefined;
      set({ at: "none" });
    };
    addEventListener("popstate", left);
    return () => {
      removeEventListener("popstate", left);
      clearInterval(timer.current);
    };
  }, []);

  const send = useCallback(async ({ plan, series }: Wanted): Promise<void> => {
    busy.current = true;
    set({ at: "working", done: 0, total: 0 });
    try {
      const before = ofPart(await list<Asset>("assets"), study, series).length;
      history.replaceState(null, "", write(study, "done", { ...plan, mark: String(before) })); // for who comes back
      const profile = preset(plan);
      const body: NewAsset = { study, priceWei: wei(plan.price) ?? "", series: [...series], terms: plan.terms, ...(profile && { profile }),
        ...(plan.author !== null && { author: { person: plan.author, role: "doctor", work: plan.work, bps: bps(plan.share) ?? 0 } }) };
      const made = await follow<Done, Asset>("assets", body, ({ done, total }) => { set({ at: "working", done, total }); });
      set({ at: "none" });
      location.replace(write(study, "done", { ...plan, mark: made.id }));
    } catch (failure) {
      set({ at: "failed", failure });
    } finally {
      busy.current = false;
    }
  }, [study]);

  const begin = useCallback((what: Wanted): void => {
    if (busy.current) return; // it is made once
    wanted.current = what;
    let left = undoSeconds;
    set({ at: "waiting", left });
    location.hash = write(study, "done", what.plan);
    clearInterval(timer.current);
    timer.current = setInterval(() => {
      left -= 1;
      if (left > 0) {
        set({ at: "waiting", left });
        return;
      }
      clearInterval(timer.current);
      timer.current = undefined;
      void send(what);
    }, 1000);
  }, [send, study]);

  const undo = useCallback((): void => {
    clearInterval(timer.current);
    timer.current = undefined;
    set({ at: "none" });
    if (wanted.current) location.hash = write(study, "review", { ...wanted.current.plan, mark: "" });
    else go("sell", study);
  }, [study]);
  return { state, begin, undo };
}
