// An entry of the shelf: its link, how many cards it leaves, its menu, and the line in which it is given a name.
import { useRef } from "react";
import { Link } from "react-router";
import { useT } from "$/public/external/crm_app/ui/i18n/i18n.js";
import { Popover } from "$/public/external/crm_app/ui/dialog/popover.jsx";

/** One line to type a name in: Enter takes it, Esc and leaving it empty don't. */
export function NameForm({ value = "", label, onDone }) {
  const done = useRef(false);
  const finish = (text) => {
    if (done.current) return;
    done.current = true;
    onDone(text.trim() && text.trim() !== value ? text.trim() : null);
  };
  return (
    <form className="shelf-name" onSubmit={(event) => { event.preventDefault(); finish(event.currentTarget.elements.name.value); }}>
      <input name="name" className="input" aria-label={label} placeholder={label} defaultValue={value} maxLength={80} autoComplete="off" autoFocus
             onFocus={(event) => event.target.select()} onBlur={(event) => finish(event.target.value)}
             onKeyDown={(event) => { if (event.key === "Escape") { event.stopPropagation(); finish(""); } }} />
    </form>
  );
}

function Menu({ entry, labels, mayShare, canSave, onRename, onUpdate, onPlace, onRemove }) {
  const isShared = entry.side === "shared" || entry.is_shared;
  const item = (text, act, look = "") => <button type="button" role="menuitem" className={`menu-item ${look}`} onClick={act}>{text}</button>;
  return (
    <Popover trigger="⋯" label={`${labels.more}: ${entry.name}`} side="end" className="button button-plain button-icon shelf-more">
      {item(labels.rename, onRename)}
      {canSave && entry.side !== "group" && item(labels.update, () => onUpdate(entry.key))}
      {mayShare && item(isShared ? labels.unshare : labels.share, () => onPlace(entry.key, !isShared, ""))}
      {item(labels.remove, () => onRemove(entry.key), "menu-danger")}
    </Popover>
  );
}

export function Entry({ entry, at, count, most, labels, drag, renaming, onRenamed, ...menu }) {
  const t = useT();
  if (renaming) return <li className="shelf-entry"><NameForm value={entry.name} label={labels.name} onDone={onRenamed} /></li>;
  return (
    <li className="shelf-entry" data-over={drag.over === entry.key} {...drag.of(entry)}>
      <Link to={entry.href} className="shelf-link" aria-current={at ? "true" : undefined} title={entry.words || entry.name} draggable={false}>
        <span className="cut">{entry.name}</span>
        {count !== undefined && <span className="figures">{count > most ? t("ui.shelf.more_than", { n: most }) : t.fmt.number(count)}</span>}
      </Link>
      {entry.may_change && <Menu entry={entry} labels={labels} {...menu} />}
    </li>
  );
}
