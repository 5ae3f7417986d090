// What a person chose for this browser: language and colours. Nothing else is kept in it.
import { useState } from "react";

const kept = (name: string): string | null => {
  try {
    return localStorage.getItem(name);
  } catch { // a browser that keeps nothing still shows the page
    return null;
  }
};

// useChoice keeps one of some values in this browser.
export function useChoice<T extends string>(name: string, values: readonly T[], otherwise: T): [T, (value: T) => void] {
  const [value, set] = useState<T>(() => values.find((v) => v === kept(name)) ?? otherwise);
  return [value, (chosen) => {
    try {
      localStorage.setItem(name, chosen);
    } catch { /* it is forgotten with the page */ }
    set(chosen);
  }];
}
