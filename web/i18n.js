// The page's words, and how the chosen language writes dates and numbers.

let words = {};

export const locale = () => document.documentElement.lang;

// speak loads a language and writes the words of index.html.
export async function speak(language) {
  const known = language === "zh" ? "zh" : "en";
  words = await (await fetch(`i18n/${known}.json`)).json();
  document.documentElement.lang = known === "zh" ? "zh-Hans" : "en";
  for (const e of document.querySelectorAll("[data-i18n]")) e.textContent = t(e.dataset.i18n);
  for (const e of document.querySelectorAll("[data-i18n-label]")) e.setAttribute("aria-label", t(e.dataset.i18nLabel));
  return known;
}

// t returns the words of a key with its {values} filled in.
export const t = (key, values = {}) => (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

// word translates a code of an open set; a code newer than this page is shown as it is.
export const word = (set, code) => words[`${set}.${code}`] ?? code;

export const number = (n) => new Intl.NumberFormat(locale()).format(n);
export const percent = (bps) => new Intl.NumberFormat(locale(), { style: "percent", maximumFractionDigits: 2 }).format(bps / 10000);
export const share = (rate) => new Intl.NumberFormat(locale(), { style: "percent", maximumSignificantDigits: 3 }).format(rate);
export const decimal = (n) => new Intl.NumberFormat(locale(), { maximumFractionDigits: 1 }).format(n);
export const time = (text) => new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "short" }).format(new Date(text));

// date writes a DICOM date (PS3.5 DA, YYYYMMDD), which has no time zone.
export function date(da) {
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(da ?? "") ?? [];
  if (!year) return "";
  return new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeZone: "UTC" }).format(Date.UTC(year, month - 1, day));
}

export function bytes(n) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
  let i = 0;
  for (; n >= 1000 && i < units.length - 1; i++) n /= 1000;
  const options = { style: "unit", unit: units[i], unitDisplay: i ? "short" : "long", maximumFractionDigits: 1 };
  return new Intl.NumberFormat(locale(), options).format(n);
}

const coin = 10n ** 18n; // wei

// coins writes wei in coins, exactly.
export function coins(wei) {
  const n = BigInt(wei), fraction = String(n % coin).padStart(18, "0").replace(/0+$/, "");
  return t("money.coins", { n: number(n / coin) + (fraction && `.${fraction}`) });
}

// toWei reads an amount in coins, exactly; null if it is none.
export function toWei(text) {
  const [, whole, fraction = ""] = /^(\d{1,9})(?:\.(\d{1,18}))?$/.exec(text.trim()) ?? [];
  return whole === undefined ? null : String(BigInt(whole) * coin + BigInt(fraction.padEnd(18, "0")));
}
