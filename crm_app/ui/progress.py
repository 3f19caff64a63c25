"""Work that takes a while.

progress_bar(Import.done, Import.total, label=t("import.running"))
stepped(step_list([…], current=…, on_choose=…), content)      # steps at the left; above on a phone
spinner()
skeleton(lines=3)          # grey lines where text will be
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.ui.i18n import fmt, t
from crm_app.ui.layout import faint, line, soft, stack


def progress_bar(done: Any, total: Any, *, label: Any, action: Any = None) -> rx.Component:
    """How far it has come: label, figures, bar; `action` may be a button that stops it."""
    figures = rx.el.span(fmt.number(done), " / ", fmt.number(total), class_name="soft")
    bar = rx.el.progress(value=done, max=total, class_name="bar", custom_attrs={"aria-label": label})
    return stack(line(rx.el.span(label, class_name="grow"), figures, *([action] if action is not None else [])), bar)


def spinner(label: Any = None) -> rx.Component:
    """Something is on its way."""
    words = label if label is not None else t("ui.loading")
    return rx.el.span(
        rx.el.span(class_name="spinner"), soft(words), class_name="line gap-m", custom_attrs={"role": "status"}
    )


def skeleton(lines: int = 3) -> rx.Component:
    """Grey lines in place of what is being loaded."""
    widths = ("92%", "74%", "83%", "61%", "88%")
    rows = [rx.el.div(class_name="bone", style={"width": widths[index % len(widths)]}) for index in range(lines)]
    return stack(*rows, custom_attrs={"aria-hidden": "true"})


def step_list(steps: list[tuple[Any, Any]], *, current: Any, on_choose: Any) -> rx.Component:
    """The steps of a long form, each (label, state word); `current` is the index, `on_choose(index)` goes to one."""
    rows = [
        rx.el.button(
            rx.el.span(str(index + 1), class_name="step-number"),
            rx.el.span(label, faint(state, class_name="cut"), class_name="stack grow"),
            type="button",
            class_name="step",
            on_click=on_choose(index),
            custom_attrs={"aria-current": rx.cond(current == index, "step", "false")},
        )
        for index, (label, state) in enumerate(steps)
    ]
    return rx.el.nav(*rows, class_name="steps", custom_attrs={"aria-label": t("ui.steps")})


def stepped(steps: rx.Component, content: rx.Component) -> rx.Component:
    """A long form: its steps, and the one that is open."""
    return rx.el.div(steps, rx.el.div(content, class_name="min-w-0"), class_name="stepped")
