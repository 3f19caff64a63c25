"""How a form asks strangers for fields of the company's own: plain HTML, without a script."""

from __future__ import annotations

from html import escape

from crm_app.cards.field_rules import Definition, option_name
from crm_app.cards.field_values import LONGEST_LINE
from crm_app.core.i18n import text
from crm_app.intake.rules import LONGEST_MESSAGE

_TYPES = {"date": "date", "datetime": "datetime-local"}
_KEYBOARDS = {"number": "decimal", "money": "decimal", "link": "url"}


def label_of(field: Definition, locale: str) -> str:
    """What it is called, with the currency of an amount; as HTML."""
    unit = f", {field.currency}" if field.kind == "money" else ""
    return escape(field.name(locale) + unit)


def control_of(field: Definition, value: str, attributes: str, locale: str) -> str:
    """Where it is filled in. value: as it was typed; attributes: of HTML, with a blank before each."""
    if field.kind == "long_text":
        head = f'<textarea name="{field.full}" rows="4" maxlength="{LONGEST_MESSAGE}"{attributes}>'
        return f"{head}\n{escape(value)}</textarea>"
    if field.kind in ("choice", "yes_no"):
        return _select(field, value, attributes, locale)
    if field.kind == "choices":
        return _ticks(field, value, locale)
    keyboard = f' inputmode="{_KEYBOARDS[field.kind]}"' if field.kind in _KEYBOARDS else ""
    kind = _TYPES.get(field.kind, "text")
    return (
        f'<input type="{kind}" name="{field.full}" value="{escape(value)}" maxlength="{LONGEST_LINE}"'
        f"{keyboard}{attributes}>"
    )


def _select(field: Definition, value: str, attributes: str, locale: str) -> str:
    if field.kind == "yes_no":
        options = [("yes", text("cards.yes", locale)), ("no", text("cards.no", locale))]
    else:
        options = _options(field, locale)
    shown = "".join(
        f'<option value="{escape(key)}"{" selected" if key == value else ""}>{escape(name)}</option>'
        for key, name in [("", "—"), *options]
    )
    return f'<select name="{field.full}"{attributes}>{shown}</select>'


def _ticks(field: Definition, value: str, locale: str) -> str:
    """Several may be ticked: their keys come one by one, and are kept in lines."""
    ticked = value.split("\n")
    return "".join(
        f'<label class="tick"><input type="checkbox" name="{field.full}" value="{escape(key)}"'
        f"{' checked' if key in ticked else ''}><span>{escape(name)}</span></label>"
        for key, name in _options(field, locale)
    )


def _options(field: Definition, locale: str) -> list[tuple[str, str]]:
    return [(one["key"], option_name(one, locale)) for one in field.options if not one["is_hidden"]]
