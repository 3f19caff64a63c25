// The picture of a card: chosen, dropped on it, or pasted anywhere on the page; seen at once, sent to a route of ours.
import { useEffect, useRef, useState } from "react";
import { useT } from "$/public/external/crm_app/ui/i18n/i18n.js";
import { Popover } from "$/public/external/crm_app/ui/dialog/popover.jsx";
import { send } from "$/public/external/crm_app/ui/upload/file_drop.jsx";
import { showNotice } from "$/public/external/crm_app/ui/toast/toast.jsx";

const TYPES = "image/png,image/jpeg,image/webp,image/gif";
const TYPED_IN = "input, textarea, select, [contenteditable]";
const LAST_MS = 3000; // the same picture again: nothing comes that could take its place
const LOOK = { display: "inline-grid", flex: "none", borderRadius: "var(--radius)" };
const PREVIEW = { position: "absolute", inset: 0, width: "100%", height: "100%", objectFit: "cover", borderRadius: "inherit" };
const PLAIN = { font: "400 13px/18px Inter, sans-serif", letterSpacing: 0, whiteSpace: "normal", maxWidth: 240 }; // it stands in a heading
const WHOLE = { width: 192, height: 192, objectFit: "contain", background: "#fff", borderRadius: "var(--radius)", alignSelf: "center" };

export function PictureDrop({ card, number, picture = "", maxBytes, labels, onRemoved, children }) {
  const t = useT();
  const input = useRef(null);
  const [shown, setShown] = useState("");
  const [busy, setBusy] = useState(false);
  const [over, setOver] = useState(false);
  useEffect(() => setShown(""), [picture, number]);
  useEffect(() => () => shown && URL.revokeObjectURL(shown), [shown]);

  const take = (files) => {
    const file = [...files].find((one) => one.type.startsWith("image/")) ?? files[0];
    if (!file || busy || !location.pathname.endsWith(`/${number}`)) return; // still the card that one has just left
    if (file.size > maxBytes) return showNotice("bad", t("ui.upload.too_big"));
    setShown(URL.createObjectURL(file));
    setBusy(true);
    send(`/pictures?card=${card}:${number}`, file, () => {}, (status, answer) => {
      setBusy(false);
      if (status === 201) return setTimeout(() => setShown(""), LAST_MS);
      setShown("");
      showNotice("bad", answer.detail || t(status ? "ui.upload.refused" : "ui.upload.failed"));
    });
  };
  const pasted = (event) => {
    const files = [...(event.clipboardData?.files ?? [])].filter((one) => one.type.startsWith("image/"));
    if (!files.length || event.target.closest?.(TYPED_IN)) return;
    event.preventDefault();
    take(files);
  };
  useEffect(() => {
    document.addEventListener("paste", pasted);
    return () => document.removeEventListener("paste", pasted);
  });
  const dropped = (event) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  const close = (event) => event.currentTarget.closest("[popover]").hidePopover();
  const face = (
    <span style={{ position: "relative", display: "inline-grid", cursor: "pointer", borderRadius: "8px", overflow: "hidden", opacity: busy ? 0.6 : 1, outline: over ? "2px solid var(--accent)" : "none", outlineOffset: 1 }}>
      {children}
      {shown && <img src={shown} alt="" style={PREVIEW} />}
    </span>
  );
  return (
    <span style={LOOK} aria-busy={busy} onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={dropped}>
      <Popover trigger={face} label={labels.change} menu={false}>
        <div className="stack gap-m" style={PLAIN}>
          {picture && <img src={`/pictures/${picture}/large.webp`} alt={labels.picture} style={WHOLE} />}
          <button type="button" className="button button-quiet" onClick={(event) => { close(event); input.current.click(); }}>{labels.choose}</button>
          {picture && <button type="button" className="button button-plain" onClick={(event) => { close(event); onRemoved?.(); }}>{labels.remove}</button>}
          <span className="faint small">{labels.hint}</span>
        </div>
      </Popover>
      <input ref={input} type="file" hidden accept={TYPES} aria-label={labels.choose} onChange={(event) => { take(event.target.files); event.target.value = ""; }} />
    </span>
  );
}
