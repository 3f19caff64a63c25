// A filter as people read it: in the chips of its bar, in its sheet, and in the place of a list that it leaves empty.
import { useT } from "$/public/external/crm_app/ui/i18n/i18n.js";
import { asGroup, hasPeriod, howOf, isDated, list, partsOf, shownOp } from "./filter_model.js";

const DATED = { in: "period", yearly: "yearly", ge: "after", le: "before" };
const OP_WORDS = {
  date: DATED, day: DATED, flag: { eq: "yes", ne: "no" },
  happening: { in: "was", ne: "was_not", last: "was_last", filled: "ever", empty: "never" },
};

/** What is asked of a field, to be chosen. */
export const opWord = (field, op, t) => t(`ui.filter.op.${OP_WORDS[field.kind]?.[op] ?? op}`);

function day(value, t) {
  const relative = /^today(?:([+-])(\d+))?$/.exec(value ?? "");
  if (!relative) return t.fmt.day(value);
  if (!relative[1]) return t("ui.filter.period.today");
  return t(relative[1] === "-" ? "ui.filter.day_before" : "ui.filter.day_after", { n: Number(relative[2]) });
}

/** A period in words: "in the last 30 days". */
export function periodWords(value, t) {
  const some = /^(last|next|over)_(\d+)_days/.exec(value ?? "");
  if (some) return t(`ui.filter.period.${some[1]}_days`, { n: Number(some[2]) });
  const [first, last] = (value ?? "").split("..");
  if (last === undefined) return value ? t(`ui.filter.period.${value}`) : "";
  return t(`ui.filter.period.${first && last ? "between" : first ? "since" : "until"}`, { first: day(first, t), last: day(last, t) });
}

/** A condition without the name of its field. */
export function words(condition, field, t) {
  const op = shownOp(condition, field);
  if (field.kind === "flag") return op === "eq" ? "" : t("ui.filter.flag_no");
  if (condition.op === "empty") return opWord(field, op, t);
  if (hasPeriod(field, op)) return `${op === "in" ? "" : `${op === "yearly" ? t("ui.filter.yearly") : opWord(field, op, t)} `}${periodWords(condition.value, t)}`;
  const label = (id) => field.options?.find((option) => option.id === String(id))?.label ?? id;
  const shown = isDated(field) ? day(condition.value, t) : field.kind === "money" ? t.fmt.money(condition.value * 100) : list(condition.value).map(label).join(", ");
  return `${op === "in" || op === "has" ? "" : `${opWord(field, op, t)} `}${shown}`;
}

/** A condition or a group in words. fields: by id. */
export function partWords(part, fields, t, isInner = false) {
  const how = howOf(part);
  if (!how) {
    const field = fields[part.field] ?? { label: part.field, kind: "value" };
    return `${field.label} ${words(part, field, t)}`.trim();
  }
  const parts = partsOf(part).map((inner) => partWords(inner, fields, t, true));
  const joined = parts.join(` ${t(how === "all" ? "ui.filter.and" : "ui.filter.or")} `);
  if (how === "none") return `${t("ui.filter.not")} (${joined})`;
  return isInner && parts.length > 1 ? `(${joined})` : joined;
}

/** Fields by the names that the language of the moment has for them. */
export const named = (fields, t) => fields.map((field) => (field.label_key ? { ...field, label: t(field.label_key) } : field));
export const byId = (fields) => Object.fromEntries(fields.map((field) => [field.id, field]));
/** What chips there are of a filter: one for each condition that must hold, else one for all of it. */
export const chipsOf = (filter) => {
  const group = asGroup(filter);
  return howOf(group) === "all" || !partsOf(group).length ? partsOf(group) : [group];
};

/** In the place of an empty list: the first child where a filter or words hide everything, else the second. */
export function NothingFits({ filter, words: text, usual, children }) {
  const isNarrowed = text || JSON.stringify(chipsOf(filter)) !== JSON.stringify(chipsOf(usual));
  return children[isNarrowed ? 0 : 1];
}

export function FilterWords({ fields, filter, words: text }) {
  const t = useT();
  const known = byId(named(fields, t));
  return [...chipsOf(filter).map((part) => partWords(part, known, t)), ...(text ? [`«${text}»`] : [])].join(" · ");
}
