// Inputs that show a value in the reader's way and hand on the one that the server stores, in a hidden field of the same name.
import { useEffect, useState } from "react";
import { useT } from "$/public/external/crm_app/ui/i18n/i18n.js";

const SPACES = /[\s\u00a0\u202f]/g;
/** "1 250,5", "1,250.5" and "1250,5" are the same number; a comma before three digits groups where the language groups by commas. */
function toNumber(text, lang) {
  const plain = text.replace(SPACES, "");
  const commaGroups = new Intl.NumberFormat(lang).format(1e6).includes(",") && !/^[^,.]*,\d{1,2}$/.test(plain);
  return commaGroups ? plain.replaceAll(",", "") : plain.replace(",", ".");
}
const pad = (number) => String(number).padStart(2, "0");
const toLocal = (iso) => {
  if (!iso) return "";
  const d = new Date(iso);
  return `${d.getFullYear()}-${pad(d.getMonth() + 1)}-${pad(d.getDate())}T${pad(d.getHours())}:${pad(d.getMinutes())}`;
};
const toIso = (local) => (local ? new Date(local).toISOString() : "");

/** Money or a number: grouped as soon as the field is left, plain "1250000.50" for the server. */
export function AmountInput({ name, value = "", onChange, ...rest }) {
  const t = useT();
  const group = (text) => {
    const plain = toNumber(text, t.lang);
    return plain === "" || Number.isNaN(Number(plain)) ? text : new Intl.NumberFormat(t.lang, { maximumFractionDigits: 6 }).format(plain);
  };
  const [text, setText] = useState(String(value ?? ""));
  const [typing, setTyping] = useState(false);
  useEffect(() => setText(String(value ?? "")), [value]);
  const typed = (event) => {
    setText(event.target.value);
    onChange?.(toNumber(event.target.value, t.lang));
  };
  return (
    <>
      <input {...rest} data-draft={name} inputMode="decimal" autoComplete="off" value={typing ? text : group(text)} onChange={typed}
             onFocus={() => { setTyping(true); setText(group(text)); }} onBlur={() => setTyping(false)} />
      <input type="hidden" name={name} value={toNumber(text, t.lang)} readOnly />
    </>
  );
}

/** Date and time in the reader's zone; the server gets it in UTC. */
export function MomentInput({ name, value = "", onChange, ...rest }) {
  const [local, setLocal] = useState("");
  useEffect(() => setLocal(toLocal(value)), [value]);
  const typed = (event) => {
    setLocal(event.target.value);
    onChange?.(toIso(event.target.value));
  };
  return (
    <>
      <input {...rest} data-draft={name} type="datetime-local" value={local} onChange={typed} />
      <input type="hidden" name={name} value={toIso(local)} readOnly />
    </>
  );
}
