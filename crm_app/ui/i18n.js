// The browser's dictionary, in parts: what every page says, and what the pages of one feature say. The default language's
// parts are in the bundle of the pages that name them; those of another are chunks of their own, fetched when wanted.
// A key that only the server knew to name brings its part when it is first asked for.
import { useSyncExternalStore } from "react";
import { DEFAULT, first, loaders } from "./locales.js";
import { formats } from "./formats.js";

const COMMON = "";
const RETRY_MILLISECONDS = 3000;
const dictionaries = { [DEFAULT]: { ...first } };
const parts = { [DEFAULT]: new Set([COMMON]) };
const wanted = new Set([COMMON]);
const coming = new Map();
const listeners = new Set();
let lang = DEFAULT;
let wish = DEFAULT;
let isSpoken = false;

const known = (code) => code in loaders;
const fill = (text, params) => text.replace(/\{(\w+)\}/g, (_, name) => params[name] ?? "");

function speaker(code) {
  const plurals = new Intl.PluralRules(code);
  const numbers = new Intl.NumberFormat(code);
  const t = (key, params) => {
    let text = dictionaries[code][key] ?? missing(code, key);
    if (typeof text === "object") text = text[plurals.select(Number(params?.n ?? 0))] ?? text.other;
    if (!params) return text;
    return fill(text, typeof params.n === "number" ? { ...params, n: numbers.format(params.n) } : params);
  };
  return Object.assign(t, { lang: code, fmt: formats(code, t) });
}

/** What stands for a key without a text: nothing while its part is on its way, then the key itself. */
function missing(code, key) {
  const part = partOf(key);
  if (parts[code].has(part)) return dictionaries[DEFAULT][key] ?? key;
  wanted.add(part);
  fetchPart(code, part).catch(() => {});
  return "";
}

function partOf(key) {
  const [head, next] = key.split(".");
  return [`${head}.${next}`, head].find((part) => part in loaders[DEFAULT]) ?? COMMON;
}

/** Fetch a part once, however many ask; after a failure, whoever speaks by it asks again in a while. */
function fetchPart(code, part) {
  const name = `${code} ${part}`;
  const end = () => (coming.delete(name), speakAnew());
  const fail = (error) => {
    setTimeout(end, RETRY_MILLISECONDS);
    throw error;
  };
  if (!coming.has(name)) coming.set(name, take(code, part).then(end, fail));
  return coming.get(name);
}

async function take(code, part) {
  const texts = await loaders[code][part]();
  Object.assign((dictionaries[code] ??= {}), texts.default);
  (parts[code] ??= new Set()).add(part);
}

/** Fetch all that pages have asked for, and what they ask for meanwhile. */
async function fetchWanted(code) {
  const lacking = [...wanted].filter((part) => !parts[code]?.has(part));
  if (!lacking.length) return;
  await Promise.all(lacking.map((part) => fetchPart(code, part)));
  await fetchWanted(code);
}

/** Words of a page in the default language, from its bundle; the reader's own are fetched when that is another. */
export function add(part, texts) {
  Object.assign(dictionaries[DEFAULT], texts);
  parts[DEFAULT].add(part);
  wanted.add(part);
  if (wish !== DEFAULT) fetchPart(wish, part).catch(() => {});
}

const pre = speaker(DEFAULT);
let speaks = pre;

/** A new function, so that whoever speaks by it says everything again. */
function speakAnew() {
  if (dictionaries[lang]) speaks = speaker(lang);
  listeners.forEach((listener) => listener());
  reveal();
}

const listen = (listener) => (listeners.add(listener), reveal(), () => listeners.delete(listener));
const current = () => speaks;
const onServer = () => pre;

/** Show a page that waited for its words: when they are here and the page has taken them over, not the pre-rendered ones before. */
function reveal() {
  if (!isSpoken || coming.size || !listeners.size) return;
  requestAnimationFrame(() => document.documentElement.classList.remove("lang-wait"));
}

/** What speaks the reader's language: `t(key, params)` and `t.fmt.money(…)`; a new function when there is more to say. */
export function useT() {
  return useSyncExternalStore(listen, current, onServer);
}

/** Switch the language of this browser; the server reads the same cookie. */
export async function setLang(code) {
  if (!known(code)) return;
  wish = code;
  try {
    await fetchWanted(code);
    if (wish !== code) return;
    lang = code;
    document.documentElement.lang = code;
    document.cookie = `lang=${code};path=/;max-age=31536000;samesite=lax`;
  } finally {
    if (wish === code) wish = lang;
    isSpoken = true;
    speakAnew();
  }
}

/** The reader chose another language: what the server has said, it says again, since a new connection brings it the cookie and opens the page anew. */
export async function switchLang(code) {
  await setLang(code);
  // The ways by which Reflex itself lets a connection go and takes it up again; what is typed stays.
  dispatchEvent(new Event("pagehide"));
  document.dispatchEvent(new Event("visibilitychange"));
}

if (typeof window !== "undefined") {
  const cookie = document.cookie.match(/(?:^|; )lang=(\w+)/)?.[1];
  const code = cookie ?? (navigator.language || "").slice(0, 2);
  setLang(known(code) ? code : DEFAULT);
}
