import { useSyncExternalStore } from "react";

// Signal tells listeners that something has changed.
export class Signal {
  version = 0;
  readonly #listeners = new Set<() => void>();

  readonly listen = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => { this.#listeners.delete(listener); };
  };

  tell(): void {
    this.version++;
    for (const listener of this.#listeners) listener();
  }
}

// useSignal draws a component anew when the signal tells.
export const useSignal = (signal: Signal): number => useSyncExternalStore(signal.listen, () => signal.version);
