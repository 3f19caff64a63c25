// Search and command palette: pages and commands are found here, cards by the server. Also the keys that work everywhere.
import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";

export const openPalette = () => document.getElementById("palette")?.showModal();

const typing = (target) => target.closest?.("input, textarea, select, [contenteditable=true], dialog[open]");
const fits = (label, words) => words.every((word) => label.toLowerCase().includes(word));

export function Palette({ commands, found = [], canSearch, labels, onSearch }) {
  const dialog = useRef(null);
  const timer = useRef(0);
  const go = useNavigate();
  const [text, setText] = useState("");
  const [asked, setAsked] = useState("");
  const [at, setAt] = useState(0);

  const open = () => {
    setText("");
    setAt(0);
    dialog.current.showModal();
  };
  useEffect(() => {
    const keys = (event) => {
      const palette = (event.ctrlKey || event.metaKey) && event.code === "KeyK";
      if (palette || (event.key === "/" && !typing(event.target))) {
        event.preventDefault();
        if (!dialog.current.open) open();
      } else if (event.code === "KeyC" && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target)) {
        document.querySelector(".creator")?.click();
      }
    };
    addEventListener("keydown", keys);
    return () => removeEventListener("keydown", keys);
  }, []);

  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = commands.filter((command) => command.may && fits(command.label, words)).slice(0, words.length ? 6 : 12)
    .map((command) => ({ ...command, id: command.href, group: labels[command.group] }));
  const cards = words.length && asked === text.trim() ? found.map((card) => ({ ...card, group: card.kind })) : [];
  const all = [...cards, ...shown];

  const typed = (value) => {
    setText(value);
    setAt(0);
    clearTimeout(timer.current);
    if (canSearch && value.trim()) timer.current = setTimeout(() => {
      setAsked(value.trim());
      onSearch?.(value.trim());
    }, 120);
  };
  const run = (choice) => {
    dialog.current.close();
    go(choice.href);
  };
  const keys = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setAt((at + step + all.length) % Math.max(all.length, 1));
    } else if (event.key === "Enter" && all[at]) {
      event.preventDefault();
      run(all[at]);
    }
  };
  useEffect(() => {
    document.getElementById(`palette-${at}`)?.scrollIntoView({ block: "nearest" });
  }, [at]);
  return (
    <dialog ref={dialog} id="palette" className="palette" aria-label={labels.title} onMouseDown={(event) => event.target === dialog.current && dialog.current.close()}>
      <input autoFocus role="combobox" aria-expanded="true" aria-controls="palette-list" aria-activedescendant={all[at] ? `palette-${at}` : undefined}
             aria-label={labels.title} placeholder={labels.placeholder} value={text} autoComplete="off" spellCheck="false"
             onChange={(event) => typed(event.target.value)} onKeyDown={keys} />
      <ul id="palette-list" role="listbox" aria-label={labels.results}>
        {all.map((choice, index) => (
          <li key={choice.id} id={`palette-${index}`} role="option" aria-selected={index === at} className="option"
              onMouseMove={() => index !== at && setAt(index)} onClick={() => run(choice)}>
            <span className="cut">{choice.label}</span>
            {choice.hint && <span className="faint small cut">{choice.hint}</span>}
            <span className="option-hint">{choice.group}</span>
          </li>
        ))}
        {all.length === 0 && <li className="option-note" role="presentation">{labels.nothing}</li>}
      </ul>
    </dialog>
  );
}
