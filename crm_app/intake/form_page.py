"""The public page of a form, and the HTML of it for other sites: plain, without a script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

from crm_app.cards.field_rules import Definition
from crm_app.core.i18n import LOCALES, text
from crm_app.core.plain_page import plain_page
from crm_app.intake.own_controls import control_of, label_of
from crm_app.intake.queries.forms import LeadFormRow
from crm_app.intake.rules import CONSENT, LONGEST_LINE, LONGEST_MESSAGE, REQUIRED, TRAP
from crm_app.leads.rules import UTM

_KINDS = {"phones": "tel", "emails": "email"}
_COMPLETIONS = {
    "person": "name", "phones": "tel", "emails": "email", "organisation": "organization",
    "position": "organization-title", "city": "address-level2", "site": "url",
}  # fmt: skip


@dataclass(frozen=True)
class Filling:
    """A form as somebody is filling it in. told: what was typed; errors: field → sentence; said: about all of it."""

    stamp: str
    locale: str
    told: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    said: str = ""


def form_page(form: LeadFormRow, filling: Filling) -> str:
    """The form, with what was typed so far and what is wrong with it."""
    heading = escape(form.heading or form.name)
    intro = f'<p class="soft">{_lines(form.intro)}</p>' if form.intro else ""
    said = f'<p class="field-error" role="alert">{escape(filling.said)}</p>' if filling.said else ""
    hidden = [("stamp", filling.stamp), ("lang", filling.locale)]
    hidden += [(name, filling.told[name]) for name in UTM if filling.told.get(name)]
    content = (
        f'<h1>{heading}</h1>{intro}<form method="post" action="/forms/{form.key}" class="form" accept-charset="utf-8">'
        f"{''.join(_hidden(*pair) for pair in hidden)}{said}{_fields(form, filling)}"
        f'<div class="form-buttons">{_button(filling.locale)}</div></form>{_languages(filling)}'
    )
    return plain_page(filling.locale, heading, content)


def thanks_page(form: LeadFormRow, locale: str) -> str:
    """What stands there when it is sent."""
    said = _lines(form.thanks) if form.thanks else _say("thanks", locale)
    heading = escape(form.heading or form.name)
    return plain_page(locale, heading, f'<h1>{heading}</h1><p role="status">{said}</p>')


def closed_page(locale: str) -> str:
    """What stands at an address that is no form's, or not any more."""
    words = escape(text("intake.error.no_form", locale))
    return plain_page(locale, words, f'<h1>{_say("closed", locale)}</h1><p role="alert">{words}</p>')


def frame_html(form: LeadFormRow, origin: str) -> str:
    """HTML that shows the public page within another site."""
    title = escape(form.heading or form.name)
    return f'<iframe src="{origin}/forms/{form.key}" title="{title}" style="border:0;width:100%;height:720px"></iframe>'


def own_html(form: LeadFormRow, origin: str, locale: str) -> str:
    """HTML of the form itself, in one language, to be copied into another site and dressed there."""
    lines = [f'<form method="post" action="{origin}/forms/{form.key}" accept-charset="utf-8">', _hidden("lang", locale)]
    for name, level in form.asks.items():
        needed = " required" if level == REQUIRED else ""
        if own := form.own.get(name):
            lines.append(_plain_own(own, needed, locale))
        else:
            lines.append(f"<p><label>{_label(name, locale)}<br>{_control(name, '', needed)}</label></p>")
    lines.append(f'<p style="position:absolute;left:-9999px" aria-hidden="true">{_trap()}</p>')
    if form.consent:
        lines.append(f"<p><label>{_consent_box('')} {_consent_words(form, locale)}</label></p>")
    return "\n".join([*lines, f'<p><button type="submit">{_say("send", locale)}</button></p>', "</form>"])


def _plain_own(field: Definition, needed: str, locale: str) -> str:
    control = control_of(field, "", needed, locale)
    if field.kind == "choices":
        return f"<fieldset><legend>{label_of(field, locale)}</legend>{control}</fieldset>"
    return f"<p><label>{label_of(field, locale)}<br>{control}</label></p>"


