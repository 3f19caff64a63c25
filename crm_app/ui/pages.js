// Rows of a long list, page after page. The server sends one page at a time; all pages that came stay here.
import { useEffect, useMemo, useRef, useState } from "react";

const fresh = (generation) => ({ generation, order: [], pages: new Map() });

/** Where a page belongs: in place of itself, at the end, or behind the page that leads to it (rows came in between). */
function put(store, page) {
  const { order, pages } = store;
  const key = page.after ?? "";
  const known = pages.get(key);
  if (!known) {
    const before = order.findIndex((other) => pages.get(other).next === key);
    const bridge = before >= 0 && before < order.length - 1;
    order.splice(bridge ? before + 1 : order.length, 0, key);
    page = { ...page, bridge };
  }
  pages.set(key, { ...page, bridge: page.bridge ?? known?.bridge });
  if (!page.next) for (const gone of order.splice(order.indexOf(key) + 1)) pages.delete(gone); // the list ends here by now
}

/** The rows in order, `next` to ask for at the end, and `gap`: a page that is missing in the middle since the list has changed. */
export function usePages(page) {
  const store = useRef(fresh(page.generation));
  const [version, setVersion] = useState(0);
  useEffect(() => {
    if (page.generation !== store.current.generation) store.current = fresh(page.generation);
    put(store.current, page);
    setVersion((old) => old + 1);
  }, [page]);
  return useMemo(() => {
    const { order, pages, generation } = store.current;
    const rows = [];
    const seen = new Set();
    let gap = null;
    order.forEach((key, index) => {
      const part = pages.get(key);
      for (const row of part.rows) if (!seen.has(row.id)) seen.add(row.id) && rows.push(row);
      const following = order[index + 1];
      if (following !== undefined && !part.bridge && part.next && part.next !== following) gap ??= part.next;
    });
    const next = pages.get(order.at(-1))?.next || null;
    const replace = (row) => {
      for (const [key, part] of pages) if (part.rows.some((each) => each.id === row.id)) pages.set(key, { ...part, rows: part.rows.map((each) => (each.id === row.id ? row : each)) });
      setVersion((old) => old + 1);
    };
    return { rows, next, gap, generation, replace, ready: order.length > 0 && generation > 0 };
  }, [version]);
}

/** Ticked rows: one, a range with shift, all. */
export function useTicks(rows, generation, onTick) {
  const [ticks, setTicks] = useState({ ids: new Set(), all: false });
  const last = useRef(null);
  const timer = useRef(0);
  useEffect(() => {
    clearTimeout(timer.current); // ticks of the rows that were there are not told as those of others
    setTicks({ ids: new Set(), all: false });
  }, [generation]);
  const change = (next) => {
    setTicks(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onTick?.(next.all ? [] : [...next.ids], next.all), 120);
  };
  const toggle = (index, shift) => {
    const ids = new Set(ticks.all ? rows.map((row) => row.id) : ticks.ids);
    const on = !ids.has(rows[index].id);
    const from = shift && last.current !== null ? Math.min(last.current, index) : index;
    const to = shift && last.current !== null ? Math.max(last.current, index) : index;
    for (let i = from; i <= to; i += 1) if (rows[i]) ids[on ? "add" : "delete"](rows[i].id);
    last.current = index;
    change({ ids, all: false });
  };
  const toggleAll = () => change({ ids: new Set(), all: !(ticks.all || ticks.ids.size > 0) });
  const has = (id) => ticks.all || ticks.ids.has(id);
  const clear = () => change({ ids: new Set(), all: false });
  return { has, toggle, toggleAll, clear, all: ticks.all, count: ticks.ids.size, none: rows.length === 0 };
}
