// The tabs of one browser have one session: when one of them signs in as somebody else, the
// others must not go on showing the first one's data.
import type { Session } from "./session";

// Signed is who is signed in in a tab: null is nobody, undefined is not known yet.
export type Signed = Session | null | undefined;

// isOther reports whether a tab that shows one is to begin anew since another tab has told
// what is now. Sessions that name no person cannot be told apart, and count as others.
export function isOther(shown: Signed, now: Session | null): boolean {
  if (shown === null) return false; // it shows nobody's data
  return !shown || !now || shown.role !== now.role || shown.person === undefined || shown.person !== now.person;
}

// Tabs tells the other tabs who has come in or gone, and hears it of them. Nothing of it
// leaves the browser or stays in it.
export class Tabs {
  readonly #channel = new BroadcastChannel("sinso-session");

  constructor(heard: (now: Session | null) => void) {
    this.#channel.addEventListener("message", ({ data }: MessageEvent<Session | null>) => { heard(data); });
  }

  tell(now: Session | null): void { this.#channel.postMessage(now); }

  close(): void { this.#channel.close(); }
}
