// A value that is edited where it stands: click, type, Enter or leave saves, Esc takes back. What was typed shows at once; the
// server says what became of it by a verdict: saved, refused with a sentence, or told apart from what another wrote meanwhile.
// With each value goes what stood there when the person began, so that nobody's words are written over unseen.
import { useEffect, useRef, useState } from "react";
import { Differing, EditInput, bothOf, useWords } from "$/public/external/crm_app/ui/field/edit_parts.jsx";

const PATIENCE_MS = 15000;
const SEVERAL = ["tel", "email"];

/** What is sent and what comes back, one value at a time: one that is given before the verdict of the former waits for it. */
function useSaving({ name, now, verdict, onSave, started }) {
  const [hope, setHope] = useState(null);
  const [told, setTold] = useState(null);
  const sent = useRef(null);
  const next = useRef(null);
  const hasGiven = useRef(false);
  const heard = useRef(verdict?.number ?? 0);
  useEffect(() => { if (next.current === null) setHope(null); }, [now]);
  const send = (text, seen) => {
    sent.current = { text, seen, at: Date.now() };
    next.current = null;
    hasGiven.current = true;
    setHope(text);
    setTold(null);
    onSave?.(name, text, seen);
  };
  const give = (text, seen) => {
    const waits = sent.current && Date.now() - sent.current.at < PATIENCE_MS;
    if (!waits || seen !== null) return send(text, seen ?? sent.current?.seen ?? now);
    next.current = text;
    setHope(text);
  };
  useEffect(() => {
    const isNew = verdict && verdict.number !== heard.current;
    heard.current = verdict?.number ?? 0;
    if (!isNew || !hasGiven.current) return; // a reloaded page gets its state back: that verdict is of a value that is gone
    const was = sent.current ?? { text: "", seen: now };
    const mine = next.current ?? was.text;
    sent.current = null;
    if (started.current === null) started.current = verdict.state === "saved" ? verdict.value : was.seen;
    if (next.current !== null && verdict.state !== "conflict") return send(mine, verdict.state === "saved" ? verdict.value : was.seen);
    next.current = null;
    setHope(null);
    setTold(verdict.state === "saved" ? null : { ...verdict, began: was.seen, mine });
  }, [verdict?.number]);
  return { hope, told, setTold, give, isOut: () => sent.current !== null };
}

export function InlineEdit({ name, value, display, kind = "text", options = [], found, verdicts, disabled, labels, onSave, onSearch }) {
  const [edit, setEdit] = useState(null);
  const button = useRef(null);
  const done = useRef(false);
  const started = useRef("");
  const words = useRef({});
  const now = String(value ?? "");
  const editing = edit !== null;
  const verdict = verdicts?.[name];
  const { hope, told, setTold, give, isOut } = useSaving({ name, now, verdict, onSave, started });
  if (kind === "search") {
    words.current[now] = display;
    if (verdict?.shown) words.current[verdict.value] = verdict.shown;
  }
  const say = useWords(kind, options, words.current);
  const back = () => requestAnimationFrame(() => button.current?.focus());
  const start = () => {
    if (disabled) return;
    done.current = false;
    started.current = hope !== null && isOut() ? null : now;
    setEdit(hope ?? (told?.state === "refused" ? told.mine : now));
  };
  const finish = (text, focus) => {
    if (done.current) return;
    done.current = true;
    setEdit(null);
    if (text === null) told?.state === "refused" && setTold(null);
    else if (text !== (hope ?? now)) give(text, started.current);
    if (focus) back();
  };
  const choose = (text) => { give(text, told.value); back(); };
  const keys = (event) => {
    if (event.defaultPrevented) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      event.preventDefault();
      finish(null, true);
    } else if (event.key === "Enter" && (kind !== "textarea" || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      finish(edit, true);
    }
  };
  const plain = kind === "select" || kind === "search" ? say : (text) => text;
  const shown = hope === null ? display || plain(now) : plain(hope);
  if (value === undefined) return <div className="inline-value inline-unknown" aria-hidden="true"><span className="bone" /></div>;
  return (
    <div className="stack" onBlur={(event) => editing && !event.currentTarget.contains(event.relatedTarget) && finish(edit, false)}>
      {!editing && (
        <button ref={button} type="button" className="inline-value" data-empty={!shown} data-wait={hope !== null} disabled={disabled}
                aria-label={`${labels.name}: ${shown || labels.empty}. ${labels.edit}`} onClick={start}>
          {shown || labels.empty}
        </button>
      )}
      {editing && (
        <div className="stack" onKeyDown={keys}>
          <EditInput className="input inline-input" autoFocus aria-label={labels.name} {...{ kind, options, found, labels, onSearch }} text={edit} words={words.current[edit]}
                     onChange={setEdit} onPick={(id, label) => { words.current[id] = label; finish(id, true); }} />
        </div>
      )}
      {told?.state === "refused" && <div className="field-error" role="alert">{told.text}</div>}
      {told?.state === "conflict" && (
        <Differing labels={labels} began={say(told.began)} theirs={say(told.value)} mine={say(told.mine)} onMine={() => choose(told.mine)}
                   onBoth={SEVERAL.includes(kind) ? () => choose(bothOf(told.began, told.value, told.mine)) : undefined}
                   onKeep={() => { setTold(null); back(); }} />
      )}
    </div>
  );
}
