// The title of the window. Browsers keep it in their history, so it says what sort of page is
// shown, by the key of its words, and nothing of whom.
import { useEffect } from "react";
import { t } from "../words/words";

export function useTitle(key: string): void {
  useEffect(() => { document.title = `${t(key)} · SINSO`; }); // each time: the language may be another
}
