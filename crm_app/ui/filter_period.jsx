// A period: one by its name, so many days, or from one day to another.
import { ENDLESS } from "./filter_model.js";

const NAMED = ["today", "yesterday", "tomorrow", ...["week", "month", "quarter", "year"].flatMap((unit) => ["this", "last", "next"].map((step) => `${step}_${unit}`))];
const USUAL = { last: "last_30_days", next: "next_30_days", over: "over_90_days_ago", between: ".." };
const SOME = /^(last|next|over)_(\d*)_days(_ago)?$/;

/** A day as a date field has it: one that is told from today on is that day now. */
export const shownDay = (value) => {
  const relative = /^today([+-]\d+)?$/.exec(value ?? "");
  if (!relative) return value ?? "";
  const when = new Date();
  when.setDate(when.getDate() + Number(relative[1] ?? 0));
  return `${when.getFullYear()}-${String(when.getMonth() + 1).padStart(2, "0")}-${String(when.getDate()).padStart(2, "0")}`;
};

/** isYearly: only a day and a month are looked at, whatever the year. */
export function Period({ value = "", isYearly = false, onChange, t }) {
  const some = SOME.exec(value);
  const [first = "", last = ""] = value.includes("..") ? value.split("..") : [];
  const kind = some ? some[1] : value.includes("..") ? "between" : value;
  return (
    <span className="filter-period">
      <select className="input" aria-label={t("ui.filter.period.title")} value={kind} onChange={(event) => onChange(USUAL[event.target.value] ?? event.target.value)}>
        {Object.keys(USUAL).filter((one) => !(isYearly && one === "over")).map((one) => <option key={one} value={one}>{t(`ui.filter.period.choose_${one}`)}</option>)}
        {NAMED.filter((one) => !isYearly || one === value || !ENDLESS.test(one)).map((one) => <option key={one} value={one}>{t(`ui.filter.period.${one}`)}</option>)}
      </select>
      {some && (
        <input className="input" type="number" min={kind === "over" ? 0 : 1} max="9999" step="1" required aria-label={t("ui.filter.period.count")} value={some[2]}
               onChange={(event) => onChange(`${some[1]}_${event.target.value.replace(/\D/g, "").slice(0, 4)}_days${some[3] ?? ""}`)} />
      )}
      {kind === "between" && (
        <>
          <input className="input" type="date" required={isYearly || !last} aria-label={t("ui.filter.period.first")} value={shownDay(first)} onChange={(event) => onChange(`${event.target.value}..${last}`)} />
          <input className="input" type="date" required={isYearly || !first} min={shownDay(first)} aria-label={t("ui.filter.period.last")} value={shownDay(last)} onChange={(event) => onChange(`${first}..${event.target.value}`)} />
        </>
      )}
    </span>
  );
}
