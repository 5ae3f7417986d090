import { hasWord, word } from "../../words/words";

// refused says why a file was not taken in. Codes that mean something else of a copy have
// words of their own here.
export const refused = (code: string): string => word(hasWord("refused", code) ? "refused" : "reason", code);
