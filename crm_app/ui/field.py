"""Form fields. All take `name, label`, and where wanted `value, errors, help, required, disabled`.

    text_field("title", t("deals.title"), value=Deal.title, errors=Deal.errors, required=True)
    money_field("amount", t("deals.amount"), value=Deal.amount_text, currency="RUB")
    moment_field("at", t("tasks.due"), value=Task.due_iso)             # UTC in, UTC out, the reader's zone on screen
    select_field("status", t("clients.status"), options=Clients.statuses, value=Client.status)
    choose_field("client", t("deals.client"), options=Deal.found, on_search=Deal.client_searched, text=Deal.client_name)

`errors` is a `dict[str, str]` var of the state: the sentence for a field stands under its name. Fields are
uncontrolled: the browser keeps what is typed, and the form hands it over when it is submitted. Options are a list
of `Option`.
"""

from __future__ import annotations

from typing import Any, TypedDict

import reflex as rx
from reflex.vars.base import LiteralVar, Var

from crm_app.ui.i18n import t
from crm_app.ui.icon import icon
from crm_app.ui.layout import classes

rx.asset("edit_parts.jsx", shared=True)


class Option(TypedDict):
    """One choice: `hint` is small print at its right."""

    id: str
    label: str
    hint: str


class _Input(rx.Component):
    library = rx.asset("inputs.jsx", shared=True).importable_path

    name: rx.Var[str]
    value: rx.Var[str]
    disabled: rx.Var[bool]
    placeholder: rx.Var[str]
    on_change: rx.EventHandler[lambda text: [text]]


class AmountInput(_Input):
    """Face of a number or money input."""

    tag = "AmountInput"


class MomentInput(_Input):
    """Face of a date-and-time input."""

    tag = "MomentInput"


class Combobox(rx.Component):
    """Face of a choice by typing."""

    library = rx.asset("combobox.jsx", shared=True).importable_path
    tag = "Combobox"

    name: rx.Var[str]
    value: rx.Var[str]
    text: rx.Var[str]
    options: rx.Var[list[Option]]
    placeholder: rx.Var[str]
    disabled: rx.Var[bool]
    clear_on_pick: rx.Var[bool]
    labels: rx.Var[dict[str, str]]
    on_search: rx.EventHandler[lambda text: [text]]
    on_pick: rx.EventHandler[lambda option_id: [option_id]]


def text_field(name: str, label: Any, *, type: str = "text", icon_name: str = "", **props: Any) -> rx.Component:  # noqa: A002
    """One line of text; `type` may be email, password, tel, url, search, date, time."""
    frame, attrs = _frame(name, label, props)
    control = rx.el.input(type=type, default_value=attrs.pop("value"), **attrs)
    return frame(rx.el.div(icon(icon_name), control, class_name="affix") if icon_name else control)


def date_field(name: str, label: Any, **props: Any) -> rx.Component:
    """A day, "2026-11-22"."""
    return text_field(name, label, type="date", **props)


def textarea_field(name: str, label: Any, *, rows: int = 3, **props: Any) -> rx.Component:
    """Several lines; it grows with the text."""
    frame, attrs = _frame(name, label, props)
    return frame(rx.el.textarea(default_value=attrs.pop("value"), rows=str(rows), **attrs))


def number_field(name: str, label: Any, *, unit: Any = None, **props: Any) -> rx.Component:
    """A number, grouped on screen, "1250.5" for the server; `unit` stands at its right."""
    frame, attrs = _frame(name, label, props)
    attrs["class_name"] = "input money"
    control = AmountInput.create(**attrs)
    return frame(
        rx.el.div(control, rx.el.span(unit, class_name="affix-end"), class_name="affix")
        if unit is not None
        else control
    )


def money_field(name: str, label: Any, *, currency: Any = "RUB", **props: Any) -> rx.Component:
    """Money as text in major units: "1250000.50"."""
    return number_field(name, label, unit=_currency_sign(currency), **props)


def moment_field(name: str, label: Any, **props: Any) -> rx.Component:
    """Date and time."""
    frame, attrs = _frame(name, label, props)
    return frame(MomentInput.create(**attrs))


def select_field(name: str, label: Any, *, options: Any, empty: Any = None, **props: Any) -> rx.Component:
    """One of a few options (a list or a Var of `Option`); `empty` is the text of choosing none."""
    frame, attrs = _frame(name, label, props)
    if isinstance(options, Var):
        choices = [rx.foreach(options, lambda option: rx.el.option(option["label"], value=option["id"]))]
    else:
        choices = [rx.el.option(option["label"], value=option["id"]) for option in options]
    if empty is not None:
        choices.insert(0, rx.el.option(empty, value=""))
    return frame(
        rx.el.select(*choices, default_value=attrs.pop("value"), key=LiteralVar.create(options).length(), **attrs)
    )


