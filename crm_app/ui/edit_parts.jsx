// What fields of cards and cells of lists share that are edited where they stand: the input of each kind, and the choice
// between what another wrote meanwhile and one's own.
import { useState } from "react";
import { Combobox } from "$/public/external/crm_app/ui/field/combobox.jsx";
import { AmountInput, MomentInput } from "$/public/external/crm_app/ui/field/inputs.jsx";
import { useT } from "$/public/external/crm_app/ui/i18n/i18n.js";

const chosen = (text) => text.split(",").filter(Boolean);

/** These inputs write what they show themselves: what is typed must not come back to them, nor what others write meanwhile. */
function Steady({ as: Input, value, ...rest }) {
  const [first] = useState(value);
  return <Input {...rest} name="" value={first} />;
}

function Ticks({ text, options, onChange, autoFocus, "aria-label": label }) {
  const keys = chosen(text);
  const toggle = (key) => onChange(options.map((option) => String(option.id)).filter((id) => keys.includes(id) !== (id === key)).join(","));
  return (
    <div className="edit-ticks" role="group" aria-label={label} tabIndex={-1}>
      {options.map((option, index) => (
        <label key={option.id} className="tick">
          <input type="checkbox" autoFocus={autoFocus && index === 0} checked={keys.includes(String(option.id))} onChange={() => toggle(String(option.id))} />
          <span>{option.label}</span>
        </label>
      ))}
    </div>
  );
}

/** One value being typed. text: as the server stores it; words: of a card that was found; onPick(id, words): one was chosen. */
export function EditInput({ kind, text, options = [], words = "", found = [], labels, onChange, onSearch, onPick, ...rest }) {
  const plain = { ...rest, value: text, onChange: (event) => onChange(event.target.value) };
  if (kind === "textarea") return <textarea {...plain} onFocus={(event) => event.target.setSelectionRange(1e6, 1e6)} />;
  if (kind === "amount") return <Steady as={AmountInput} {...rest} value={text} onChange={onChange} />;
  if (kind === "moment") return <Steady as={MomentInput} {...rest} value={text} onChange={onChange} />;
  if (kind === "ticks") return <Ticks {...rest} {...{ text, options, onChange }} />;
  if (kind === "search") {
    const pick = (id) => onPick(id, found.find((option) => String(option.id) === id)?.label ?? "");
    return <Combobox {...rest} name="" value={text} text={words} options={found} labels={labels} onSearch={onSearch} onPick={pick} />;
  }
  if (kind === "suggest") return <Combobox {...rest} free name="" value={text} text={text} options={found} labels={labels} onSearch={onSearch} onChange={onChange} onPick={(id) => onPick(id, id)} />;
  if (kind !== "select") return <input {...plain} type={kind} />;
  const known = options.some((option) => String(option.id) === text);
  return (
    <select {...plain}>
      {!known && <option value={text}>{text}</option>}
      {options.map((option) => <option key={option.id} value={option.id}>{option.label}</option>)}
    </select>
  );
}

/** A typed value in words. told: words that are known of values, for what can't be read from the value itself. */
export function useWords(kind, options = [], told = {}) {
  const t = useT();
  const label = (id) => options.find((option) => String(option.id) === id)?.label ?? id;
  return (text) => {
    if (!text || kind === "search") return told[text] ?? "";
    if (kind === "select") return label(text);
    if (kind === "ticks") return chosen(text).map(label).join(", ");
    if (kind === "amount") return Number.isNaN(Number(text)) ? text : t.fmt.number(Number(text));
    if (kind === "date") return t.fmt.day(text);
    return kind === "moment" ? t.fmt.exact(text) : text;
  };
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch { // without https there is no clipboard to write to
    const spot = document.body.appendChild(Object.assign(document.createElement("textarea"), { value: text }));
    spot.select();
    document.execCommand("copy");
    spot.remove();
  }
}

/** What it was, what another wrote there, and one's own, all three in words. onBoth: where values can stand side by side. */
export function Differing({ labels, began, theirs, mine, onMine, onBoth, onKeep, focus }) {
  const [copied, setCopied] = useState(false);
  const rows = [["began", began], ["now", theirs], ["mine", mine]];
  return (
    <div className="differing" role="alert">
      <strong>{labels.conflict}</strong>
      <dl>
        {rows.map(([word, text]) => <div key={word} data-which={word}><dt>{labels[word]}</dt><dd>{text || labels.blank}</dd></div>)}
      </dl>
      <div className="line gap-s wrap">
        <button type="button" className="button button-primary button-small" autoFocus={focus} onClick={onMine}>{labels.write_mine}</button>
        {onBoth && <button type="button" className="button button-quiet button-small" onClick={onBoth}>{labels.both}</button>}
        <button type="button" className="button button-quiet button-small" onClick={onKeep}>{labels.keep}</button>
        <button type="button" className="button button-plain button-small" aria-live="polite" onClick={() => copy(mine).then(() => setCopied(true))}>
          {copied ? labels.copied : labels.copy}
        </button>
      </div>
    </div>
  );
}

/** Lists of numbers or addresses: theirs, and what mine has beyond what there was. */
export function bothOf(began, theirs, mine) {
  const parts = (text) => text.split(/[,;\n]/).map((part) => part.trim()).filter(Boolean);
  const known = [...parts(began), ...parts(theirs)];
  return [...parts(theirs), ...parts(mine).filter((part) => !known.includes(part))].join(", ");
}
