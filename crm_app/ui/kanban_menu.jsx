// "Move to…": the same drop for those who don't drag.
import { useEffect, useRef } from "react";

export function MoveMenu({ columns, marks, anchor, here, labels, onChoose, onClose }) {
  const box = useRef(null);
  useEffect(() => {
    const menu = box.current;
    const spot = anchor.getBoundingClientRect();
    menu.showPopover();
    menu.style.left = `${Math.max(8, Math.min(spot.left, innerWidth - menu.offsetWidth - 8))}px`;
    menu.style.top = `${Math.max(8, Math.min(spot.bottom + 4, innerHeight - menu.offsetHeight - 8))}px`;
    menu.querySelector("button:not(:disabled)")?.focus();
    const closed = (event) => event.newState === "closed" && onClose();
    menu.addEventListener("toggle", closed);
    return () => {
      menu.removeEventListener("toggle", closed);
      anchor.focus?.();
    };
  }, []);
  const keys = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const items = [...box.current.querySelectorAll("button:not(:disabled)")];
    items[(items.indexOf(document.activeElement) + step + items.length) % items.length]?.focus();
  };
  const choose = (id) => {
    box.current.hidePopover();
    onChoose(id);
  };
  return (
    <div ref={box} popover="auto" role="menu" aria-label={labels.move} className="pop" onKeyDown={keys}>
      <div className="menu-title" role="presentation">{labels.move}</div>
      {columns.filter((column) => column.id !== here).map((column) => (
        <button key={column.id} type="button" role="menuitem" className="menu-item" disabled={marks[column.id]?.drop === "no"} onClick={() => choose(column.id)}>
          <span className="grow">{column.title}</span>
          {marks[column.id]?.drop !== "free" && <span className="option-hint">{labels[`drop_${marks[column.id]?.drop}`]}</span>}
        </button>
      ))}
    </div>
  );
}
