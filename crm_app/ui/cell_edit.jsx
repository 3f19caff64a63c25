// A cell of a list that is edited where it stands: Enter or leaving it saves, Esc takes back; what the server says to it.
import { useEffect, useRef, useState } from "react";
import { AmountInput, MomentInput } from "$/public/external/crm_app/ui/field/inputs.jsx";

const PATIENCE_MS = 220;

/** Which cell is chosen by keys, which one is open, and what the server said last. Only a mouse opens a cell by clicks. */
export function useCells({ columns, rows, at, answer, edits, onCell, onGive, replace, box }) {
  const [column, setColumn] = useState(-1);
  const [open, setOpen] = useState(null);
  const mouse = useRef(false);
  const later = useRef(0);
  const asked = useRef(null);
  const may = (key) => !!edits?.includes(key);
  const want = (row, key) => {
    if (!row || !may(key)) return false;
    clearTimeout(later.current);
    asked.current = { row: row.id, key };
    setOpen(null);
    onCell?.(row.id, key);
    return true;
  };
  const leave = () => { asked.current = null; setOpen(null); box.current?.focus({ preventScroll: true }); };
  useEffect(() => {
    if (!answer?.number) return;
    if (answer.state === "saved") for (const row of answer.rows) replace(row);
    const mine = asked.current && asked.current.row === answer.row_id && asked.current.key === answer.key;
    if (!mine) return;
    if (answer.state === "open") setOpen({ row: answer.row_id, key: answer.key, text: answer.value, seen: answer.value, kind: answer.kind, options: answer.options });
    if (answer.state === "saved") { asked.current = null; setOpen(null); }
    if (answer.state === "conflict") setOpen((known) => known && { ...known, waits: false, theirs: answer.value });
    if (answer.state === "refused") setOpen((known) => ({ ...(known ?? { row: answer.row_id, key: answer.key, kind: "" }), waits: false, told: answer.told }));
  }, [answer]);
  const give = (text, seen, stay) => {
    if (text === open.seen && open.theirs === undefined && !open.told) return stay ? leave() : setOpen(null);
    setOpen({ ...open, text, waits: true, told: "", theirs: undefined });
    onGive?.(open.row, open.key, text, seen);
    if (stay) box.current?.focus({ preventScroll: true });
  };
  return {
    column, open, may, leave, give,
    move: (step) => setColumn((now) => Math.max(-1, Math.min(now + step, columns.length - 1))),
    begin: () => {
      const key = column >= 0 ? columns[column]?.key : columns.find((each) => may(each.key))?.key;
      if (column < 0 && key) setColumn(columns.findIndex((each) => each.key === key));
      return want(rows[at], key);
    },
    pressed: (event) => { mouse.current = event.pointerType === "mouse"; },
    clicked: (event, place, key, act) => {
      clearTimeout(later.current);
      if (place >= 0) setColumn(place);
      if (mouse.current && may(key) && event.detail < 2) later.current = setTimeout(act, PATIENCE_MS);
      else if (!(mouse.current && may(key))) act();
    },
    twice: (row, key) => mouse.current && want(row, key),
  };
}

export function CellEdit({ open, label, labels, give, leave }) {
  const [text, setText] = useState(open.text ?? "");
  const done = useRef(false);
  useEffect(() => { done.current = false; }, [open.told, open.theirs]);
  const said = (value) => (open.kind === "select" ? open.options.find((option) => String(option.id) === value)?.label ?? value : value) || labels.blank;
  const save = (stay) => {
    if (done.current || open.waits) return;
    done.current = true;
    give(text, open.theirs ?? open.seen, stay);
  };
  const keys = (event) => {
    event.stopPropagation();
    if (event.key === "Escape") { done.current = true; event.preventDefault(); leave(); }
    else if (event.key === "Enter" && open.theirs === undefined) { event.preventDefault(); save(true); }
  };
  const left = (event) => {
    if (event.currentTarget.contains(event.relatedTarget) || open.theirs !== undefined || open.told) return;
    save(false);
  };
  const input = { className: "input cell-input", autoFocus: true, "aria-label": label, "aria-invalid": !!open.told };
  const plain = { ...input, value: text, onChange: (event) => setText(event.target.value) };
  const stop = (event) => event.stopPropagation();
  return (
    <div className="cell-edit" onKeyDown={keys} onBlur={left} onClick={stop} onDoubleClick={stop} data-wait={!!open.waits}>
      {open.kind === "select" && <select {...plain}>{!open.options.some((option) => String(option.id) === open.seen) && <option value={open.seen}>{open.seen}</option>}{open.options.map((option) => <option key={option.id} value={option.id}>{option.label}</option>)}</select>}
      {open.kind === "amount" && <AmountInput {...input} name="" value={text} onChange={setText} />}
      {open.kind === "moment" && <MomentInput {...input} name="" value={text} onChange={setText} />}
      {open.kind && !["select", "amount", "moment"].includes(open.kind) && <input {...plain} type={open.kind === "textarea" ? "text" : open.kind} />}
      {(open.told || open.theirs !== undefined) && (
        <div className="cell-told" role="alert">
          {open.told && <span className="field-error">{open.told}</span>}
          {open.theirs !== undefined && <>
            <strong>{labels.conflict}</strong>
            <span>{labels.now}: {said(open.theirs)}</span>
            <span>{labels.mine}: {said(text)}</span>
          </>}
          <div className="line gap-s">
            {open.theirs !== undefined && <button type="button" className="button button-primary button-small" onClick={() => { done.current = true; give(text, open.theirs, true); }}>{labels.write_mine}</button>}
            <button type="button" className="button button-quiet button-small" autoFocus={!open.kind} onClick={leave}>{open.theirs !== undefined ? labels.keep : labels.close}</button>
          </div>
        </div>
      )}
    </div>
  );
}
