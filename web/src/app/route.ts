// Where the page is: the address's fragment, which no server sees. It holds opaque ids,
// nothing of a person.
import { useSyncExternalStore } from "react";

// Route is the parts of an address: #/study/s_1 is ["study", "s_1"].
export type Route = readonly string[];

export const read = (hash: string): Route => hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(decode);

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

// to writes an address.
export const to = (...parts: string[]): string => `#/${parts.map(encodeURIComponent).join("/")}`;

export const go = (...parts: string[]): void => { location.hash = to(...parts); };

const listen = (changed: () => void): (() => void) => {
  addEventListener("hashchange", changed);
  return () => { removeEventListener("hashchange", changed); };
};

export const useRoute = (): Route => read(useSyncExternalStore(listen, () => location.hash));
