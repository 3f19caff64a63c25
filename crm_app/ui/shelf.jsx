// What stands at the left of a list: filters and groups, opened by a click, put elsewhere by dragging or by their menus.
import { useEffect, useRef, useState } from "react";
import { Entry, NameForm } from "./shelf_entry.jsx";

/** Dragging by mouse; with keys and by touch the menu does the same. */
function useDrag(mayShare, onPlace) {
  const [over, setOver] = useState("");
  const held = useRef(null);
  const may = (side) => side === "own" || (side === "shared" && mayShare);
  const zone = (side, before = "") => may(side) && {
    onDragOver: (event) => { if (held.current) { event.preventDefault(); event.stopPropagation(); setOver(before || side); } },
    onDrop: (event) => {
      event.preventDefault();
      event.stopPropagation();
      if (held.current && held.current !== before) onPlace(held.current, side === "shared", before);
      setOver("");
    },
  };
  const of = (entry) => ({
    ...zone(entry.side, entry.key),
    ...(entry.may_change && may(entry.side) && {
      draggable: true,
      onDragStart: (event) => { held.current = entry.key; event.dataTransfer.effectAllowed = "move"; event.dataTransfer.setData("text/plain", entry.name); },
      onDragEnd: () => { held.current = null; setOver(""); },
    }),
  });
  return { over, zone, of };
}

export function Shelf({ entries, counts = {}, most = Infinity, at, canSave, mayShare, labels, onCount, onPlace, onName, onUpdate, onRemove, onSave, onGroup }) {
  const [open, setOpen] = useState(false);
  const [naming, setNaming] = useState("");
  const drag = useDrag(mayShare, (...where) => onPlace?.(...where));
  const known = entries.map((entry) => entry.key).join(" ");
  useEffect(() => { if (entries.length) onCount?.(); }, [known]);
  useEffect(() => setOpen(false), [at]);
  const of = (side) => entries.filter((entry) => entry.side === side);
  const lines = (side) => of(side).map((entry) => (
    <Entry key={entry.key} entry={entry} at={at === entry.key} count={counts[entry.key]} most={most} labels={labels} drag={drag} mayShare={mayShare} canSave={canSave}
           onPlace={onPlace} onUpdate={onUpdate} onRemove={onRemove} onRename={() => setNaming(entry.key)}
           renaming={naming === entry.key} onRenamed={(name) => { setNaming(""); if (name) onName?.(entry.key, name); }} />
  ));
  const adding = (which, text, act) => (naming === which
    ? <NameForm label={labels.name} onDone={(name) => { setNaming(""); if (name) act?.(name); }} />
    : <button type="button" className="button button-plain button-small" onClick={() => setNaming(which)}>+ {text}</button>);
  const current = entries.find((entry) => entry.key === at);
  return (
    <nav className="shelf" aria-label={labels.title} data-open={open}>
      <button type="button" className="button button-quiet shelf-fold" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className="cut">{current?.name ?? labels.title}</span><span aria-hidden="true">▾</span>
      </button>
      <div className="shelf-body">
        <ul>{lines("system")}</ul>
        <ul aria-label={labels.shared} data-over={drag.over === "shared"} {...drag.zone("shared")}>
          {lines("shared")}
          {mayShare && of("shared").length === 0 && of("own").length > 0 && <li className="shelf-hint faint small">{labels.drag}</li>}
        </ul>
        <hr className="rule" />
        <ul aria-label={labels.own} data-over={drag.over === "own"} {...drag.zone("own")}>
          {lines("own")}
          {of("own").length === 0 && !canSave && <li className="shelf-hint faint small">{labels.none}</li>}
        </ul>
        {canSave && adding("filter", labels.save, onSave)}
        <h2>{labels.groups}</h2>
        <ul>{lines("group")}</ul>
        {adding("group", labels.group, onGroup)}
      </div>
    </nav>
  );
}
