// One condition: which field, what is asked of it, and the value.
import { useState } from "react";
import { fresh, hasPeriod, list, OPS, shownOp, usualPeriod, withOp } from "./filter_model.js";
import { Period, shownDay } from "./filter_period.jsx";
import { opWord } from "./filter_words.jsx";

const SEARCHED = 12;
const TYPES = { date: "date", day: "date", number: "number", money: "number" };

function Ticks({ field, values, onChange, t }) {
  const [typed, setTyped] = useState("");
  const fits = field.options.filter((option) => option.label.toLowerCase().includes(typed.toLowerCase()));
  return (
    <>
      {field.options.length > SEARCHED && (
        <input className="input input-small" type="search" aria-label={t("ui.filter.find")} placeholder={t("ui.filter.find")} value={typed} onChange={(event) => setTyped(event.target.value)}
               onKeyDown={(event) => event.key === "Enter" && event.preventDefault()} />
      )}
      <div className="filter-values" role="group" aria-label={t("ui.filter.value")}>
        {fits.map((option) => (
          <label key={option.id} className="tick">
            <input type="checkbox" checked={values.includes(option.id)}
                   onChange={(event) => onChange(event.target.checked ? [...values, option.id] : values.filter((id) => id !== option.id))} />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </>
  );
}

/** isFolded: values to choose from are behind a line that tells the chosen ones. */
function Value({ field, op, condition, set, isFolded, t }) {
  if (hasPeriod(field, op)) return <Period value={condition.value} isYearly={op === "yearly"} onChange={set} t={t} />;
  if (["empty", "filled"].includes(op) || field.kind === "flag") return null;
  if (field.kind === "choice") {
    const values = list(condition.value).map(String);
    const ticks = <Ticks field={field} values={values} onChange={set} t={t} />;
    const names = field.options.filter((option) => values.includes(option.id)).map((option) => option.label);
    return isFolded ? (
      <details className="filter-choices">
        <summary className="input" aria-label={`${t("ui.filter.value")}: ${names.join(", ") || t("ui.filter.choose")}`}>
          <span className={names.length ? "cut" : "cut faint"}>{names.join(", ") || t("ui.filter.choose")}</span>
        </summary>
        {ticks}
      </details>
    ) : ticks;
  }
  const type = TYPES[field.kind] ?? "text";
  return (
    <input className="input" aria-label={t("ui.filter.value")} required type={type} step="any" value={type === "date" ? shownDay(condition.value) : condition.value ?? ""}
           onChange={(event) => set(type === "number" && event.target.value !== "" ? Number(event.target.value) : event.target.value)} />
  );
}

export function Condition({ fields, condition, onChange, isFolded = false, t }) {
  const field = fields.find((one) => one.id === condition.field) ?? fields[0];
  const op = shownOp(condition, field);
  const ops = OPS[field.kind].includes(op) ? OPS[field.kind] : [...OPS[field.kind], op];
  const offered = fields.filter((one) => one.is_offered !== false || one.id === field.id);
  const asked = (next) => {
    const changed = withOp(condition, next);
    const isOther = hasPeriod(field, next) !== hasPeriod(field, op) || (next === "yearly") !== (op === "yearly");
    if (!isOther || changed.op === "empty") return onChange(changed);
    onChange({ ...changed, value: hasPeriod(field, next) ? usualPeriod(next) : undefined });
  };
  return (
    <>
      <select className="input" aria-label={t("ui.filter.field")} value={field.id} onChange={(event) => onChange(fresh(fields.find((one) => one.id === event.target.value)))}>
        {offered.map((one) => <option key={one.id} value={one.id}>{one.label}</option>)}
      </select>
      {ops.length > 1 && (
        <select className="input" aria-label={t("ui.filter.condition")} value={op} onChange={(event) => asked(event.target.value)}>
          {ops.map((one) => <option key={one} value={one}>{opWord(field, one, t)}</option>)}
        </select>
      )}
      <Value field={field} op={op} condition={condition} set={(value) => onChange({ ...condition, value })} isFolded={isFolded} t={t} />
    </>
  );
}
