// Printing a list: the rows that are asked for as one scrolls are fetched first, and then all of them are in the page at once.
import { useEffect, useState } from "react";
import { flushSync } from "react-dom";

const MOST = 1000;
const isPrint = (event) => (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.code === "KeyP";

/** printed: the rows while the page is being printed, else null. gathers: more rows are wanted. Ctrl+P or a press of what carries data-print begins. */
export function usePrinting(rows, next, ready) {
  const [printing, setPrinting] = useState(false);
  const [gathers, setGathers] = useState(false);
  useEffect(() => {
    const begin = () => flushSync(() => setPrinting(true));
    const end = () => setPrinting(false);
    const gather = (event) => { event.preventDefault(); setGathers(true); };
    const keys = (event) => isPrint(event) && gather(event);
    const press = (event) => event.target.closest("[data-print]") && gather(event);
    const heard = [["beforeprint", begin], ["afterprint", end], ["keydown", keys], ["click", press]];
    heard.forEach(([name, hear]) => addEventListener(name, hear));
    return () => heard.forEach(([name, hear]) => removeEventListener(name, hear));
  }, []);
  const more = gathers && ready && next !== null && rows.length < MOST;
  useEffect(() => {
    if (!gathers || !ready || more) return;
    setGathers(false);
    setTimeout(() => print()); // not within an effect: what is printed must be drawn at once
  }, [gathers, ready, more]);
  return { printed: printing ? rows.slice(0, MOST) : null, gathers: more };
}
