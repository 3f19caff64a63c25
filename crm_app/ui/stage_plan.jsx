// A plan of stages as one draft: it is changed here, and handed on as a whole; a refusal leaves everything as it was typed.
import { useEffect, useRef, useState } from "react";
import { Ways } from "./stage_ways.jsx";

// Of the width of its digits, whatever other boxes are at least.
const FIGURE = { width: 52, minWidth: 52 };
const without = (list, place) => list.filter((_, at) => at !== place);

function moved(list, from, to) {
  const rest = without(list, from);
  rest.splice(to, 0, list[from]);
  return rest;
}

/** Dragging by mouse; the buttons of a row do the same for keys and touch. */
function useRowDrag(onMove) {
  const held = useRef(null);
  const [over, setOver] = useState(-1);
  const handle = (place) => ({
    draggable: true,
    onDragStart: (event) => { held.current = place; event.dataTransfer.effectAllowed = "move"; event.dataTransfer.setData("text/plain", String(place)); },
    onDragEnd: () => { held.current = null; setOver(-1); },
  });
  const row = (place) => ({
    onDragOver: (event) => { if (held.current !== null) { event.preventDefault(); setOver(place); } },
    onDrop: (event) => { event.preventDefault(); if (held.current !== null && held.current !== place) onMove(held.current, place); setOver(-1); },
    style: over === place && held.current !== null && held.current !== place ? { boxShadow: "inset 0 2px 0 var(--accent)" } : undefined,
  });
  return { handle, row };
}

function Ticks({ value, fields, labels, name, onChange }) {
  const toggle = (id) => onChange(value.includes(id) ? value.filter((one) => one !== id) : [...value, id]);
  const words = fields.filter((field) => value.includes(field.id)).map((field) => field.label).join(", ");
  return (
    <details>
      <summary aria-label={`${labels.required_fields}: ${name}`} className="small">{words || <span className="faint">{labels.nothing}</span>}</summary>
      {fields.map((field) => (
        <label key={field.id} className="tick" style={{ display: "flex", marginTop: 4 }}>
          <input type="checkbox" checked={value.includes(field.id)} onChange={() => toggle(field.id)} /><span>{field.label}</span>
        </label>
      ))}
    </details>
  );
}

function Stage({ stage, place, count, errors, options, labels, ofDeals, drag, onChange, onMove, onRemove }) {
  const error = (field) => errors[`stages.${place}.${field}`];
  const set = (field) => (event) => onChange({ ...stage, [field]: event.target.value });
  const box = (field, rest) => (
    <div className="grow">
      <input className="input input-small" aria-label={labels[field]} aria-invalid={Boolean(error(field))} value={stage[field]} onChange={set(field)} {...rest} />
      {error(field) && <p className="field-error" role="alert">{error(field)}</p>}
    </div>
  );
  const choice = (field) => (
    <select className="input input-small" style={{ minWidth: 96 }} aria-label={labels[field]} value={stage[field]} onChange={set(field)}>
      {options[field].map((one) => <option key={one.id} value={one.id}>{one.label}</option>)}
    </select>
  );
  const button = (face, label, onClick, disabled = false) => (
    <button type="button" className="button button-plain button-icon" aria-label={`${label}: ${stage.name}`} title={label} disabled={disabled} onClick={onClick}>{face}</button>
  );
  return (
    <tr data-stage-key={stage.key} {...drag.row(place)}>
      <th scope="row">
        <div className="line" style={{ display: "flex", alignItems: "center", gap: 6 }}>
          <span {...drag.handle(place)} title={labels.drag} aria-hidden="true" className="faint" style={{ cursor: "grab", padding: "0 2px" }}>⠿</span>
          {box("name", { maxLength: 80 })}
        </div>
      </th>
      <td>{choice("kind")}{errors[`kind.${stage.key}`] && <p className="field-error" role="alert">{errors[`kind.${stage.key}`]}</p>}</td>
      <td><div style={{ display: "flex", alignItems: "center", gap: 6 }}><span className="colour-spot" data-colour={stage.colour} />{choice("colour")}</div></td>
      <td>{box("probability", { inputMode: "numeric", style: FIGURE })}</td>
      <td><div style={{ display: "flex", gap: 4 }}>{box("rot_days", { inputMode: "numeric", style: FIGURE })}{ofDeals && choice("rot_from")}</div></td>
      {ofDeals && <td><div style={{ display: "flex", gap: 4 }}>{box("wip_limit", { inputMode: "numeric", style: FIGURE })}{choice("wip_rule")}</div></td>}
      <td>{ofDeals && <Ticks value={stage.required_fields} fields={options.fields} labels={labels} name={stage.name} onChange={(value) => onChange({ ...stage, required_fields: value })} />}</td>
      <td style={{ whiteSpace: "nowrap" }}>
        {button("↑", labels.up, () => onMove(place - 1), place === 0)}
        {button("↓", labels.down, () => onMove(place + 1), place === count - 1)}
        {button("✕", labels.remove, onRemove)}
      </td>
    </tr>
  );
}

