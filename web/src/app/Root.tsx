import { lazy, Suspense, useEffect, useState } from "react";
import { takeSecret } from "../share/secret";
import { App } from "./App";

const Shown = lazy(() => import("../pages/share/Shown"));

// Root is what a link shows, if the page was opened by one, without asking who is there;
// else the page. secret is the link's, which is kept nowhere else.
export function Root({ secret: first }: { secret: string | null }) {
  const [secret, setSecret] = useState(first);
  useEffect(() => {
    const changed = (): void => { setSecret(takeSecret()); };
    addEventListener("hashchange", changed, { capture: true }); // before anything else reads the address
    return () => { removeEventListener("hashchange", changed, { capture: true }); };
  }, []);
  return secret === null ? <App /> : <Suspense fallback={null}><Shown key={secret} secret={secret} /></Suspense>;
}
