// A row of tabs; arrows walk, and the choice shows before the server has answered.
import { useEffect, useState } from "react";

export function Tabs({ tabs, value, label, onChange }) {
  const [at, setAt] = useState(value);
  useEffect(() => setAt(value), [value]);
  const choose = (id) => {
    if (id === at) return;
    setAt(id);
    onChange?.(id);
  };
  const keys = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const index = tabs.findIndex((tab) => tab.id === at);
    const next = (index + step + tabs.length) % tabs.length;
    choose(tabs[next].id);
    event.currentTarget.children[next].focus();
  };
  return (
    <div className="tabs" role="tablist" aria-label={label} onKeyDown={keys}>
      {tabs.map((tab) => (
        <button key={tab.id} type="button" role="tab" id={`tab-${tab.id}`} aria-selected={tab.id === at} tabIndex={tab.id === at ? 0 : -1} onClick={() => choose(tab.id)}>
          {tab.label}
          {tab.count !== undefined && tab.count !== null && <span className="tab-count">{tab.count}</span>}
        </button>
      ))}
    </div>
  );
}
