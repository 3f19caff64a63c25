// A place for many rows of text, sent to a route of ours. What was pasted stays until it has arrived.
import { useRef, useState } from "react";
import { useT } from "$/public/external/crm_app/ui/i18n/i18n.js";

const HEADERS = { "X-Requested-With": "crm", "Content-Type": "text/plain; charset=utf-8" };

export function PasteBox({ url, maxBytes, labels, onUploaded }) {
  const t = useT();
  const area = useRef(null);
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const tooBig = (text) => (new Blob([text]).size > maxBytes ? labels.tooBig : "");
  const pasted = (event) => {
    const refused = tooBig(event.clipboardData.getData("text/plain"));
    if (refused) event.preventDefault();  // a field with hundreds of thousands of lines stops the page for a minute
    setError(refused);
  };
  const send = async () => {
    const text = area.current.value;
    const refused = text.trim() ? tooBig(text) : labels.none;
    setError(refused);
    if (refused) return area.current.focus();
    setBusy(true);
    try {
      const answer = await fetch(url, { method: "POST", headers: HEADERS, body: text });
      const said = await answer.json().catch(() => ({}));  // a proxy's page, not our answer
      if (!answer.ok) setError(said.detail || t("ui.upload.failed"));
      else onUploaded?.(String(said.id ?? ""), "");
    } catch {
      setError(t("ui.upload.failed"));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="stack gap-s">
      <textarea ref={area} className="input" rows="6" aria-label={labels.name} placeholder={labels.example} spellCheck={false} wrap="off"
                style={{ fieldSizing: "fixed" }} aria-invalid={error ? true : undefined} onPaste={pasted} onInput={() => error && setError("")} />
      <div role="alert">{error && <span className="field-error">{error}</span>}</div>
      <div className="line">
        <button type="button" className="button button-quiet" disabled={busy} onClick={send}>{labels.send}</button>
      </div>
    </div>
  );
}
