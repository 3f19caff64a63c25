// Groups of conditions, nested, in a sheet: what they say and how many cards they leave is told while they are put together.
import { useEffect, useRef, useState } from "react";
import { useT } from "$/public/external/crm_app/ui/i18n/i18n.js";
import { Dialog } from "$/public/external/crm_app/ui/dialog/dialog.jsx";
import { Condition } from "./filter_condition.jsx";
import { asGroup, changedAt, countOf, DEEPEST, fresh, GROUPS, howOf, MOST, partsOf, whole } from "./filter_model.js";
import { byId } from "./filter_words.jsx";

const PAUSE_MILLISECONDS = 250;

function Group({ group, path, fields, isFull, change, t }) {
  const how = howOf(group);
  const parts = partsOf(group);
  const at = path.join(".");
  const put = (next) => change(path, { [how]: [...parts, next] }, [...path, parts.length]);
  return (
    <fieldset className="filter-group" data-group={at || "root"}>
      <legend className="sr-only">{t("ui.filter.group")}</legend>
      <div className="filter-row">
        <select className="input" aria-label={t("ui.filter.how")} value={how} onChange={(event) => change(path, { [event.target.value]: parts })}>
          {GROUPS.map((one) => <option key={one} value={one}>{t(`ui.filter.how_${one}`)}</option>)}
        </select>
        {path.length > 0 && <button type="button" className="button button-plain button-icon filter-off" aria-label={t("ui.filter.remove_group")} title={t("ui.filter.remove_group")} onClick={() => change(path, null, path.slice(0, -1))}>×</button>}
      </div>
      {parts.map((part, index) => (howOf(part)
        ? <Group key={index} group={part} path={[...path, index]} fields={fields} isFull={isFull} change={change} t={t} />
        : (
          <div key={index} className="filter-row" data-at={[...path, index].join(".")}>
            <Condition fields={fields} condition={part} onChange={(next) => change([...path, index], next)} isFolded t={t} />
            <button type="button" className="button button-plain button-icon filter-off" aria-label={t("ui.filter.remove")} title={t("ui.filter.remove")} onClick={() => change([...path, index], null, path)}>×</button>
          </div>
        )))}
      <div className="filter-row">
        <button type="button" className="button button-plain button-small" data-add disabled={isFull} onClick={() => put(fresh(fields[0]))}>+ {t("ui.filter.add_condition")}</button>
        {path.length + 2 <= DEEPEST && <button type="button" className="button button-plain button-small" disabled={isFull} onClick={() => put({ any: [fresh(fields[0])] })}>+ {t("ui.filter.add_group")}</button>}
      </div>
    </fieldset>
  );
}

function Told({ preview, isAnswered, isEmpty, most, t }) {
  if (preview?.error && isAnswered) return <p className="filter-told error-line" role="status">{preview.error}</p>;
  const n = preview?.count > most ? t("ui.shelf.more_than", { n: most }) : preview?.count;
  return (
    <p className="filter-told" role="status" aria-busy={!isAnswered}>
      <span className="soft">{isEmpty ? t("ui.filter.everything") : preview?.words}</span>
      <strong data-count={isAnswered ? preview.count : undefined}>{t("ui.filter.fits", { n: isAnswered ? n : "…" })}</strong>
    </p>
  );
}

/** What is put together by keys stays in reach of them: a new line is gone to, and after one that is gone, the button. */
function useFocus(form) {
  const next = useRef("");
  useEffect(() => {
    if (next.current) form.current?.querySelector(next.current)?.focus();
    next.current = "";
  });
  return (selector) => { next.current = selector; };
}

function Sheet({ fields, given, preview, most, onPreview, onDone, t }) {
  const [root, setRoot] = useState(() => (countOf(asGroup(given)) ? asGroup(given) : { all: [fresh(fields[0])] }));
  const [number, setNumber] = useState(0);
  const form = useRef(null);
  const goTo = useFocus(form);
  const asked = whole(root, byId(fields));
  const text = JSON.stringify(asked);
  useEffect(() => {
    const wait = setTimeout(() => {
      const mine = Date.now() % 1e9;
      setNumber(mine);
      onPreview(asked, mine);
    }, number ? PAUSE_MILLISECONDS : 0);
    return () => clearTimeout(wait);
  }, [text]);
  const change = (path, next, focus) => {
    const isGone = next === null;
    if (focus) goTo(isGone ? `[data-group="${focus.join(".") || "root"}"] > .filter-row > [data-add]` : `[data-at="${focus.join(".")}"] select, [data-group="${focus.join(".")}"] select`);
    setRoot(path.length ? changedAt(root, path, next) : next);
  };
  return (
    <form ref={form} className="filter-sheet" onSubmit={(event) => { event.preventDefault(); onDone(asked); }}>
      <Group group={root} path={[]} fields={fields} isFull={countOf(root) >= MOST} change={change} t={t} />
      <footer>
        <Told preview={preview} isAnswered={number > 0 && preview?.number === number} isEmpty={text === "{}"} most={most} t={t} />
        <div className="form-buttons">
          <button type="button" className="button button-quiet" onClick={() => setRoot({ all: [] })}>{t("ui.filter.clear")}</button>
          <button type="submit" className="button button-primary">{t("ui.filter.apply")}</button>
        </div>
      </footer>
    </form>
  );
}

export function FilterEditor({ open, fields, filter, preview, most = Infinity, onPreview, onChange, onClose }) {
  const t = useT();
  return (
    <Dialog id="filter" open={open} kind="sheet modal-filter" labels={{ title: t("ui.filter.edit"), close: t("ui.close") }} onClose={onClose}>
      {open && fields.length > 0 && (
        <Sheet fields={fields} given={filter} preview={preview} most={most} onPreview={onPreview} t={t}
               onDone={(next) => { onChange(next); onClose(); }} />
      )}
    </Dialog>
  );
}
