// Which cell of a list is edited, and what the server says to it.
import { useEffect, useRef, useState } from "react";

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
    if (answer.state === "open") setOpen({ row: answer.row_id, key: answer.key, text: answer.value, seen: answer.value, kind: answer.kind, options: answer.options, shown: answer.shown });
    if (answer.state === "saved") { asked.current = null; setOpen(null); }
    if (answer.state === "conflict") setOpen((known) => known && { ...known, waits: false, theirs: answer.value, now: answer.shown });
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
