// What marks say: beside them, and in words for who does not see them.
import { t, word } from "../words/words";
import type { Desk } from "./desk";
import type { Head } from "./head";
import { filedByHand, isOn, type Measurement, type Saved, valuesOf } from "./measure";
import type { Pane } from "./pane";
import type { Pixels } from "./pixels";
import { valuesSay } from "./says";

const lineEm = 32, mostLines = 6; // of a note on an image: half the width of a tile or less

// wrapped breaks a note into lines. A letter that is not of the Latin script is twice as wide.
export function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = "", wide = 0;
  for (const part of text.match(/\n|[^\S\n]+|[\u0021-\u024f]+|./gu) ?? []) {
    const width = [...part].reduce((sum, letter) => sum + ((letter.codePointAt(0) ?? 0) > 0x24f ? 2 : 1), 0);
    if (part === "\n" || (line.trim() !== "" && wide + width > lineEm)) {
      lines.push(line.trim());
      [line, wide] = ["", 0];
    }
    if (part !== "\n") [line, wide] = [line + part, wide + width];
  }
  lines.push(line.trim());
  return lines.length > mostLines ? [...lines.slice(0, mostLines - 1), "…"] : lines.filter(Boolean);
}

type Value = { of: (stored: number) => number; unit: string };

// linesOf is what a mark says on an image: of another program what that says.
export function linesOf(mark: Measurement, head: Head, pixels: Pixels | undefined, { of, unit }: Value): string[] {
  if (mark.kind === "text") return wrapped(mark.text ?? "");
  if (mark.saved?.own === false) return mark.saved.lines.flatMap(wrapped);
  return valuesSay(filedByHand(mark) ?? valuesOf(mark, head, pixels, of, unit));
}

// bySays names who or what saved a mark: of this program, for which role.
export function bySays({ own, by }: Saved): string {
  const [, role] = /^SINSO \((\w+)\)$/.exec(own ? by : "") ?? [];
  return role ? `SINSO (${word("role", role)})` : by;
}

const mostSpoken = 5; // marks that are told one by one

// markedSays tells of a tile what is marked on its image.
export function markedSays(desk: Desk, pane: Pane): string {
  const { shown } = pane;
  if (!shown) return "";
  const on = desk.drawn.filter((mark) => isOn(mark, shown.head)), saved = on.filter((mark) => mark.saved).length, value = pane.value();
  return [
    desk.keys.has(shown.head.key) && t("view.isKey"),
    saved > 0 && t("view.saysSaved", { n: saved }),
    on.length > saved && t("view.saysUnsaved", { n: on.length - saved }),
    ...on.slice(0, mostSpoken).map((mark) => `${t(`view.tool.${mark.kind}`)} ${(mark.kind === "text" ? [mark.text ?? ""] : linesOf(mark, shown.head, shown.pixels, value)).join(" ")}`),
  ].filter(Boolean).join(t("view.comma"));
}
