// Face of the native <dialog>: the browser itself keeps the focus inside, closes on Esc and gives the focus back.
import { useEffect, useId, useRef, useState } from "react";
import { useLocation } from "react-router";
import { useSaved } from "./saved.js";

const find = (id) => document.getElementById(`dialog-${id}`);
export const openDialog = (id) => find(id)?.showModal();
export const closeDialog = (id) => find(id)?.close();

const ACTS = "button, [role=option], [role^=menuitem]";

/** `open` follows the server; without it the dialog is opened by openDialog(id). `done` closes it when it changes after an act in it. */
export function Dialog({ id, open, done, kind = "dialog", labels, onClose, children }) {
  const ref = useRef(null);
  const title = useId();
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
  // A page that is left closes what the server holds open; a page that is shown closes nothing, as a click may have come before it.
  const held = useRef({});
  held.current = { open, onClose };
  useEffect(() => () => held.current.open && held.current.onClose?.(), []);
  // From card to card of a kind nothing is mounted anew: what was open on the former one closes too.
  const { pathname } = useLocation();
  const at = useRef(pathname);
  useEffect(() => {
    if (at.current !== pathname && ref.current.open) ref.current.close();
    at.current = pathname;
  }, [pathname]);
  const acted = useSaved(done, () => ref.current.close());
  useEffect(() => {
    if (shown) (ref.current.querySelector("[autofocus], input:not([type=hidden]), select, textarea") ?? ref.current.querySelector(".form-buttons button"))?.focus();
  }, [shown]);
  const outside = (event) => {
    if (event.target === ref.current && kind !== "confirm") ref.current.close();
  };
  return (
    <dialog ref={ref} id={`dialog-${id}`} className={`modal modal-${kind}`} aria-labelledby={title} onMouseDown={outside}
            onSubmitCapture={acted} onClickCapture={(event) => event.target.closest(ACTS) && acted()}
            onKeyDownCapture={(event) => event.key === "Enter" && acted()}
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
