// Face of the native popover: what drops down from a button. The browser closes it on Esc and on a click outside.
import { useEffect, useId, useRef, useState } from "react";

const GAP = 4;
function place(box, anchor, side) {
  const a = anchor.getBoundingClientRect();
  box.style.left = "0px"; // else its own place narrows it
  const { offsetWidth: width, offsetHeight: height } = box;
  const left = side === "start" ? a.left : a.right - width;
  const below = a.bottom + GAP + height <= innerHeight - 8 || a.top < height;
  box.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
  box.style.top = `${Math.max(8, below ? a.bottom + GAP : a.top - GAP - height)}px`;
}

/** A button with what drops down from it; arrows walk through its items, a chosen one closes it, and so does a form that is sent. */
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
    else box.current.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  };
  useEffect(() => {
    const element = box.current;
    element.addEventListener("toggle", toggled);
    return () => element.removeEventListener("toggle", toggled);
  });
  useEffect(() => {
    if (!open) return undefined;
    const sized = new ResizeObserver(() => place(box.current, button.current, side)); // what comes late makes it larger
    sized.observe(box.current);
    return () => sized.disconnect();
  }, [open, side]);
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
  const sent = () => !menu && box.current.hidePopover();
  return (
    <>
      <button ref={button} type="button" className={className} popoverTarget={id} aria-label={label || undefined} data-tip={label || undefined}
              aria-haspopup={menu ? "menu" : "dialog"} aria-expanded={open}>{trigger}</button>
      <div ref={box} id={id} popover="auto" role={menu ? "menu" : "dialog"} aria-label={label || undefined} className="pop" onKeyDown={keys} onClick={chosen} onSubmit={sent}>
        {children}
      </div>
    </>
  );
}
