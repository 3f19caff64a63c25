// A cell of a list that is edited where it stands: Enter or leaving it saves, Esc takes back; long texts are saved by Ctrl+Enter.
import { useEffect, useRef, useState } from "react";
import { Differing, EditInput, useWords } from "$/public/external/crm_app/ui/field/edit_parts.jsx";

export function CellEdit({ open, label, labels, found, onSearch, give, leave }) {
  const [text, setText] = useState(open.text ?? "");
  const done = useRef(false);
  const words = useRef({ [open.seen]: open.shown });
  if (open.theirs !== undefined && open.now) words.current[open.theirs] = open.now;
  const say = useWords(open.kind, open.options, words.current);
  const differs = open.theirs !== undefined;
  useEffect(() => { done.current = false; }, [open.told, open.theirs]);
  const save = (stay, value = text) => {
    if (done.current || open.waits) return;
    done.current = true;
    give(value, open.theirs ?? open.seen, stay);
  };
  const keys = (event) => {
    event.stopPropagation();
    if (event.defaultPrevented) return;
    const saves = event.key === "Enter" && (open.kind !== "textarea" || event.ctrlKey || event.metaKey);
    if (event.key === "Escape") { done.current = true; event.preventDefault(); leave(); }
    else if (saves && !differs && event.target.tagName !== "BUTTON") { event.preventDefault(); save(true); }
  };
  const left = (event) => {
    if (event.currentTarget.contains(event.relatedTarget) || differs || open.told) return;
    save(false);
  };
  const pick = (id, name) => { words.current[id] = name; setText(id); save(true, id); };
  const stop = (event) => event.stopPropagation();
  return (
    <div className="cell-edit" onKeyDown={keys} onBlur={left} onClick={stop} onDoubleClick={stop} data-wait={!!open.waits} data-kind={open.kind}>
      {open.kind && (
        <EditInput className="input cell-input" autoFocus aria-label={label} aria-invalid={!!open.told} kind={open.kind} text={text} options={open.options}
                   words={words.current[text]} {...{ found, labels, onSearch }} onChange={setText} onPick={pick} />
      )}
      {open.told && (
        <div className="cell-told" role="alert">
          <span className="field-error">{open.told}</span>
          <div className="line gap-s"><button type="button" className="button button-quiet button-small" autoFocus={!open.kind} onClick={leave}>{labels.close}</button></div>
        </div>
      )}
      {differs && (
        <div className="cell-told">
          <Differing labels={labels} began={say(open.seen)} theirs={say(open.theirs)} mine={say(text)} onMine={() => { done.current = true; give(text, open.theirs, true); }} onKeep={leave} />
        </div>
      )}
    </div>
  );
}
