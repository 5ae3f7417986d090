// Series by the UIDs that marks, key images and segmentations refer to them by.
import { useEffect, useState } from "react";
import type { Series } from "../api/types";
import type { Feed } from "./feed";

// useSeriesOf returns what finds a series of a study by its Series Instance UID. A feed that
// names series otherwise is asked for theirs.
export function useSeriesOf(feed: Feed, study: string, all: readonly Series[]): (uid: string) => Series | undefined {
  const [uids, setUids] = useState<ReadonlyMap<string, string>>(new Map()); // by a series' id
  useEffect(() => {
    let here = true;
    const ask = async (): Promise<void> => {
      for (const { id, uid = "" } of all) {
        const said = await feed.uidOf?.({ study, series: uid }).catch(() => ""); // the tile of one that fails says so
        if (!here) return;
        if (said) setUids((known) => new Map(known).set(id, said));
      }
    };
    void ask();
    return () => { here = false; };
  }, [feed, study, all]);
  return (uid) => (uid === "" ? undefined : all.find((one) => (uids.get(one.id) ?? one.uid) === uid));
}
