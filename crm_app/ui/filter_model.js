// Filters as they stand in an address: groups of conditions, and what of them is whole enough to be asked.
export const GROUPS = ["all", "any", "none"];
/** As filters.py has them: how deep groups nest, and how many conditions there are at most. */
export const DEEPEST = 5;
export const MOST = 50;

const FILLED = ["empty", "filled"];
export const OPS = {
  choice: ["in", "ne", ...FILLED], text: ["contains", "starts", "eq", ...FILLED], code: ["eq", "starts", "ne", ...FILLED], words: ["contains", ...FILLED], value: ["eq", "ne", ...FILLED], having: ["has", "ne", ...FILLED],
  known: ["filled", "empty"], number: ["ge", "le", "eq", ...FILLED], money: ["ge", "le", "eq", ...FILLED], date: ["in", "ge", "le", ...FILLED], day: ["in", "yearly", "ge", "le", ...FILLED], flag: ["eq", "ne"], happening: ["in", "ne", "last", "filled", "empty"],
};

export const list = (value) => (Array.isArray(value) ? value : value === undefined || value === null || value === "" ? [] : [value]);
export const howOf = (part) => GROUPS.find((how) => Array.isArray(part?.[how]));
export const partsOf = (group) => group[howOf(group)] ?? [];
/** A filter as a group, whatever it is. */
export const asGroup = (filter) => (howOf(filter) ? filter : { all: filter?.field ? [filter] : [] });

/** What is asked, as people choose it: "is empty" and "is filled in" are one operation with two values. */
export const shownOp = (condition, field) => {
  if (field.kind === "flag") return (condition.value !== false) === (condition.op !== "ne") ? "eq" : "ne";
  return condition.op === "empty" && condition.value === false ? "filled" : condition.op;
};
export const withOp = (condition, op) => {
  if (op === "filled") return { ...condition, op: "empty", value: false };
  if (op === "empty") return { ...condition, op, value: true };
  const was = condition.op === "empty" ? undefined : condition.value;
  return { ...condition, op, value: op === "ne" || op === "in" ? was : Array.isArray(was) ? was[0] : was };
};
/** Whether a field holds a day, or a moment of one. */
export const isDated = (field) => field.kind === "date" || field.kind === "day";
export const hasPeriod = (field, op) => (field.kind === "happening" ? ["in", "ne", "last"].includes(op) : isDated(field) && ["in", "yearly"].includes(op));
/** What is asked at first where a period is. */
export const usualPeriod = (op) => (op === "yearly" ? "this_month" : "last_30_days");
/** Periods that tell no day and month from another: of a year, or without a beginning or an end. */
export const ENDLESS = /_year$|^over_|^\.\.|\.\.$/;

/** The first condition on a field. */
export function fresh(field) {
  const condition = withOp({ field: field.id }, OPS[field.kind][0]);
  if (field.kind === "flag") return { ...condition, value: true };
  return hasPeriod(field, condition.op) ? { ...condition, value: usualPeriod(condition.op) } : condition;
}

const DAY = String.raw`(?:\d{4}-\d{2}-\d{2}|today(?:[+-]\d{1,4})?)`;
const PERIOD = new RegExp(`^(today|yesterday|tomorrow|(last|this|next)_(week|month|quarter|year)|(last|next)_0*[1-9]\\d{0,3}_days|over_\\d{1,4}_days_ago|${DAY}?\\.\\.${DAY}|${DAY}\\.\\.)$`);

function isWhole(condition, field) {
  if (!field || condition.op === "empty" || field.kind === "flag") return true;
  if (condition.op === "yearly" && ENDLESS.test(condition.value ?? "") && !condition.value.endsWith("_year")) return false;
  if (hasPeriod(field, condition.op)) return PERIOD.test(condition.value ?? "");
  return list(condition.value).length > 0;
}

/** A filter without what nobody has finished; {} where nothing is left of it. fields: by id. */
export function whole(part, fields) {
  const how = howOf(part);
  if (!how) return isWhole(part, fields[part.field]) ? part : {};
  const parts = part[how].map((inner) => whole(inner, fields)).filter((inner) => howOf(inner) || inner.field);
  return parts.length ? { [how]: parts } : {};
}

export const countOf = (part) => (howOf(part) ? partsOf(part).reduce((sum, inner) => sum + countOf(inner), 0) : 1);

/** A group with another one in the place that a path of indexes leads to; without one, what stood there is gone. */
export function changedAt(group, [index, ...rest], next) {
  const how = howOf(group);
  const parts = group[how].flatMap((part, at) => {
    if (at !== index) return [part];
    if (rest.length) return [changedAt(part, rest, next)];
    return next ? [next] : [];
  });
  return { [how]: parts };
}
