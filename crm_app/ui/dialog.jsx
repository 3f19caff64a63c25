// Faces of the native <dialog> and popover: the browser itself keeps the focus inside, closes on Esc and gives the focus back.
import { useEffect, useId, useRef, useState } from "react";

const find = (id) => document.getElementById(`dialog-${id}`);
export const openDialog = (id) => find(id)?.showModal();
export const closeDialog = (id) => find(id)?.close();

/** `open` follows the server; without it the dialog is opened by openDialog(id). `done` closes it whenever it changes. */
export function Dialog({ id, open, done, kind = "dialog", labels, onClose, children }) {
  const ref = useRef(null);
  const title = useId();
  const wasDone = useRef(done);
  // A dialog that nobody opened has no content: forms in it start fresh each time.
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const dialog = ref.current;
    const watch = new MutationObserver(() => setShown(dialog.open));
    watch.observe(dialog, { attributeFilter: ["open"] });
    return () => watch.disconnect();
  }, []);
  useEffect(() => {
    if (open === undefined || open === ref.current.open) return;
    if (open) ref.current.showModal();
    else ref.current.close();
  }, [open]);
  useEffect(() => {
    if (wasDone.current !== done) ref.current.close();
    wasDone.current = done;
  }, [done]);
  const outside = (event) => {
    if (event.target === ref.current && kind !== "confirm") ref.current.close();
  };
  return (
    <dialog ref={ref} id={`dialog-${id}`} className={`modal modal-${kind}`} aria-labelledby={title} onMouseDown={outside}
            onClose={(event) => event.target === ref.current && onClose?.()}>
      {shown && (
        <div className="modal-body">
          <header className="modal-head">
            <h2 id={title}>{labels.title}</h2>
            <button type="button" className="button button-plain button-icon" aria-label={labels.close} onClick={() => ref.current.close()}>
              <svg className="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" aria-hidden="true"><path d="M18 6 6 18M6 6l12 12" strokeLinecap="round" /></svg>
            </button>
          </header>
          {children}
        </div>
      )}
    </dialog>
  );
}

const GAP = 4;
function place(box, anchor, side) {
  const a = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const left = side === "start" ? a.left : a.right - width;
  const below = a.bottom + GAP + height <= innerHeight - 8 || a.top < height;
  box.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
  box.style.top = `${Math.max(8, below ? a.bottom + GAP : a.top - GAP - height)}px`;
}

/** A button with what drops down from it; arrows walk through its items, a chosen one closes it. */
export function Popover({ trigger, label, menu = true, side = "start", className = "", onOpen, children }) {
  const id = useId();
  const box = useRef(null);
  const button = useRef(null);
  const [open, setOpen] = useState(false);
  const items = () => [...box.current.querySelectorAll("a[href], button:not(:disabled), [role^=menuitem]")];
  const toggled = (event) => {
    const now = event.newState === "open";
    setOpen(now);
    if (!now) return;
    onOpen?.();
    place(box.current, button.current, side);
    if (menu) items()[0]?.focus();
  };
  useEffect(() => {
    const element = box.current;
    element.addEventListener("toggle", toggled);
    return () => element.removeEventListener("toggle", toggled);
  });
  const keys = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!menu || !step) return;
    event.preventDefault();
    const all = items();
    all[(all.indexOf(document.activeElement) + step + all.length) % all.length]?.focus();
  };
  const chosen = (event) => {
    if (menu && event.target.closest("a[href], button, [role^=menuitem]")) box.current.hidePopover();
  };
  return (
    <>
      <button ref={button} type="button" className={className} popoverTarget={id} aria-label={label || undefined} data-tip={label || undefined}
              aria-haspopup={menu ? "menu" : "dialog"} aria-expanded={open}>{trigger}</button>
      <div ref={box} id={id} popover="auto" role={menu ? "menu" : "dialog"} aria-label={label || undefined} className="pop" onKeyDown={keys} onClick={chosen}>
        {children}
      </div>
    </>
  );
}
