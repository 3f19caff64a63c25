"""The page behind the link to unsubscribe, as plain HTML: it works in any browser that can show a letter."""

from __future__ import annotations

from html import escape

from crm_app.core.errors import CrmError
from crm_app.core.i18n import text
from crm_app.core.plain_page import plain_page
from crm_app.mailings.queries.suppressions import Subscription


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
    return plain_page(locale, title, f"<h1>{title}</h1>{content}")
