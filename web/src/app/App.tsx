import { lazy, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { get, Problem, remove } from "../api/client";
import { Offer } from "../pages/account/Offer";
import { SignIn } from "../pages/SignIn";
import type { Locked } from "../signin/personkey";
import { announce } from "../ui/announce";
import { Failure } from "../ui/Failure";
import { Speechless } from "../ui/Speechless";
import { t } from "../words/words";
import { useLook } from "./look";
import { Page } from "./pages";
import { go } from "./route";
import { KeyContext, type Session, SessionProvider, type SignedIn } from "./session";
import { Shell } from "./Shell";
import { isOther, type Signed, Tabs } from "./tabs";

const Tour = lazy(() => import("./tour/Tour"));

// over tells what goes on beside the page, as an import, that who began it has gone.
const over = (): void => { dispatchEvent(new Event("session-ended")); };

// App is the whole page: who is signed in, in which language and colours.
export function App() {
  const { spoken, settings, failure: speechless } = useLook();
  const [session, setSession] = useState<Signed>(undefined);
  const [failure, setFailure] = useState<unknown>(null);
  const [ended, setEnded] = useState(false);
  const [locked, keep] = useState<Locked | undefined>(undefined);
  const [offer, setOffer] = useState(false); // of a passkey, to who came in by a token
  const [touring, tour] = useState(false);
  const leave = useCallback(() => { tour(false); }, []);

  useEffect(() => {
    get<Session>("session").then(setSession, (error: unknown) => {
      if (error instanceof Problem && error.status === 401) setSession(null);
      else setFailure(error);
    });
    const out = (): void => { over(); setSession(null); keep(undefined); setEnded(true); tour(false); };
    const begin = (): void => { tour(true); };
    addEventListener("signed-out", out);
    addEventListener("tour", begin);
    return () => {
      removeEventListener("signed-out", out);
      removeEventListener("tour", begin);
    };
  }, []);

  const tabs = useTabs(session, () => {
    over();
    setSession(undefined);
    keep(undefined);
    location.reload();
  });

  const signOut = async (): Promise<void> => {
    try {
      await remove("session");
      over();
      setSession(null);
      tabs.current?.tell(null);
      keep(undefined);
      tour(false);
      go();
      announce(t("signIn.out"));
    } catch (error) {
      setFailure(error);
    }
  };
  const signedIn = (by: SignedIn): void => {
    setFailure(null);
    setEnded(false);
    keep(by.locked);
    setOffer(by.token === true);
    setSession(by.session);
    tabs.current?.tell(by.session);
  };
  if (spoken === null) return speechless ? <Speechless /> : null;
  return (
    <Shell key={spoken} session={session ?? null} settings={settings} onSignOut={() => void signOut()}>
      {failure !== null && (session === undefined ? <Closed of={failure} /> : <Failure of={failure} />)}
      {session && (
        <SessionProvider value={session}>
          <KeyContext value={{ locked, keep }}>
            {offer && <Offer onDone={() => { setOffer(false); }} />}
            <Page />
            {touring && <Suspense fallback={null}><Tour onLeave={leave} /></Suspense>}
          </KeyContext>
        </SessionProvider>
      )}
      {session === null && <SignIn ended={ended} onSignedIn={signedIn} />}
    </Shell>
  );
}

// Closed is the page while nobody can say who is signed in.
const Closed = ({ of }: { of: unknown }) => (
  <section className="panel sign-in">
    <h1>{t("signIn.title")}</h1>
    <Failure of={of} />
    <button type="button" onClick={() => { location.reload(); }}>{t("state.again")}</button>
  </section>
);

// useTabs calls anew when another tab has signed in somebody else, or signed out.
function useTabs(session: Signed, anew: () => void) {
  const tabs = useRef<Tabs | null>(null), latest = useRef({ session, anew });
  useEffect(() => { latest.current = { session, anew }; });
  useEffect(() => {
    const opened = new Tabs((now) => { if (isOther(latest.current.session, now)) latest.current.anew(); });
    tabs.current = opened;
    return () => { opened.close(); };
  }, []);
  return tabs;
}
