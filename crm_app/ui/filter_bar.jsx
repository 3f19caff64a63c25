// Conditions in words: each a chip that can be changed or taken away; groups of them are changed in a sheet. Out comes the filter.
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { useT } from "$/public/external/crm_app/ui/i18n/i18n.js";
import { Condition } from "./filter_condition.jsx";
import { fresh, howOf } from "./filter_model.js";
import { byId, chipsOf, named, partWords, words } from "./filter_words.jsx";

const FilterEditor = lazy(() => import("./filter_editor.jsx").then((part) => ({ default: part.FilterEditor }))); // few people open it

function Editor({ fields, given, onDone, t }) {
  const [draft, setDraft] = useState(given ?? fresh(fields[0]));
  return (
    <form className="filter-form" onSubmit={(event) => { event.preventDefault(); onDone(draft); }}>
      <Condition fields={fields} condition={draft} onChange={setDraft} t={t} />
      <button type="submit" className="button button-primary">{t("ui.filter.apply")}</button>
    </form>
  );
}

function Chip({ part, known, onOpen, onRemove, t }) {
  const field = known[part.field];
  const label = field ? field.label : partWords(part, known, t);
  return (
    <span className="filter-chip">
      <button type="button" onClick={onOpen} disabled={!onOpen} title={field ? undefined : label}>
        {field ? <><b>{field.label}</b> {words(part, field, t)}</> : label}
      </button>
      <button type="button" className="filter-off" aria-label={`${t("ui.filter.remove")}: ${label}`} onClick={onRemove}>×</button>
    </span>
  );
}

export function FilterBar({ fields: asked, filter, preview, most, onChange, onPreview }) {
  const t = useT();
  const fields = useMemo(() => named(asked, t), [asked, t]);
  const [shown, setShown] = useState(filter ?? {});
  const [editing, setEditing] = useState(null);
  const [inSheet, setInSheet] = useState(false);
  const [wasInSheet, setWasInSheet] = useState(false);
  const pop = useRef(null);
  useEffect(() => { if (inSheet) setWasInSheet(true); }, [inSheet]);
  useEffect(() => setShown(filter ?? {}), [filter]);
  const chips = chipsOf(shown);
  const known = byId(fields);
  const change = (next) => {
    setShown(next);
    onChange?.(next);
  };
  const put = (parts) => change(parts.length ? (parts.length === 1 && howOf(parts[0]) ? parts[0] : { all: parts }) : {});
  const open = (index, event) => {
    flushSync(() => setEditing(index)); // it has to have its size before it is placed
    const spot = event.currentTarget.getBoundingClientRect();
    pop.current.showPopover();
    pop.current.style.left = `${Math.max(8, Math.min(spot.left, innerWidth - pop.current.offsetWidth - 8))}px`;
    pop.current.style.top = `${spot.bottom + 4}px`;
  };
  const done = (condition) => {
    pop.current.hidePopover();
    put(editing < 0 ? [...chips, condition] : chips.map((old, index) => (index === editing ? condition : old)));
  };
  const opens = (part, index) => {
    if (known[part.field]) return (event) => open(index, event);
    return onPreview && howOf(part) ? () => setInSheet(true) : undefined;
  };
  const offered = fields.filter((field) => field.is_offered !== false);
  const edited = chips[editing] && !offered.some((field) => field.id === chips[editing].field) ? fields : offered;
  return (
    <div className="filters">
      {chips.map((part, index) => (
        <Chip key={`${part.field ?? howOf(part)}-${index}`} part={part} known={known} t={t} onOpen={opens(part, index)} onRemove={() => put(chips.filter((_, i) => i !== index))} />
      ))}
      <button type="button" className="button button-plain button-small" disabled={!offered.length} onClick={(event) => open(-1, event)}>+ {t("ui.filter.add")}</button>
      {onPreview && <button type="button" className="button button-plain button-small" disabled={!offered.length} onClick={() => setInSheet(true)}>{t("ui.filter.edit")}</button>}
      {chips.length > 0 && <button type="button" className="button button-plain button-small" onClick={() => change({})}>{t("ui.filter.clear")}</button>}
      <div ref={pop} popover="auto" role="dialog" aria-label={t("ui.filter.add")} className="pop" onToggle={(event) => event.newState === "closed" && setEditing(null)}>
        {editing !== null && <Editor key={editing} fields={edited} given={chips[editing]} onDone={done} t={t} />}
      </div>
      {wasInSheet && <Suspense><FilterEditor open={inSheet} fields={fields} filter={shown} preview={preview} most={most} onPreview={onPreview} onChange={change} onClose={() => setInSheet(false)} /></Suspense>}
    </div>
  );
}
