"""The page behind the link to unsubscribe, as plain HTML: it works in any browser that can show a letter."""

from __future__ import annotations

from html import escape

from crm_app.core.errors import CrmError
from crm_app.core.i18n import text
from crm_app.mailings.queries.suppressions import Subscription

_SHEETS = "".join(
    f'<link rel="stylesheet" href="/style/{name}.css">' for name in ("tokens", "base", "controls", "frame", "parts")
)


def ask_page(found: Subscription, locale: str) -> str:
    """Whose letters would end, and the button that ends them."""
    question = _say("ask" if found.address else "ask_test", locale, company=found.company, address=found.address)
    button = f'<button type="submit" class="button button-primary">{_say("button", locale)}</button>'
    return _document(
        locale,
        _say("title", locale),
        f'<p>{question}</p><form method="post" class="form"><div class="form-buttons">{button}</div></form>',
    )


def done_page(found: Subscription, locale: str) -> str:
    """What stands there once it is done, however often it was asked for."""
    done = _say("done" if found.address else "done_test", locale, company=found.company, address=found.address)
    return _document(locale, _say("done_title", locale), f'<p role="status">{done}</p>')


def unknown_page(error: CrmError, locale: str) -> str:
    return _document(locale, _say("title", locale), f'<p role="alert">{escape(error.text(locale))}</p>')


def _say(key: str, locale: str, **params: str) -> str:
    return escape(text(f"mailings.unsubscribe.{key}", locale, **params))


def _document(locale: str, title: str, content: str) -> str:
    return (
        f'<!DOCTYPE html><html lang="{escape(locale)}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">{_SHEETS}</head>'
        f'<body><div class="bare-frame"><main class="bare bare-narrow">'
        f'<div class="panel bare-panel"><h1>{title}</h1>{content}</div></main></div></body></html>'
    )
