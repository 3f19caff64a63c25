// A value that is edited where it stands: click, type, Enter or leave saves, Esc takes back. What was typed shows at once;
// the server confirms by a new `value`, or refuses by `refusal` {field, text}, and then the former value stands again.
import { useEffect, useRef, useState } from "react";
import { AmountInput, MomentInput } from "$/public/external/crm_app/ui/field/inputs.jsx";

export function InlineEdit({ name, value, display, kind = "text", options = [], refusal, disabled, labels, onSave }) {
  const [edit, setEdit] = useState(null);
  const [hope, setHope] = useState(null);
  const [error, setError] = useState("");
  const button = useRef(null);
  const done = useRef(false);
  const now = String(value ?? "");
  const editing = edit !== null;

  useEffect(() => setHope(null), [now]);
  useEffect(() => {
    if (refusal?.field !== name || !refusal.text) return;
    setHope(null);
    setError(refusal.text);
  }, [refusal]);

  const start = () => {
    if (disabled) return;
    done.current = false;
    setError("");
    setEdit(hope ?? now);
  };
  const finish = (text, focus) => {
    if (done.current) return;
    done.current = true;
    setEdit(null);
    if (text !== null && text !== (hope ?? now)) {
      setHope(text);
      onSave?.(name, text);
    }
    if (focus) requestAnimationFrame(() => button.current?.focus());
  };
  const keys = (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      event.preventDefault();
      finish(null, true);
    } else if (event.key === "Enter" && (kind !== "textarea" || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      finish(edit, true);
    }
  };
  const said = (text) => (kind === "select" ? options.find((option) => String(option.id) === text)?.label ?? text : text);
  const shown = hope === null ? display || said(now) : said(hope);
  const input = {
    className: "input inline-input", autoFocus: true, "aria-label": labels.name, onKeyDown: keys,
  };
  const plain = { ...input, value: edit ?? "", onChange: (event) => setEdit(event.target.value) };
  if (value === undefined) return <div className="inline-value inline-unknown" aria-hidden="true"><span className="bone" /></div>;
  return (
    <div className="stack" onBlur={(event) => editing && !event.currentTarget.contains(event.relatedTarget) && finish(edit, false)}>
      {!editing && (
        <button ref={button} type="button" className="inline-value" data-empty={!shown} data-wait={hope !== null} disabled={disabled}
                aria-label={`${labels.name}: ${shown || labels.empty}. ${labels.edit}`} onClick={start}>
          {shown || labels.empty}
        </button>
      )}
      {editing && kind === "textarea" && <textarea {...plain} onFocus={(event) => event.target.setSelectionRange(1e6, 1e6)} />}
      {editing && kind === "select" && (
        <select {...plain}>{options.map((option) => <option key={option.id} value={option.id}>{option.label}</option>)}</select>
      )}
      {editing && kind === "amount" && <AmountInput {...input} name="" value={hope ?? now} onChange={setEdit} />}
      {editing && kind === "moment" && <MomentInput {...input} name="" value={hope ?? now} onChange={setEdit} />}
      {editing && !["textarea", "select", "amount", "moment"].includes(kind) && <input {...plain} type={kind} />}
      {error && <div className="field-error" role="alert">{error}</div>}
    </div>
  );
}
