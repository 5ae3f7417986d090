// In which language and colours a page is shown.
import { useEffect, useState } from "react";
import { type Language, speak } from "../words/words";
import { useChoice } from "./choices";

const languages = ["en", "zh"] as const;
const themes = ["auto", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

export type Settings = {
  language: Language; setLanguage: (language: Language) => void; languages: readonly Language[];
  theme: Theme; setTheme: (theme: Theme) => void; themes: readonly Theme[];
};

// useLook applies what was chosen. spoken is null until the words of a language are there.
export function useLook(): { spoken: Language | null; settings: Settings; failure: unknown } {
  const [language, setLanguage] = useChoice<Language>("language", languages, navigator.language.startsWith("zh") ? "zh" : "en");
  const [theme, setTheme] = useChoice<Theme>("theme", themes, "auto");
  const [spoken, setSpoken] = useState<Language | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  useEffect(() => { document.documentElement.dataset.theme = theme; }, [theme]);
  useEffect(() => {
    let last = true;
    speak(language).then(() => { if (last) setSpoken(language); }, setFailure);
    return () => { last = false; };
  }, [language]);
  return { spoken, settings: { language, setLanguage, theme, setTheme, languages, themes }, failure };
}
