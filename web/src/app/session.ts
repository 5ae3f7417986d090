// Who is signed in, as the node says it.
import { createContext, useContext } from "react";
import type { Locked } from "../signin/personkey";

export type Role = "owner" | "operator" | "clinician" | "buyer" | "auditor" | "member";

// Session is one sign-in. person is whose data an owner's session is for; expires is when
// the token ends that it goes back to.
export type Session = { role: Role; person?: string; expires?: string };

// SignedIn is how somebody came in: by a token or not, and with the person key that the
// passkey or phrase keeps, if it does.
export type SignedIn = { session: Session; token?: boolean; locked?: Locked };

const Context = createContext<Session | null>(null);

export const SessionProvider = Context.Provider;

// useSession is for what is shown to who is signed in only.
export function useSession(): Session {
  const session = useContext(Context);
  if (!session) throw new Error("nobody is signed in");
  return session;
}

// Key is the person key as far as this page has it: it comes with a passkey or a phrase,
// and is gone when the page is left.
export type Key = { locked: Locked | undefined; keep: (locked: Locked | undefined) => void };

export const KeyContext = createContext<Key>({ locked: undefined, keep: () => { /* nobody is signed in */ } });

export const useKey = (): Key => useContext(KeyContext);
