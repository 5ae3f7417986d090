// The page's words, and how the chosen language writes dates, numbers and plurals.

export type Language = "en" | "zh";
export type Values = Record<string, string | number>;
type Words = Record<string, string>;

let words: Words = {};

export const locale = (): string => document.documentElement.lang;

// speak loads a language, which every later t() answers in.
export async function speak(language: Language): Promise<void> {
  const chosen = language === "zh" ? await import("./zh.json") : await import("./en.json");
  words = chosen.default;
  document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
}

// t returns the words of a key with its {values} filled in. Of a key that has forms
// ("key.one", "key.other") the one is taken that the language has for the value n; what
// is no number takes the other.
export function t(key: string, values: Values = {}): string {
  const n = values.n;
  const form = typeof n === "number" ? words[`${key}.${new Intl.PluralRules(locale()).select(n)}`] : undefined;
  return (form ?? words[key] ?? words[`${key}.other`] ?? key).replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? "";
    return typeof value === "number" ? number(value) : value;
  });
}

// word translates a code of an open set; a code newer than this page is shown as it is.
export const word = (set: string, code: string): string => words[`${set}.${code}`] ?? code;

// brief is a name that somebody gave, cut where it is longer than the longest that a file
// may have by the standard (PS3.5 §6.2: 64 letters), twice over.
export const brief = (name = ""): string => (name.length > longest ? `${[...name].slice(0, longest).join("")}…` : name);

const longest = 128;

// hasWord reports whether a code has a translation.
export const hasWord = (set: string, code: string): boolean => `${set}.${code}` in words;

const formats = new Map<string, Intl.NumberFormat>(); // one takes longer to make than to use

export function number(n: number | bigint, options: Intl.NumberFormatOptions = {}): string {
  const key = locale() + JSON.stringify(options);
  const format = formats.get(key) ?? new Intl.NumberFormat(locale(), options);
  formats.set(key, format);
  return format.format(n);
}

// percent writes hundredths of a per cent (basis points).
export const percent = (bps: number): string => number(bps / 10000, { style: "percent", maximumFractionDigits: 2 });

// share writes a part of one in per cent.
export const share = (rate: number): string => number(rate, { style: "percent", maximumSignificantDigits: 3 });

export const decimal = (n: number): string => number(n, { maximumFractionDigits: 1 });

export const time = (text: string): string => new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "short" }).format(new Date(text));

// day and clock write a time's two parts, where a day's heading stands above many times.
export const day = (text: string): string => new Intl.DateTimeFormat(locale(), { dateStyle: "long" }).format(new Date(text));
export const clock = (text: string): string => new Intl.DateTimeFormat(locale(), { timeStyle: "medium" }).format(new Date(text));

// date writes a DICOM date (PS3.5 DA, YYYYMMDD), which has no time zone; "" for what is none.
export function date(da: string | undefined): string {
  const found = /^(\d{4})(\d\d)(\d\d)$/.exec(da ?? "");
  if (!found) return "";
  const at = Date.UTC(Number(found[1]), Number(found[2]) - 1, Number(found[3]));
  return new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeZone: "UTC" }).format(at);
}

const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

export function bytes(n: number): string {
  let i = 0;
  for (; n >= 1000 && i < units.length - 1; i++) n /= 1000;
  return number(n, { style: "unit", unit: units[i] ?? "terabyte", unitDisplay: i ? "short" : "long", maximumFractionDigits: 1 });
}
