// A list of any length that holds only the visible rows in the page: grid on a desk, cards on a phone.
import { useEffect, useRef, useState } from "react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { usePrinting } from "./printing.js";
import { usePages, useTicks } from "./pages.js";
import { useColumns } from "./table_columns.jsx";
import { CardsHead, Head } from "./table_head.jsx";
import { CellEdit } from "./cell_edit.jsx";
import { useCells } from "./cells.js";

const AHEAD = 60;
const HEAD_HEIGHT = 34;
const CARDS_HEAD = 44;
const LOWEST = 240;
const ROOM_FOR_A_CELL = 400;
const isCheckbox = (target) => target.closest("a, button, input, select, textarea, [popover]");

export function VirtualTable({ page, columns: all, shown, sort, tickable, rowHeight = 40, cardHeight = 64, renderCard, labels, cell, edits, found, onCell, onGive, onSearch, onNeed, onSort, onSize, onOpen, onTick, children }) {
  const box = useRef(null);
  const { rows, next, gap, generation, ready, replace } = usePages(page);
  const ticks = useTicks(rows, generation, onTick);
  const [at, setAt] = useState(0);
  const [phone, setPhone] = useState(false);
  const asked = useRef(null);
  const count = ready ? rows.length + (next === null ? 0 : Math.max(0, Math.min(AHEAD, page.total - rows.length))) : 16;
  const cards = phone && !!renderCard;
  const size = cards ? cardHeight : rowHeight;
  const list = useVirtualizer({ count, getScrollElement: () => box.current, estimateSize: () => size, overscan: 12, scrollPaddingStart: 40 });
  const { printed, gathers } = usePrinting(rows, next, ready);
  const items = printed ? printed.map((_, index) => ({ index, start: index * size, size })) : list.getVirtualItems();
  const last = items.length ? items[items.length - 1].index : 0;
  const { columns, wanted, size: drag } = useColumns(box, all, shown, tickable ? 36 : 0);
  const cells = useCells({ columns, rows, at, answer: cell, edits, onCell, onGive, replace, box });
  const tall = list.getTotalSize() + (cards ? (tickable ? CARDS_HEAD : 0) : HEAD_HEIGHT) + 2;
  const template = `${tickable ? "36px " : ""}${columns.map((column) => column.width).join(" ")}`;

  useEffect(() => {
    const query = matchMedia("(max-width: 767px)");
    const look = () => setPhone(query.matches);
    look();
    query.addEventListener("change", look);
    return () => query.removeEventListener("change", look);
  }, []);
  useEffect(() => list.measure(), [size]);
  useEffect(() => {
    asked.current = null;
    setAt(0);
    box.current?.scrollTo(0, 0);
  }, [generation]);
  useEffect(() => {
    const wanted = gap ?? (gathers || last >= rows.length - AHEAD ? next : null);
    if (!ready || wanted === null || asked.current === wanted) return;
    asked.current = wanted;
    onNeed?.(wanted);
  }, [last, rows.length, next, gap, ready, gathers]);

  const move = (index) => {
    const to = Math.max(0, Math.min(index, rows.length - 1));
    setAt(to);
    list.scrollToIndex(to);
  };
  const keys = (event) => {
    if (event.target !== box.current) return;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 12, PageUp: -12, Home: -Infinity, End: Infinity }[event.key];
    if (step) move(at + step);
    else if (!cards && edits?.length && (event.key === "ArrowLeft" || event.key === "ArrowRight")) cells.move(event.key === "ArrowLeft" ? -1 : 1);
    else if (event.key === "F2" && !cards) cells.begin();
    else if (event.key === "Enter" && cells.column >= 0 && !cards) cells.begin();
    else if (event.key === "Enter" && rows[at]) onOpen?.(rows[at].id);
    else if ((event.key === " " || event.code === "KeyX") && tickable && rows[at]) ticks.toggle(at, event.shiftKey);
    else if (event.key === "Escape" && (ticks.all || ticks.count)) ticks.clear();
    else return;
    event.preventDefault();
  };
  if (ready && rows.length === 0) return <div className="table-empty">{children}</div>;
  return (
    <div ref={box} className="vt" role="grid" tabIndex={0} aria-label={labels.table} aria-rowcount={page.total + 1} aria-busy={!ready || gathers} aria-multiselectable={tickable || undefined}
         style={{ flexBasis: tall, minHeight: cells.open && !cards ? ROOM_FOR_A_CELL : Math.min(tall, LOWEST) }} aria-activedescendant={rows[at] ? `row-${rows[at].id}` : undefined} data-cards={cards} onKeyDown={keys}>
      {cards && tickable && <CardsHead {...{ ticks, labels }} />}
      {!cards && <Head {...{ columns, sort, onSort, onSize, size: drag, ticks, tickable, labels, template, least: wanted }} />}
      <div role="rowgroup" className="tbody" style={{ height: list.getTotalSize(), minWidth: cards ? 0 : wanted }}>
        {items.map((item) => {
          const row = rows[item.index];
          const place = { height: item.size, transform: `translateY(${item.start}px)` };
          if (!row) return <div key={`wait-${item.index}`} className="tr tr-wait" style={place} aria-hidden="true"><span className="bone" /></div>;
          const ticked = tickable && ticks.has(row.id);
          return (
            <div key={row.id} id={`row-${row.id}`} data-row={row.id} role="row" aria-rowindex={item.index + 2} aria-selected={tickable ? ticked : undefined}
                 data-at={item.index === at} data-open={cells.open?.row === row.id || undefined} className="tr" style={{ ...place, gridTemplateColumns: cards ? undefined : template }}
                 onPointerDown={cells.pressed}
                 onClick={(event) => {
                   const place = [...event.currentTarget.children].indexOf(event.target.closest(".td")) - (tickable ? 1 : 0);
                   setAt(item.index);
                   if (!isCheckbox(event.target)) cells.clicked(event, cards ? -1 : place, columns[place]?.key, () => onOpen?.(row.id));
                 }}>
              {tickable && (
                <div role="gridcell" className="td td-tick" onClick={(event) => { event.stopPropagation(); ticks.toggle(item.index, event.shiftKey); }}>
                  <input type="checkbox" className="tickbox" tabIndex={-1} aria-label={labels.tick} checked={ticked} readOnly />
                </div>
              )}
              {cards ? <div role="gridcell" className="td-card">{renderCard(row)}</div>
                : columns.map((column, place) => {
                  const open = cells.open?.row === row.id && cells.open.key === column.key;
                  return (
                    <div key={column.key} role="gridcell" className="td" data-align={column.align} data-key={column.key} data-edits={cells.may(column.key) || undefined} data-open={open || undefined}
                         data-cell={(item.index === at && place === cells.column) || undefined} onDoubleClick={() => cells.twice(row, column.key)}>
                      {column.cell(row)}
                      {open && <CellEdit open={cells.open} label={column.title} {...{ labels, found, onSearch }} give={cells.give} leave={cells.leave} />}
                    </div>
                  );
                })}
            </div>
          );
        })}
      </div>
      {printed && printed.length < page.total && <p className="print-rest">{labels.printed.replace("{shown}", printed.length).replace("{total}", page.total)}</p>}
    </div>
  );
}
