// Where the page is: the address's fragment, which no server sees. It holds opaque ids,
// nothing of a person.
import { useSyncExternalStore } from "react";

// Route is the parts of an address: #/study/s_1 is ["study", "s_1"]. What follows a ? is how
// a page shows it, and the page's own.
export type Route = readonly string[];

export const read = (hash: string): Route => hash.replace(/^#\/?|\?.*$/g, "").split("/").filter(Boolean).map(decode);

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

// to writes an address.
export const to = (...parts: string[]): string => `#/${parts.map(encodeURIComponent).join("/")}`;

// idIn reads the id of a route that a pattern fits: "study/ID" fits #/study/s_1, whose id
// is s_1; "" is the id where a pattern has none, null the answer where it does not fit.
// A pattern with * at its end fits whatever follows, too.
export function idIn(pattern: string, route: Route): string | null {
  const parts = pattern.split("/").filter(Boolean);
  const open = parts.at(-1) === "*";
  if (open) parts.pop();
  if (open ? parts.length > route.length : parts.length !== route.length) return null;
  let id = "";
  for (const [i, part] of parts.entries()) {
    if (part === "ID") id = route[i] ?? "";
    else if (part !== route[i]) return null;
  }
  return id;
}

export const go = (...parts: string[]): void => { location.hash = to(...parts); };

const listen = (changed: () => void): (() => void) => {
  addEventListener("hashchange", changed);
  return () => { removeEventListener("hashchange", changed); };
};

export const useRoute = (): Route => read(useSyncExternalStore(listen, () => location.hash));

// manner is what follows the ? of the address.
export const manner = (): string => /\?(.*)$/.exec(location.hash)?.[1] ?? "";

// settle writes where the page is in full, without a step in the history.
export const settle = (...parts: string[]): void => { history.replaceState(history.state, "", to(...parts) + (manner() && `?${manner()}`)); };

// setManner writes it anew, without a step in the history.
export const setManner = (text: string): void => { history.replaceState(history.state, "", `${location.hash.replace(/\?.*$/, "")}${text && `?${text}`}`); };