def _fields(form: LeadFormRow, filling: Filling) -> str:
    fields = "".join(_field(name, level, filling, form.own.get(name)) for name, level in form.asks.items())
    trap = f'<div class="unseen-trap" aria-hidden="true" style="position:absolute;left:-9999px">{_trap()}</div>'
    return fields + trap + (_consent(form, filling) if form.consent else "")


def _field(name: str, level: str, filling: Filling, own: Definition | None) -> str:
    error = filling.errors.get(name, "")
    marks = f' id="f-{name}" class="input" aria-describedby="f-{name}-error"' + (
        ' aria-invalid="true"' if error else ""
    )
    star = '<span class="needed" aria-hidden="true">*</span>' if level == REQUIRED else ""
    needed = " required" if level == REQUIRED else ""
    typed = filling.told.get(name, "")
    if own is None:
        label, control, help_ = _label(name, filling.locale), _control(name, typed, marks + needed), ""
    else:
        label, control = label_of(own, filling.locale), control_of(own, typed, marks + needed, filling.locale)
        help_ = f'<div class="field-help">{escape(own.help(filling.locale))}</div>' if own.help(filling.locale) else ""
    if own is not None and own.kind == "choices":
        return (
            f'<fieldset class="field" aria-describedby="f-{name}-error"><legend class="field-label">{label}{star}'
            f"</legend>{control}{help_}{_wrong(name, error)}</fieldset>"
        )
    return (
        f'<div class="field"><label class="field-label" for="f-{name}">{label}{star}</label>'
        f"{control}{help_}{_wrong(name, error)}</div>"
    )


def _wrong(name: str, error: str) -> str:
    return f'<div class="field-error" id="f-{name}-error" role="alert">{escape(error)}</div>'


def _control(name: str, value: str, attributes: str) -> str:
    if name == "interest":
        return (
            f'<textarea name="{name}" rows="4" maxlength="{LONGEST_MESSAGE}"{attributes}>\n{escape(value)}</textarea>'
        )
    completion = f' autocomplete="{_COMPLETIONS[name]}"'
    return (
        f'<input type="{_KINDS.get(name, "text")}" name="{name}" value="{escape(value)}" maxlength="{LONGEST_LINE}"'
        f"{completion}{attributes}>"
    )


def _trap() -> str:
    return f'<label>Homepage <input type="text" name="{TRAP}" tabindex="-1" autocomplete="off"></label>'


def _consent(form: LeadFormRow, filling: Filling) -> str:
    error = filling.errors.get(CONSENT, "")
    ticked = " checked" if filling.told.get(CONSENT) == "yes" else ""
    box = _consent_box(f' id="f-{CONSENT}" aria-describedby="f-{CONSENT}-error"{ticked}')
    words = f"<span>{_consent_words(form, filling.locale)}</span>"
    return f'<div class="field"><label class="tick">{box}{words}</label>{_wrong(CONSENT, error)}</div>'


def _consent_box(attributes: str) -> str:
    return f'<input type="checkbox" name="{CONSENT}" value="yes" required{attributes}>'


def _consent_words(form: LeadFormRow, locale: str) -> str:
    if not form.consent_url:
        return escape(form.consent)
    more = f'<a class="text-link" href="{escape(form.consent_url)}" target="_blank" rel="noopener noreferrer">'
    return f"{escape(form.consent)} {more}{_say('consent_more', locale)}</a>"


def _languages(filling: Filling) -> str:
    """A way to the same page in the other language, which keeps the marks of the advertisement."""
    marks = "".join(f"{_hidden(name, filling.told[name])}" for name in UTM if filling.told.get(name))
    buttons = "".join(
        f'<button type="submit" name="lang" value="{each}" lang="{each}">{escape(text(f"ui.language.{each}", each))}'
        "</button>"
        for each in LOCALES
        if each != filling.locale
    )
    return f'<form method="get" class="bare-foot">{marks}{buttons}</form>'


def _label(name: str, locale: str) -> str:
    return _say(f"ask.{name}", locale)


def _button(locale: str) -> str:
    return f'<button type="submit" class="button button-primary">{_say("send", locale)}</button>'


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{escape(value)}">'


def _lines(words: str) -> str:
    return "<br>".join(escape(line) for line in words.splitlines())


def _say(key: str, locale: str) -> str:
    return escape(text(f"intake.form.{key}", locale))
