// Conditions in words: each a chip that can be changed or taken away. Out comes {"all": [{field, op, value}, …]}.
import { useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { useT } from "$/public/external/crm_app/ui/i18n/i18n.js";
import { list, words } from "./filter_words.jsx";

const OPS = { choice: ["in", "ne", "empty"], text: ["contains", "eq", "empty"], words: ["contains", "empty"], number: ["ge", "le", "eq", "empty"], money: ["ge", "le", "eq", "empty"], date: ["ge", "le", "eq", "empty"], flag: ["eq", "ne"] };
const OP_WORDS = { date: { ge: "after", le: "before" }, flag: { eq: "yes", ne: "no" } };

function Editor({ fields, given, onDone, t }) {
  const [draft, setDraft] = useState(given ?? { field: fields[0]?.id, op: OPS[fields[0]?.kind]?.[0] });
  const field = fields.find((one) => one.id === draft.field) ?? fields[0];
  const set = (part) => setDraft({ ...draft, ...part });
  const values = list(draft.value).map(String);
  const done = () => onDone({ field: field.id, op: draft.op, value: draft.op === "empty" || field.kind === "flag" ? true : draft.value });
  return (
    <form className="filter-form" onSubmit={(event) => { event.preventDefault(); done(); }}>
      <select className="input" aria-label={t("ui.filter.field")} value={field.id} onChange={(event) => {
        const next = fields.find((one) => one.id === event.target.value);
        setDraft({ field: next.id, op: OPS[next.kind][0], value: undefined });
      }}>
        {fields.map((one) => <option key={one.id} value={one.id}>{one.label}</option>)}
      </select>
      {OPS[field.kind].length > 1 && (
        <select className="input" aria-label={t("ui.filter.condition")} value={draft.op} onChange={(event) => set({ op: event.target.value })}>
          {OPS[field.kind].map((op) => <option key={op} value={op}>{t(`ui.filter.op.${OP_WORDS[field.kind]?.[op] ?? op}`)}</option>)}
        </select>
      )}
      {draft.op !== "empty" && field.kind === "choice" && (
        <div className="filter-values" role="group" aria-label={t("ui.filter.value")}>
          {field.options.map((option) => (
            <label key={option.id} className="tick">
              <input type="checkbox" checked={values.includes(option.id)}
                     onChange={(event) => set({ value: event.target.checked ? [...values, option.id] : values.filter((id) => id !== option.id) })} />
              <span>{option.label}</span>
            </label>
          ))}
        </div>
      )}
      {draft.op !== "empty" && !["choice", "flag"].includes(field.kind) && (
        <input className="input" aria-label={t("ui.filter.value")} required type={{ date: "date", text: "text", words: "text" }[field.kind] ?? "number"} step="any" value={draft.value ?? ""}
               onChange={(event) => set({ value: ["number", "money"].includes(field.kind) && event.target.value !== "" ? Number(event.target.value) : event.target.value })} />
      )}
      <button type="submit" className="button button-primary">{t("ui.filter.apply")}</button>
    </form>
  );
}

export function FilterBar({ fields, filter, onChange }) {
  const t = useT();
  const [conditions, setConditions] = useState(filter?.all ?? []);
  const [editing, setEditing] = useState(null);
  const pop = useRef(null);
  useEffect(() => setConditions(filter?.all ?? []), [filter]);
  const change = (next) => {
    setConditions(next);
    onChange?.(next.length ? { all: next } : {});
  };
  const open = (index, event) => {
    flushSync(() => setEditing(index)); // it has to have its size before it is placed
    const spot = event.currentTarget.getBoundingClientRect();
    pop.current.showPopover();
    pop.current.style.left = `${Math.max(8, Math.min(spot.left, innerWidth - pop.current.offsetWidth - 8))}px`;
    pop.current.style.top = `${spot.bottom + 4}px`;
  };
  const done = (condition) => {
    pop.current.hidePopover();
    change(editing < 0 ? [...conditions, condition] : conditions.map((old, index) => (index === editing ? condition : old)));
  };
  return (
    <div className="filters">
      {conditions.map((condition, index) => {
        const field = fields.find((one) => one.id === condition.field);
        return field && (
          <span key={`${condition.field}-${index}`} className="filter-chip">
            <button type="button" onClick={(event) => open(index, event)}><b>{field.label}</b> {words(condition, field, t)}</button>
            <button type="button" className="filter-off" aria-label={`${t("ui.filter.remove")}: ${field.label}`} onClick={() => change(conditions.filter((_, i) => i !== index))}>×</button>
          </span>
        );
      })}
      <button type="button" className="button button-plain button-small" onClick={(event) => open(-1, event)}>+ {t("ui.filter.add")}</button>
      {conditions.length > 0 && <button type="button" className="button button-plain button-small" onClick={() => change([])}>{t("ui.filter.clear")}</button>}
      <div ref={pop} popover="auto" role="dialog" aria-label={t("ui.filter.add")} className="pop" onToggle={(event) => event.newState === "closed" && setEditing(null)}>
        {editing !== null && <Editor key={editing} fields={fields} given={conditions[editing]} onDone={done} t={t} />}
      </div>
    </div>
  );
}
