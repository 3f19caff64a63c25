// Choose one of many by typing: options come from the server (onSearch) or are filtered here. WAI-ARIA combobox with a list.
// free: what is typed stands as it is (onChange), the list only offers.
import { useEffect, useId, useRef, useState } from "react";

const has = (option, text) => `${option.label} ${option.hint ?? ""}`.toLowerCase().includes(text.toLowerCase());

export function Combobox({ name, value = "", text = "", options = [], onSearch, onPick, onChange, clearOnPick, free, labels, ...rest }) {
  const list = useId();
  const timer = useRef(0);
  const [chosen, setChosen] = useState({ id: String(value ?? ""), label: text });
  const [typed, setTyped] = useState(null);
  const first = free ? -1 : 0; // what Enter takes
  const [at, setAt] = useState(first);
  const open = typed !== null;
  const shown = onSearch || !typed ? options : options.filter((option) => has(option, typed));

  const offers = open && (shown.length > 0 || !free);

  useEffect(() => setChosen({ id: String(value ?? ""), label: text }), [value, text]);
  useEffect(() => setAt(first), [options]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const search = (words, wait) => {
    setTyped(words);
    setAt(first);
    if (free) onChange?.(words);
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
    if (!free && typed === "" && chosen.id) pick({ id: "", label: "" });
    else close();
  };
  const keys = (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) return search(free ? chosen.label : "", 0);
      setAt((Math.max(at, event.key === "ArrowDown" ? -1 : 0) + (event.key === "ArrowDown" ? 1 : -1) + shown.length) % Math.max(shown.length, 1));
    } else if (event.key === "Enter" && open && (!free || shown[at])) {
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
        role="combobox" autoComplete="off" aria-expanded={offers} aria-controls={list} aria-autocomplete="list"
        aria-activedescendant={open && shown[at] ? `${list}-${at}` : undefined}
        value={open ? typed : chosen.label}
        onChange={(event) => search(event.target.value, 150)}
        onClick={(event) => { event.target.select(); if (!open) search(free ? chosen.label : "", 0); }}
        onKeyDown={keys} onBlur={leave}
      />
      <input type="hidden" name={name} value={chosen.id} readOnly />
      {offers && (
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
