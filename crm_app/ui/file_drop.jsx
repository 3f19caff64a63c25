// Files are sent by the browser straight to a route of ours, with progress; the session's cookie travels by itself.
import { useRef, useState } from "react";
import { useT } from "$/public/external/crm_app/ui/i18n/i18n.js";

const AT_ONCE = 3;

/** XMLHttpRequest, since fetch tells nothing of what has been sent; the header makes a foreign page ask first (CSRF). */
export function send(url, file, onProgress, onDone) {
  const request = new XMLHttpRequest();
  const join = url.includes("?") ? "&" : "?";
  request.open("POST", `${url}${join}name=${encodeURIComponent(file.name)}`);
  request.setRequestHeader("X-Requested-With", "crm");
  request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
  request.upload.onprogress = (event) => onProgress(Math.round((100 * event.loaded) / Math.max(event.total, 1)));
  request.onloadend = () => {
    let answer = {};
    try { answer = JSON.parse(request.responseText); } catch { /* a proxy's page, not our answer */ }
    onDone(request.status, answer);
  };
  request.send(file);
  return request;
}

export function FileDrop({ url, accept, multiple = true, maxBytes = 0, label, onUploaded, onRefused }) {
  const t = useT();
  const input = useRef(null);
  const queue = useRef([]);
  const running = useRef(0);
  const [files, setFiles] = useState([]);
  const [over, setOver] = useState(false);
  const set = (id, part) => setFiles((list) => list.map((one) => (one.id === id ? { ...one, ...part } : one)));

  const next = () => {
    while (running.current < AT_ONCE && queue.current.length) {
      const { id, file } = queue.current.shift();
      running.current += 1;
      const request = send(url, file, (percent) => set(id, { percent }), (status, answer) => {
        running.current -= 1;
        if (status === 200 || status === 201) {
          set(id, { done: true });
          setTimeout(() => setFiles((list) => list.filter((one) => one.id !== id)), 1500);
          onUploaded?.(String(answer.id ?? ""), file.name);
        } else {
          set(id, { error: answer.detail || t(status === 413 ? "ui.upload.too_big" : status ? "ui.upload.refused" : "ui.upload.failed") });
          onRefused?.(status, file.name);
        }
        next();
      });
      set(id, { stop: () => request.abort() });
    }
  };
  const take = (chosen) => {
    const added = [...chosen].slice(0, multiple ? undefined : 1).map((file) => {
      const tooBig = maxBytes && file.size > maxBytes;
      return { id: `${file.name}-${file.size}-${Math.random()}`, name: file.name, file, percent: 0, error: tooBig ? t("ui.upload.too_big") : "" };
    });
    setFiles((list) => [...list.filter((one) => !one.error), ...added]);
    queue.current.push(...added.filter((one) => !one.error));
    next();
  };
  const drop = (event) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  return (
    <div className="drop" data-over={over} onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={drop}>
      <button type="button" className="button button-quiet" onClick={() => input.current.click()}>{label || t("ui.upload.choose")}</button>
      {maxBytes > 0 && <span className="faint small">{t("ui.upload.limit", { size: t.fmt.size(maxBytes) })}</span>}
      <input ref={input} type="file" hidden accept={accept} multiple={multiple} aria-label={label || t("ui.upload.choose")}
             onChange={(event) => { take(event.target.files); event.target.value = ""; }} />
      <div className="stack gap-s" role="status" style={{ width: "100%" }}>
        {files.map((one) => (
          <div key={one.id} className="drop-file">
            <span className="cut grow">{one.name}</span>
            {one.error ? <span className="field-error">{one.error}</span> : one.done ? <span>{t("ui.upload.done")}</span>
              : <progress className="bar" max="100" value={one.percent} aria-label={one.name} />}
            {!one.done && !one.error && <button type="button" className="toast-close" aria-label={`${t("ui.cancel")}: ${one.name}`} onClick={() => one.stop?.()}>×</button>}
          </div>
        ))}
      </div>
    </div>
  );
}
