// Work that a person starts: it is done once at a time, and why it failed is kept.
import { useRef, useState } from "react";

// Work is whether something is being done, and why the last of it failed (null: it did
// not). run does it, unless something is being done already.
export type Work = { busy: boolean; failure: unknown; run: (work: () => Promise<void>) => Promise<void> };

export function useWork(): Work {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const doing = useRef(false);
  const run = async (work: () => Promise<void>): Promise<void> => {
    if (doing.current) return;
    doing.current = true;
    setBusy(true);
    setFailure(null);
    try {
      await work();
    } catch (error) {
      setFailure(error);
    }
    doing.current = false;
    setBusy(false);
  };
  return { busy, failure, run };
}
