// What a machine can see wrong in a page besides what axe-core finds: a page wider than its
// window, text that is cut off, words and dates of the other language.
import type { Page } from "playwright-core";
import en from "../src/words/en.json" with { type: "json" };
import zh from "../src/words/zh.json" with { type: "json" };

// phrases are what one language says that the other does not. Of English those of one word are
// left out: they stand in the data of studies, too.
const phrases = (of: Record<string, string>, not: Record<string, string>, kept: RegExp): string[] => {
  const others = new Set(Object.values(not));
  return Object.values(of).filter((words) => !/\{\w+\}/.test(words) && kept.test(words) && !others.has(words));
};

// As one string: the debugger takes long over lists.
const both = JSON.stringify({ english: phrases(en, zh, / /), chinese: phrases(zh, en, /\p{Script=Han}/u) });

// flaws are what is wrong with the page as it is shown now, one line each.
export const flaws = (page: Page): Promise<string[]> => page.evaluate(look, both);

// look runs in the page. What is of another language is marked so (lang, translate).
function look(phrases: string): string[] {
  const of = JSON.parse(phrases) as { english: string[]; chinese: string[] };
  const found: string[] = [], root = document.documentElement, inChinese = root.lang.startsWith("zh");
  const others = new Set(inChinese ? of.english : of.chinese), dates = inChinese ? /\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d|\d [AP]M\b/ : /\d ?[年月日]/;
  if (root.scrollWidth > root.clientWidth) found.push(`wide: ${root.scrollWidth} px in a window of ${root.clientWidth}`);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const says = (text.textContent ?? "").trim(), at = text.parentElement;
    if (!says || !at || at.closest("script, style, .unseen, .skip") || !at.checkVisibility({ visibilityProperty: true })) continue;
    if (at.closest("[lang], [translate=no]") === root && (others.has(says) || dates.test(says))) found.push(`language: ${says.slice(0, 80)}`);
    if (cut(text, at)) found.push(`cut: ${says.slice(0, 80)}`);
  }
  return found;

  // cut reports whether a text is hidden in part by an element that neither scrolls nor shows
  // that there is more. What is hidden from sight alone is clipped, and meant so.
  function cut(text: Node, parent: Element): boolean {
    const range = document.createRange();
    range.selectNodeContents(text);
    const box = range.getBoundingClientRect();
    for (let over: Element | null = parent; over && over !== document.body; over = over.parentElement) {
      const style = getComputedStyle(over), edge = over.getBoundingClientRect();
      if (/auto|scroll/.test(style.overflow) || style.clipPath !== "none" || style.textOverflow === "ellipsis") return false;
      if (/hidden|clip/.test(style.overflow) && (box.right > edge.right + 1 || box.left < edge.left - 1 || box.bottom > edge.bottom + 2 || box.top < edge.top - 2)) return true;
    }
    return false;
  }
}
