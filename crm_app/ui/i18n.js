// The browser's dictionary: the default language is in the bundle, every other one is a chunk of its own, fetched when wanted.
import { useSyncExternalStore } from "react";
import { DEFAULT, first, loaders } from "./locales.js";
import { formats } from "./formats.js";

const dictionaries = { [DEFAULT]: first };
const listeners = new Set();
const speakers = {};
let lang = DEFAULT;
let isSpoken = false;

const known = (code) => code === DEFAULT || code in loaders;
const fill = (text, params) => text.replace(/\{(\w+)\}/g, (_, name) => params[name] ?? "");

function speaker(code) {
  const plurals = new Intl.PluralRules(code);
  const numbers = new Intl.NumberFormat(code);
  const t = (key, params) => {
    let text = dictionaries[code][key] ?? first[key] ?? key;
    if (typeof text === "object") text = text[plurals.select(Number(params?.n ?? 0))] ?? text.other;
    if (!params) return text;
    return fill(text, typeof params.n === "number" ? { ...params, n: numbers.format(params.n) } : params);
  };
  return Object.assign(t, { lang: code, fmt: formats(code, t) });
}

const listen = (listener) => (listeners.add(listener), reveal(), () => listeners.delete(listener));
const current = () => lang;
const onServer = () => DEFAULT;

/** Show a page that waited for its words: when they are here and the page has taken them over, not the pre-rendered ones before. */
function reveal() {
  if (isSpoken && listeners.size) requestAnimationFrame(() => document.documentElement.classList.remove("lang-wait"));
}

/** What speaks the reader's language: `t(key, params)` and `t.fmt.money(…)`; a new function when the language changes. */
export function useT() {
  const code = useSyncExternalStore(listen, current, onServer);
  return (speakers[code] ??= speaker(code));
}

/** Switch the language of this browser; the server reads the same cookie. */
export async function setLang(code) {
  if (!known(code)) return;
  try {
    dictionaries[code] ??= (await loaders[code]()).default;
    lang = code;
    document.documentElement.lang = code;
    document.cookie = `lang=${code};path=/;max-age=31536000;samesite=lax`;
  } finally {
    isSpoken = true;
    reveal();
  }
  listeners.forEach((listener) => listener());
}

if (typeof window !== "undefined") {
  const cookie = document.cookie.match(/(?:^|; )lang=(\w+)/)?.[1];
  const wanted = cookie ?? (navigator.language || "").slice(0, 2);
  setLang(known(wanted) ? wanted : DEFAULT);
}
