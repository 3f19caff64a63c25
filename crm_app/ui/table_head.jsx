// The first line of a list: titles that sort, edges that size, and the box that ticks everything; on a phone that box alone.
import { Edge } from "./table_columns.jsx";

function All({ ticks, label }) {
  return (
    <div role="columnheader" className="td td-tick">
      <input type="checkbox" className="tickbox" aria-label={label} checked={ticks.all} disabled={ticks.none}
             ref={(box) => { if (box) box.indeterminate = !ticks.all && ticks.count > 0; }} onChange={ticks.toggleAll} />
    </div>
  );
}

export function CardsHead({ ticks, labels }) {
  return (
    <div role="row" aria-rowindex={1} className="tr th-row">
      <All ticks={ticks} label={labels.all} />
      <div role="columnheader" className="td th"><button type="button" tabIndex={-1} aria-hidden="true" disabled={ticks.none} onClick={ticks.toggleAll}>{labels.all}</button></div>
    </div>
  );
}

export function Head({ columns, sort, onSort, onSize, size, ticks, tickable, labels, template, least }) {
  const order = (key) => (sort === key ? "ascending" : sort === `-${key}` ? "descending" : "none");
  return (
    <div role="row" aria-rowindex={1} className="tr th-row" style={{ gridTemplateColumns: template, minWidth: least }}>
      {tickable && <All ticks={ticks} label={labels.all} />}
      {columns.map((column) => (
        <div key={column.key} role="columnheader" className="td th" data-align={column.align} aria-sort={column.sortable ? order(column.key) : undefined}>
          {column.sortable ? (
            <button type="button" onClick={() => onSort?.(sort === column.key ? `-${column.key}` : column.key)}>
              <span className="cut">{column.title}</span><span className="sort-sign" aria-hidden="true" />
            </button>
          ) : <span className="cut">{column.title}</span>}
          {onSize && <Edge column={column} onDrag={size} onSize={onSize} />}
        </div>
      ))}
    </div>
  );
}
