// A filter as people read it: in the chips of its bar, and in the place of a list that it leaves empty.
import { useT } from "$/public/external/crm_app/ui/i18n/i18n.js";

export const list = (value) => (Array.isArray(value) ? value : value === undefined || value === "" ? [] : [value]);

/** A condition without the name of its field. */
export function words(condition, field, t) {
  const name = { ge: field.kind === "date" ? "after" : "ge", le: field.kind === "date" ? "before" : "le" }[condition.op] ?? condition.op;
  if (condition.op === "empty") return t("ui.filter.op.empty");
  if (field.kind === "flag") return (condition.value !== false) === (condition.op !== "ne") ? "" : t("ui.filter.flag_no");
  const label = (id) => field.options?.find((option) => option.id === String(id))?.label ?? id;
  const shown = field.kind === "date" ? t.fmt.day(condition.value) : field.kind === "money" ? t.fmt.money(condition.value * 100) : list(condition.value).map(label).join(", ");
  return `${condition.op === "in" ? "" : `${t(`ui.filter.op.${name}`)} `}${shown}`;
}

/** In the place of an empty list: the first child where a filter or words hide everything, else the second. */
export function NothingFits({ filter, words: text, usual, children }) {
  const isNarrowed = text || JSON.stringify(filter?.all ?? filter?.any ?? []) !== JSON.stringify(usual?.all ?? []);
  return children[isNarrowed ? 0 : 1];
}

export function FilterWords({ fields, filter, words: text }) {
  const t = useT();
  const told = (filter?.all ?? []).map((condition) => [fields.find((one) => one.id === condition.field), condition]).filter(([field]) => field);
  return [...told.map(([field, condition]) => `${field.label} ${words(condition, field, t)}`.trim()), ...(text ? [`«${text}»`] : [])].join(" · ");
}
