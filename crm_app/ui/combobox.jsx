// Choose one of many by typing: options come from the server (onSearch) or are filtered here. WAI-ARIA combobox with a list.
import { useEffect, useId, useRef, useState } from "react";

const has = (option, text) => `${option.label} ${option.hint ?? ""}`.toLowerCase().includes(text.toLowerCase());

export function Combobox({ name, value = "", text = "", options = [], onSearch, onPick, clearOnPick, labels, ...rest }) {
  const list = useId();
  const timer = useRef(0);
  const [chosen, setChosen] = useState({ id: String(value ?? ""), label: text });
  const [typed, setTyped] = useState(null);
  const [at, setAt] = useState(0);
  const open = typed !== null;
  const shown = onSearch || !typed ? options : options.filter((option) => has(option, typed));

  useEffect(() => setChosen({ id: String(value ?? ""), label: text }), [value, text]);
  useEffect(() => setAt(0), [options]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const search = (words, wait) => {
    setTyped(words);
    setAt(0);
    clearTimeout(timer.current);
    if (onSearch) timer.current = setTimeout(() => onSearch(words), wait);
  };
  const close = () => {
    clearTimeout(timer.current);
    setTyped(null);
  };
  const pick = (option) => {
    setChosen(clearOnPick ? { id: "", label: "" } : { id: String(option.id), label: option.label });
    close();
    onPick?.(String(option.id));
  };
  const leave = () => {
    if (typed === "" && chosen.id) pick({ id: "", label: "" });
    else close();
  };
  const keys = (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) return search("", 0);
      setAt((at + (event.key === "ArrowDown" ? 1 : -1) + shown.length) % Math.max(shown.length, 1));
    } else if (event.key === "Enter" && open) {
      event.preventDefault();
      if (shown[at]) pick(shown[at]);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  };
  return (
    <div className="combo">
      <input
        {...rest}
        role="combobox" autoComplete="off" aria-expanded={open} aria-controls={list} aria-autocomplete="list"
        aria-activedescendant={open && shown[at] ? `${list}-${at}` : undefined}
        value={open ? typed : chosen.label}
        onChange={(event) => search(event.target.value, 150)}
        onClick={(event) => { event.target.select(); if (!open) search("", 0); }}
        onKeyDown={keys} onBlur={leave}
      />
      <input type="hidden" name={name} value={chosen.id} readOnly />
      {open && (
        <ul className="list-pop" role="listbox" id={list} aria-label={labels.options}>
          {shown.map((option, index) => (
            <li key={option.id} id={`${list}-${index}`} role="option" aria-selected={index === at} className="option"
                onMouseDown={(event) => event.preventDefault()} onClick={() => pick(option)}>
              <span className="cut">{option.label}</span>
              {option.hint && <span className="option-hint">{option.hint}</span>}
            </li>
          ))}
          {shown.length === 0 && <li className="option-note" role="presentation">{typed ? labels.nothing : labels.type}</li>}
        </ul>
      )}
    </div>
  );
}
