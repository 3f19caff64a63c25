// A form whose typed text outlives a lost connection, a reload and a crash of the tab: it is kept in this browser until saved.
import { useEffect, useRef, useState } from "react";
import { useSaved } from "./saved.js";

const SKIP = new Set(["password", "file", "hidden", "submit", "button"]);
const keep = (name) => `draft:${name}`;
const read = (name) => {
  try { return JSON.parse(localStorage.getItem(keep(name)) ?? "null"); } catch { return null; }
};
// Inputs that keep their value in a hidden field are known by data-draft.
const nameOf = (control) => control.dataset.draft ?? control.name;
const controls = (form) => [...form.elements].filter((control) => nameOf(control) && !SKIP.has(control.type));
const value = (control) => (control.type === "checkbox" || control.type === "radio" ? control.checked : control.value);

/** Every named field as text: ticked is "true", unticked "", several of one name are joined by commas. */
function collect(form) {
  const fields = {};
  for (const control of form.elements) {
    if (!control.name || control.disabled || control.type === "file" || (control.type === "radio" && !control.checked)) continue;
    let text = control.value;
    if (control.type === "checkbox") text = control.checked ? (control.hasAttribute("value") ? control.value : "true") : "";
    if (control.multiple) text = [...control.selectedOptions].map((option) => option.value).join(",");
    fields[control.name] = fields[control.name] ? [fields[control.name], text].filter(Boolean).join(",") : text;
  }
  return fields;
}

function restore(form, kept) {
  let changed = false;
  controls(form).forEach((control, index) => {
    const was = kept[`${nameOf(control)}#${index}`];
    if (was === undefined || was === value(control)) return;
    changed = true;
    if (typeof was === "boolean") return void (control.checked = was);
    // React watches the property: only the prototype's setter gets a change past it.
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(control), "value").set.call(control, was);
    control.dispatchEvent(new Event("input", { bubbles: true }));
  });
  return changed;
}

export function Form({ draft, saved, resetOnSaved, onSubmit, labels, children, ...rest }) {
  const ref = useRef(null);
  const timer = useRef(0);
  const [restored, setRestored] = useState(false);

  const forget = () => {
    clearTimeout(timer.current);
    if (draft) localStorage.removeItem(keep(draft));
    setRestored(false);
  };
  useEffect(() => {
    const kept = draft && read(draft);
    if (kept) setRestored(restore(ref.current, kept));
  }, [draft]);
  const acted = useSaved(saved, () => {
    forget();
    if (resetOnSaved) ref.current.reset();
  });

  const typed = () => {
    if (!draft) return;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      if (!ref.current) return;
      const kept = Object.fromEntries(controls(ref.current).map((control, index) => [`${nameOf(control)}#${index}`, value(control)]));
      localStorage.setItem(keep(draft), JSON.stringify(kept));
    }, 200);
  };
  const submit = (event) => {
    event.preventDefault();
    acted();
    onSubmit?.(collect(event.currentTarget));
  };
  const keys = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
  };
  const discard = () => {
    forget();
    ref.current.reset();
  };
  return (
    <form ref={ref} noValidate {...rest} onSubmit={submit} onInput={typed} onKeyDown={keys}>
      {restored && (
        <div className="draft-note" role="status">
          <span>{labels.restored}</span>
          <button type="button" className="text-link" onClick={discard}>{labels.discard}</button>
        </div>
      )}
      {children}
    </form>
  );
}
