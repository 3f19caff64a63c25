// From which stage to which one may go: a matrix, and what a way asks for where it is chosen.
import { useState } from "react";

const LOOKS = { no: "—", free: "✓", rule: "✓*" };

export function Ways({ stages, ways, fields, labels, onChange }) {
  const [chosen, setChosen] = useState(null);
  const from = stages.filter((one) => one.kind === "open");
  const to = stages.filter((one) => one.kind === "open" || one.kind === "won");
  const at = (here, there) => ways.find((way) => way.from_key === here && way.to_key === there);
  const looks = (way) => (!way ? "no" : way.is_guarded || way.required_fields.length ? "rule" : "free");
  const put = (here, there, told) => {
    const rest = ways.filter((way) => way.from_key !== here || way.to_key !== there);
    onChange(told ? [...rest, { from_key: here, to_key: there, required_fields: [], is_guarded: false, ...told }] : rest);
  };
  const open = chosen && at(...chosen);
  const name = (key) => stages.find((one) => one.key === key)?.name || "…";
  const toggle = (id) => put(...chosen, { ...open, required_fields: open.required_fields.includes(id) ? open.required_fields.filter((one) => one !== id) : [...open.required_fields, id] });
  return (
    <section className="panel" style={{ marginTop: 16 }} aria-label={labels.ways}>
      <h2 className="heading">{labels.ways}</h2>
      <p className="small soft">{labels.ways_what}</p>
      <div style={{ overflowX: "auto" }} tabIndex={0} role="group" aria-label={labels.ways}>
        <table style={{ borderCollapse: "collapse" }}>
          <thead><tr><th scope="col" className="small faint" style={{ textAlign: "start", padding: 6, whiteSpace: "nowrap" }}>{labels.from_to}</th>
            {to.map((one) => <th key={one.key} scope="col" className="small" style={{ padding: 6, fontWeight: 500, minWidth: 90, overflowWrap: "normal" }}>{one.name || "…"}</th>)}</tr></thead>
          <tbody>
            {from.map((here) => (
              <tr key={here.key}><th scope="row" className="small" style={{ textAlign: "start", padding: 6, fontWeight: 500, minWidth: 110, overflowWrap: "normal" }}>{here.name || "…"}</th>
                {to.map((there) => {
                  const look = looks(at(here.key, there.key));
                  const isChosen = chosen && chosen[0] === here.key && chosen[1] === there.key;
                  return (
                    <td key={there.key} style={{ padding: 2, textAlign: "center" }}>
                      {here.key !== there.key && (
                        <button type="button" className={`button ${isChosen ? "button-quiet" : "button-plain"}`} style={{ minWidth: 44 }}
                                aria-label={`${here.name} → ${there.name}: ${labels[look]}`} aria-pressed={look !== "no"} data-way={look}
                                onClick={() => { if (look === "no") put(here.key, there.key, {}); setChosen([here.key, there.key]); }}>
                          {LOOKS[look]}
                        </button>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {chosen && (
        <fieldset style={{ marginTop: 12, border: 0, padding: 0 }}>
          <legend>{name(chosen[0])} → {name(chosen[1])}</legend>
          <div style={{ display: "flex", flexWrap: "wrap", gap: 16, marginTop: 8 }}>
            <label className="tick"><input type="checkbox" checked={Boolean(open)} onChange={() => put(...chosen, open ? null : {})} /><span>{labels.free}</span></label>
            {open && <label className="tick"><input type="checkbox" checked={open.is_guarded} onChange={() => put(...chosen, { ...open, is_guarded: !open.is_guarded })} /><span>{labels.guarded}</span></label>}
            {open && fields.map((field) => (
              <label key={field.id} className="tick"><input type="checkbox" checked={open.required_fields.includes(field.id)} onChange={() => toggle(field.id)} /><span>{labels.asks_for} {field.label}</span></label>
            ))}
          </div>
        </fieldset>
      )}
    </section>
  );
}
