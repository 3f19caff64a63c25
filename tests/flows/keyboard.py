"""Goes through a page with the Tab key: whether everything is reached, by a focus that can be seen, without a trap."""

from __future__ import annotations

from playwright.sync_api import Page

WATCH = """() => {
  const all = "a[href], button, input, select, textarea, summary, [tabindex='0'], [contenteditable='true']";
  const look = (part) => [part, part.parentElement, part.parentElement?.parentElement].filter(Boolean).map((each) => {
    const style = getComputedStyle(each);
    const outline = style.outlineStyle === "none" ? "" : style.outlineWidth;
    return [outline, style.boxShadow, style.borderColor, style.clipPath];
  }).join();
  const isThere = (part) => !part.disabled && part.tabIndex >= 0 && part.checkVisibility({ visibilityProperty: true });
  const wanted = [...document.querySelectorAll(all)].filter(isThere);
  window.kept = new Map(wanted.map((part) => [part, { before: look(part), reached: false, ring: false }]));
  addEventListener("focusin", ({ target }) => {
    const known = window.kept.get(target);
    if (known) Object.assign(known, { reached: true, ring: known.ring || look(target) !== known.before });
  }, true);
  document.activeElement?.blur();
  const steps = { date: 5, "datetime-local": 9, time: 4 };
  return wanted.reduce((sum, part) => sum + (steps[part.type] ?? 1), 0);
}"""
"""Notes what can be reached and how it looks; gives how many steps that takes: a field for a date is several."""
FOUND = """() => {
  const all = [...window.kept];
  const isReached = (part, known) => known.reached
    || (part.type === "radio" && all.some(([other, its]) => other.name === part.name && its.reached));
  const told = (part) => part.outerHTML.slice(0, 160);
  const there = all.filter(([part]) => part.isConnected && part.checkVisibility());
  return {
    unreached: there.filter(([part, known]) => !isReached(part, known)).map(([part]) => told(part)),
    unseen: there.filter(([part, known]) => known.reached && !known.ring).map(([part]) => told(part)),
  };
}"""
SPARE = 6
"""What the browser itself makes reachable: boxes that scroll, the frame of a preview."""


def check_keyboard(page: Page) -> None:
    """Everything that can be done by mouse is reached by Tab, and shows that it has the focus."""
    for _ in range(page.evaluate(WATCH) + SPARE):
        page.keyboard.press("Tab")
    found = page.evaluate(FOUND)
    assert not any(found.values()), found