def choose_field(
    name: str, label: Any, *, options: Any, text: Any = "", on_search: Any = None, **props: Any
) -> rx.Component:
    """One of many by typing. With `on_search` the server finds the options, 150 ms after the last key.

    `clear_on_pick`: what was picked is done with, and the next may be typed.
    """
    on_pick = props.pop("on_pick", None)
    frame, attrs = _frame(name, label, props)
    events = {name: event for name, event in (("on_search", on_search), ("on_pick", on_pick)) if event is not None}
    return frame(Combobox.create(options=options, text=text, labels=choose_labels(), **events, **attrs))


def check_field(name: str, label: Any, *, checked: Any = False, **props: Any) -> rx.Component:
    """A tick box: "true" or ""."""
    return rx.el.label(
        rx.el.input(type="checkbox", name=name, default_checked=checked, **props), rx.el.span(label), class_name="tick"
    )


def radio_field(name: str, label: Any, *, options: list[Option], value: Any = "", **props: Any) -> rx.Component:
    """One of a few, all visible."""
    choices = [
        rx.el.label(
            rx.el.input(
                type="radio", name=name, value=option["id"], default_checked=LiteralVar.create(value) == option["id"]
            ),
            rx.el.span(option["label"]),
            class_name="tick",
        )
        for option in options
    ]
    return rx.el.fieldset(rx.el.legend(label, class_name="field-label"), *choices, class_name="field", **props)


def search_box(label: Any, *, value: Any = "", on_search: Any, **props: Any) -> rx.Component:
    """A search line of a list: asks while typing, `on_search(text)` should be a `supersedes` handler."""
    return rx.el.div(
        icon("search"),
        rx.el.input(
            type="search",
            default_value=value,
            placeholder=label,
            class_name="input",
            custom_attrs={"aria-label": label},
            on_change=on_search.debounce(200),
            **props,
        ),
        class_name="affix search",
    )


def error_line(text: Any, spot: str = "") -> rx.Component:
    """A sentence about the whole form, or about the control that names `spot` in its aria-describedby."""
    return rx.el.div(text, role="alert", class_name="field-error", custom_attrs={"id": spot} if spot else {})


def _frame(name: str, label: Any, props: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """What stands around a control, and the control's own attributes."""
    spot = f"f-{props.pop('scope', '')}{name}"
    help_text, errors, required = props.pop("help", None), props.pop("errors", None), props.pop("required", False)
    error = error_of(errors, name)
    described = " ".join([f"{spot}-error"] * (error is not None) + [f"{spot}-help"] * (help_text is not None))
    marks: dict[str, Any] = {"id": spot, **props.pop("custom_attrs", {})}
    if described:
        marks["aria-describedby"] = described
    if error is not None:
        marks["aria-invalid"] = error != ""
    if required:
        marks["aria-required"] = "true"
    name_of = rx.el.label(
        label,
        *([rx.el.span("*", class_name="needed", custom_attrs={"aria-hidden": "true"})] if required else []),
        class_name="field-label",
        html_for=spot,
    )

    def frame(control: rx.Component) -> rx.Component:
        below = (
            [rx.el.div(help_text, class_name="field-help", custom_attrs={"id": f"{spot}-help"})]
            if help_text is not None
            else []
        )
        if error is not None:
            below.append(error_line(error, f"{spot}-error"))
        return rx.el.div(name_of, control, *below, class_name=classes("field", wide))

    wide = props.pop("class_name", "")
    props.setdefault("value", "")
    return frame, {"name": name, "class_name": "input", "custom_attrs": marks, **props}


def error_of(errors: Any, name: str) -> rx.vars.StringVar | None:
    """What is wrong with a field, "" for nothing; None for a form that never says so."""
    if errors is None:
        return None
    data = errors._get_all_var_data()
    return Var(_js_expr=f"({errors!s}?.[{name!r}] ?? '')", _var_type=str, _var_data=data).to(str)


def _currency_sign(currency: Any) -> rx.Component:
    return rx.match(
        LiteralVar.create(currency).to(str), ("RUB", "₽"), ("USD", "$"), ("EUR", "€"), ("KZT", "₸"), currency
    )


def choose_labels() -> dict[str, Any]:
    return {"options": t("ui.options"), "nothing": t("ui.nothing_found"), "type": t("ui.type_to_find")}
