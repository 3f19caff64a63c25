// Which columns a list has room for, and which of them somebody has chosen, in their order and width.
import { useEffect, useMemo, useState } from "react";

const least = (column) => parseFloat(column.width.replace("minmax(", "")) || 0;
const NARROWEST = 40;

/** The columns of a list: the usual ones, or those of `shown`; what the page does not draw itself stands in words in a row's `more`. */
function chosen(all, shown, sizes) {
  if (!shown?.length) return all.filter((column) => !column.spare).map((column) => sized(column, sizes[column.key]));
  const faces = Object.fromEntries(all.map((column) => [column.key, column]));
  return shown.map((place) => {
    const own = { key: place.key, title: place.title, width: "minmax(110px, 2fr)", align: place.align, sortable: place.sortable, cell: (row) => <span className="cut" title={row.more?.[place.key]}>{row.more?.[place.key] ?? ""}</span> };
    return { ...sized(faces[place.key] ?? own, sizes[place.key] ?? place.width), yields: false };
  });
}
const sized = (column, width) => (width ? { ...column, width: `${width}px` } : column);

/** Those that there is room for: of the usual ones those that yield go first, from the right. */
export function useColumns(box, all, shown, own) {
  const [width, setWidth] = useState(0);
  const [sizes, setSizes] = useState({});
  useEffect(() => {
    if (!box.current) return undefined;
    const watcher = new ResizeObserver(([entry]) => setWidth(entry.contentRect.width));
    watcher.observe(box.current);
    return () => watcher.disconnect();
  }, [box.current]);
  useEffect(() => setSizes({}), [shown]);
  const columns = [...useMemo(() => chosen(all, shown, sizes), [all, shown, sizes])];
  const wanted = () => columns.reduce((sum, column) => sum + least(column), own);
  for (let last = columns.length - 1; width && last >= 0 && wanted() > width; last -= 1) if (columns[last].yields) columns.splice(last, 1);
  return { columns, wanted: wanted(), size: (key, to) => setSizes((known) => ({ ...known, [key]: Math.max(NARROWEST, Math.round(to)) })) };
}

/** The edge of a heading: dragged, it makes the column wider. By keys that is done in the list of columns. */
export function Edge({ column, onDrag, onSize }) {
  const began = (event) => {
    event.preventDefault();
    event.stopPropagation();
    const edge = event.currentTarget;
    const [from, was] = [event.clientX, edge.parentElement.getBoundingClientRect().width];
    const to = (at) => Math.max(NARROWEST, Math.round(was + at.clientX - from));
    const moved = (at) => onDrag(column.key, to(at));
    const ended = (at) => {
      edge.removeEventListener("pointermove", moved);
      if (to(at) !== Math.round(was)) onSize(column.key, to(at));
    };
    edge.setPointerCapture(event.pointerId);
    edge.addEventListener("pointermove", moved);
    edge.addEventListener("pointerup", ended, { once: true });
  };
  return <span className="th-edge" aria-hidden="true" data-edge={column.key} onPointerDown={began} onClick={(event) => event.stopPropagation()} />;
}
