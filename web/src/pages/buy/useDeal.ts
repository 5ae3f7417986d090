import { useEffect } from "react";
import { type Asked, useAsked } from "../../api/ask";
import type { Purchase } from "../../api/types";

const every = 1500; // ms between two looks at purchases that the node is at work on

// useDeals asks for purchases, and asks again while the node works on one of them: another
// page, or this one before it was left, has begun it.
export function useDeals<T>(ask: (signal: AbortSignal) => Promise<T>, of: (found: T) => readonly Purchase[], keys: readonly unknown[]): Asked<T> {
  const asked = useAsked(ask, keys), { data, again } = asked;
  useEffect(() => {
    if (data === undefined || !of(data).some(({ running }) => running)) return;
    const timer = setTimeout(again, every);
    return () => { clearTimeout(timer); };
  }, [data, of, again]);
  return asked;
}
