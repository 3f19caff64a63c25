// Notices in the corner. The server puts them into a list var (`notices`, the last few); each id is shown once.
import { useEffect, useRef, useState } from "react";
import { Link } from "react-router";

const listeners = new Set();
const dropped = new Set(); // another page shows again what was not done with, nothing else
/** Show a notice from the browser itself, in the frame's own corner. */
export const showNotice = (level, text) => [...listeners].at(-1)?.({ id: `local-${Date.now()}-${Math.random()}`, level, text });

const MILLISECONDS = { info: 5000, good: 4000, warn: 8000, bad: 9000 };
const SIGNS = {
  good: "M20 6 9 17l-5-5", info: "M12 16v-4m0-4h.01", warn: "M12 9v4m0 4h.01M10.3 3.9 1.8 18a2 2 0 0 0 1.7 3h17a2 2 0 0 0 1.7-3L13.7 3.9a2 2 0 0 0-3.4 0", bad: "M12 8v4m0 4h.01",
};

export function Toasts({ notices = [], labels, onAct }) {
  const [shown, setShown] = useState([]);
  const seen = useRef(new Set());
  const timers = useRef(new Map());
  const drop = (id) => {
    dropped.add(id);
    clearTimeout(timers.current.get(id));
    timers.current.delete(id);
    setShown((list) => list.filter((notice) => notice.id !== id));
  };
  const wait = (notice) => timers.current.set(notice.id, setTimeout(() => drop(notice.id), (MILLISECONDS[notice.level] ?? 5000) + (notice.action || notice.way ? 5000 : 0)));
  const show = (notice) => {
    if (!notice?.id || dropped.has(notice.id) || seen.current.has(notice.id)) return;
    seen.current.add(notice.id);
    setShown((list) => [...list.filter((other) => other.text !== notice.text).slice(-3), notice]);
    wait(notice);
  };
  useEffect(() => {
    listeners.add(show);
    return () => listeners.delete(show);
  }, []);
  useEffect(() => notices.forEach(show), [notices]);
  const pause = () => timers.current.forEach(clearTimeout);
  const resume = () => shown.forEach(wait);
  const act = (notice) => {
    drop(notice.id);
    onAct?.(notice.id);
  };
  // A popover lies above open dialogs; it is raised anew with each notice.
  const box = useRef(null);
  useEffect(() => {
    if (!box.current?.showPopover) return;
    if (box.current.matches(":popover-open")) box.current.hidePopover();
    if (shown.length) box.current.showPopover();
  }, [shown]);
  return (
    <section ref={box} popover="manual" className="toasts" aria-label={labels.notices} onMouseEnter={pause} onMouseLeave={resume} onFocus={pause} onBlur={resume}>
      <div aria-live="polite" aria-relevant="additions">
        {shown.map((notice) => (
          <div key={notice.id} className="toast" data-level={notice.level} role={notice.level === "bad" ? "alert" : undefined}>
            <svg className="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
              {(notice.level === "info" || notice.level === "bad") && <circle cx="12" cy="12" r="10" />}
              <path d={SIGNS[notice.level] ?? SIGNS.info} />
            </svg>
            <span className="grow">{notice.text}</span>
            {notice.way && <Link className="toast-act" to={notice.href} onClick={() => drop(notice.id)}>{notice.way}</Link>}
            {notice.action && <button type="button" className="toast-act" onClick={() => act(notice)}>{notice.action}</button>}
            <button type="button" className="toast-close" aria-label={labels.close} onClick={() => drop(notice.id)}>×</button>
          </div>
        ))}
      </div>
    </section>
  );
}
