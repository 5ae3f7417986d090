// Who is signed in, as the node says it.
import { createContext, useContext } from "react";

export type Role = "owner" | "operator" | "clinician" | "buyer" | "auditor" | "member";

// Session is one sign-in. person is whose data an owner's session is for.
export type Session = { role: Role; person?: string };

const Context = createContext<Session | null>(null);

export const SessionProvider = Context.Provider;

// useSession is for what is shown to who is signed in only.
export function useSession(): Session {
  const session = useContext(Context);
  if (!session) throw new Error("nobody is signed in");
  return session;
}
