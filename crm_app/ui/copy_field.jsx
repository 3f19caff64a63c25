// A text with a button that copies it. Without https there is no clipboard to write to: then it is selected and copied.
import { useEffect, useRef, useState } from "react";

export function CopyField({ value = "", labels }) {
  const input = useRef(null);
  const [copied, setCopied] = useState(false);
  useEffect(() => setCopied(false), [value]);
  const select = () => input.current?.select();
  const copy = async () => {
    select();
    try {
      await navigator.clipboard.writeText(value);
    } catch {
      document.execCommand("copy");
    }
    setCopied(true);
  };
  return (
    <div className="line gap-s">
      <input ref={input} className="input grow" readOnly value={value} aria-label={labels.name} onFocus={select} />
      <button type="button" className="button button-quiet button-small" onClick={copy} aria-live="polite">
        {copied ? labels.copied : labels.copy}
      </button>
    </div>
  );
}
