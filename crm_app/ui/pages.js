// Rows of a long list, page after page. The server sends one page at a time; all pages that came stay here.
import { useEffect, useMemo, useRef, useState } from "react";

/** Rows in order, and what is missing: a page whose `after` is the end is appended, a known one is replaced, a new generation starts anew. */
export function usePages(page) {
  const store = useRef({ generation: undefined, pages: new Map() });
  const [version, setVersion] = useState(0);
  useEffect(() => {
    const kept = store.current;
    if (page.generation !== kept.generation) store.current = { generation: page.generation, pages: new Map() };
    store.current.pages.set(page.after ?? "", page);
    setVersion((old) => old + 1);
  }, [page]);
  return useMemo(() => {
    const { pages, generation } = store.current;
    const rows = [];
    const seen = new Set();
    let next = "";
    while (next !== null && pages.has(next)) {
      const part = pages.get(next);
      for (const row of part.rows) if (!seen.has(row.id)) seen.add(row.id) && rows.push(row);
      next = part.next || null;
    }
    return { rows, next, generation, ready: pages.size > 0 };
  }, [version]);
}

/** Ticked rows: one, a range with shift, all. */
export function useTicks(rows, generation, onTick) {
  const [ticks, setTicks] = useState({ ids: new Set(), all: false });
  const last = useRef(null);
  const timer = useRef(0);
  useEffect(() => setTicks({ ids: new Set(), all: false }), [generation]);
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
  return { has, toggle, toggleAll, clear, all: ticks.all, count: ticks.ids.size };
}
