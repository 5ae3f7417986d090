import { useEffect, useRef } from "react";

// Slider is a range. onMove is told each value that it passes, onSettled the one at which
// it is let go: what is dear to ask for is asked then. React has one event for both.
export function Slider({ id, from = 0, to, step = 1, at, onMove, onSettled }: {
  id: string; from?: number; to: number; step?: number; at: number; onMove: (value: number) => void; onSettled?: (value: number) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  const settled = useRef(onSettled);
  settled.current = onSettled;
  useEffect(() => {
    const range = input.current;
    const change = (): void => { settled.current?.(Number(range?.value)); };
    range?.addEventListener("change", change);
    return () => { range?.removeEventListener("change", change); };
  }, []);
  return <input ref={input} id={id} type="range" min={from} max={to} step={step} value={at} onChange={(event) => { onMove(Number(event.target.value)); }} />;
}