export function StagePlan({ plan, load, errors = {}, options, labels, card, busy, onSave }) {
  const [draft, setDraft] = useState(plan);
  const [fresh, setFresh] = useState(-1);
  useEffect(() => { setDraft(plan); setFresh(-1); }, [load]);
  const stages = draft.stages ?? [];
  const change = (told) => setDraft((was) => ({ ...was, ...told }));
  const drag = useRowDrag((from, to) => change({ stages: moved(stages, from, to) }));
  if (!plan.stages) return null;
  const isDirty = JSON.stringify(draft) !== JSON.stringify(plan);
  const add = () => {
    const last = stages.findLastIndex((one) => one.kind === "open");
    const made = { key: fresh, name: "", kind: "open", colour: "blue", probability: 0, rot_days: 0, rot_from: "entry", wip_limit: 0, wip_rule: "warn", required_fields: [] };
    change({ stages: [...stages.slice(0, last + 1), made, ...stages.slice(last + 1)] });
    setFresh(fresh - 1);
  };
  const remove = (place) => {
    const { key } = stages[place];
    change({ stages: without(stages, place), transitions: draft.transitions.filter((way) => way.from_key !== key && way.to_key !== key) });
  };
  const headings = ["name", "kind", "colour", "probability", "rot_days", ...(card === "deal" ? ["wip_limit"] : []), "required_fields"];
  const heads = Object.fromEntries(headings.slice(1).map((one, at) => [`--heading-${at + 2}`, JSON.stringify(labels[one])]));
  return (
    <form onSubmit={(event) => { event.preventDefault(); onSave?.(draft); }} aria-label={labels.title}>
      <div className="panel"><div style={{ display: "flex", flexWrap: "wrap", gap: 16, alignItems: "flex-start" }}>
        <label style={{ flex: "1 1 220px" }}><span className="small soft">{labels.name_of_all}</span>
          <input className="input" maxLength={80} value={draft.name} aria-invalid={Boolean(errors.name)} onChange={(event) => change({ name: event.target.value })} />
          {errors.name && <p className="field-error" role="alert">{errors.name}</p>}
        </label>
        <label style={{ flex: "1 1 220px" }}><span className="small soft">{labels.order_rule}</span>
          <select className="input" value={draft.order_rule} onChange={(event) => change({ order_rule: event.target.value })}>
            {options.order_rule.map((one) => <option key={one.id} value={one.id}>{one.label}</option>)}
          </select>
        </label>
        {card === "lead" && <label><span className="small soft">{labels.touch_minutes}</span>
          <input className="input" inputMode="numeric" style={{ width: 120, display: "block" }} value={draft.touch_minutes} onChange={(event) => change({ touch_minutes: event.target.value })} />
          {errors.touch_minutes && <p className="field-error" role="alert">{errors.touch_minutes}</p>}
        </label>}
      </div></div>
      <div className="panel" style={{ marginTop: 16 }}>
        <div className="rows-box" tabIndex={0} role="group" aria-label={labels.stages}>
          <table className="rows" aria-label={labels.stages} style={heads}>
            <thead><tr>{headings.map((one) => <th key={one} scope="col">{labels[one]}</th>)}<th scope="col"><span className="unseen">{labels.doings}</span></th></tr></thead>
            <tbody>
              {stages.map((stage, place) => (
                <Stage key={stage.key} stage={stage} place={place} count={stages.length} errors={errors} options={options} labels={labels} ofDeals={card === "deal"} drag={drag}
                       onChange={(told) => change({ stages: stages.map((one, at) => (at === place ? told : one)) })}
                       onMove={(to) => change({ stages: moved(stages, place, to) })} onRemove={() => remove(place)} />
              ))}
            </tbody>
          </table>
        </div>
        {errors.stages && <p className="field-error" role="alert">{errors.stages}</p>}
        <button type="button" className="button button-quiet" style={{ alignSelf: "start" }} onClick={add}>+ {labels.add}</button>
      </div>
      {draft.order_rule === "named" && <Ways stages={stages} ways={draft.transitions} fields={card === "deal" ? options.fields : []} labels={labels} onChange={(transitions) => change({ transitions })} />}
      <div className="form-buttons" style={{ marginTop: 16, position: "sticky", bottom: 0, padding: "8px 0", background: "var(--frame)" }}>
        <button type="button" className="button button-quiet" disabled={!isDirty} onClick={() => setDraft(plan)}>{labels.discard}</button>
        <button type="submit" className="button button-primary" disabled={!isDirty || busy}>{labels.save}</button>
      </div>
    </form>
  );
}
