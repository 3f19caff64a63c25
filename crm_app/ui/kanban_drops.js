// Drops that the server has not judged yet. The board that is shown = what the server said + these, in order; so a refused drop
// leaves no trace, a confirmed one becomes part of the board, and one that fell into a lost connection is sent again.
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { merge, place } from "./kanban_model.js";
import { useConnection } from "$/public/external/crm_app/ui/connection/connection.jsx";
import { showNotice } from "$/public/external/crm_app/ui/toast/toast.jsx";

const PATIENCE = 10000;

export function useDrops({ columns, generation, patch, verdicts, labels, send, onMissed }) {
  const [base, setBase] = useState(columns);
  const [drops, setDrops] = useState([]);
  const { lost, count } = useConnection();
  const waiting = useRef([]);
  const seen = useRef(0);
  waiting.current = drops;

  useLayoutEffect(() => {
    seen.current = 0;
    setBase(columns);
  }, [columns, generation]);
  // Before the browser draws: a verdict, and what others did, wait for no frame of their own.
  useLayoutEffect(() => {
    for (const verdict of verdicts ?? []) {
      const drop = waiting.current.find((one) => one.id === verdict.drop_id);
      if (!drop) continue;
      waiting.current = waiting.current.filter((one) => one !== drop);
      if (verdict.ok) setBase((now) => place(now, drop));
    }
    setDrops(waiting.current);
  }, [verdicts]);
  useLayoutEffect(() => {
    if (patch.number === seen.current + 1) {
      seen.current = patch.number;
      setBase((now) => merge(now, patch.columns));
    } else if (patch.number > seen.current) onMissed?.(generation);
  }, [patch]);
  // The line is back: whatever got no answer goes again, under the same id; the server knows by `from` whether it is still true.
  useEffect(() => waiting.current.forEach(send), [count]);
  // A drop that nobody answers must not look saved for ever. One that asks for fields waits for the person.
  useEffect(() => {
    if (lost || !drops.some((drop) => drop.mark === "free")) return;
    const timer = setTimeout(() => {
      setDrops((now) => now.filter((drop) => drop.mark !== "free"));
      showNotice("bad", labels.unsaved);
    }, PATIENCE);
    return () => clearTimeout(timer);
  }, [drops, lost]);

  const add = (drop) => {
    setDrops((now) => [...now, drop]);
    if (!lost) send(drop);
  };
  const shown = useMemo(() => drops.reduce(place, base), [base, drops]);
  const pending = useMemo(() => new Set(drops.map((drop) => drop.cardId)), [drops]);
  return { shown, add, pending };
}
