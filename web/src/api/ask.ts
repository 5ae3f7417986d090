// What the node knows is asked for where it is shown, and kept nowhere else.
import { useCallback, useEffect, useRef, useState } from "react";

// Asked is an answer, or why there is none yet. again asks once more: the old answer
// stays until the new one is there, and is stale so long.
export type Asked<T> = { data?: T; failure?: unknown; loading: boolean; again: () => void };

// useAsked asks when it is first used, and again when one of the keys has changed. An
// answer to a question that is not asked any more is dropped.
export function useAsked<T>(ask: (signal: AbortSignal) => Promise<T>, keys: readonly unknown[]): Asked<T> {
  const [state, set] = useState<{ data?: T; failure?: unknown; loading: boolean }>({ loading: true });
  const [round, next] = useState(0);
  const question = useRef(ask);
  question.current = ask;
  useEffect(() => {
    const stop = new AbortController();
    set((was) => ({ ...was, loading: true }));
    question.current(stop.signal).then(
      (data) => { if (!stop.signal.aborted) set({ data, loading: false }); },
      (failure: unknown) => { if (!stop.signal.aborted) set({ failure, loading: false }); },
    );
    return () => { stop.abort(); };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the keys are the caller's
  }, [round, ...keys]);
  const again = useCallback(() => { next((n) => n + 1); }, []);
  return { ...state, again };
}
