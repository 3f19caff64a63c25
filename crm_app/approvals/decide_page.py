"""The page of an approval's link as plain HTML: what is to be approved, and two buttons."""

from __future__ import annotations

from html import escape

from babel.numbers import format_currency

from crm_app.core.i18n import text
from crm_app.core.money import Money
from crm_app.core.plain_page import plain_page
from crm_app.deals.queries.approvals import ApprovalRow
from crm_app.deals.rules import LONGEST_TEXT


def decide_page(row: ApprovalRow, token: str, locale: str, error: str = "") -> str:
    """What is asked, and the form that answers it. error: why the last try was refused."""

    def say(key: str, **params: object) -> str:
        return escape(text(f"approvals.page.{key}", locale, **params))

    amount = (
        ""
        if row.amount is None
        else format_currency(Money(row.amount, row.currency).amount, row.currency, locale=locale)
    )
    told = [(say("client"), row.client_name), (say("amount"), amount), (say("asked_by"), row.asked_by)]
    told += [(say("reason"), row.reason), (say("why"), "; ".join(row.why))]
    lines = "".join(f'<p><span class="soft">{name}:</span> {escape(value)}</p>' for name, value in told if value)
    refusal = f'<p class="field-error" role="alert">{escape(error)}</p>' if error else ""
    return plain_page(
        locale,
        say("title"),
        f"""<h1>{escape(row.title)}</h1>
<p>{say("move", here=row.from_stage, there=row.to_stage)}</p>{lines}
<form method="post" action="/approve" class="form">
<input type="hidden" name="token" value="{escape(token)}"><input type="hidden" name="round" value="{row.round}">
{refusal}<div class="field"><label class="field-label" for="word">{say("word")}</label>
<textarea class="input" id="word" name="word" rows="3" maxlength="{LONGEST_TEXT}"></textarea></div>
<div class="form-buttons">
<button type="submit" name="decision" value="no" class="button button-danger">{say("reject")}</button>
<button type="submit" name="decision" value="yes" class="button button-primary">{say("approve")}</button></div>
</form>""",
    )


def said_page(key: str, locale: str) -> str:
    """What there is to say afterwards: "done_yes", "done_no", or "over" for a link that does not work (any more)."""

    def say(word: str) -> str:
        return escape(text(f"approvals.page.{word}", locale))

    return plain_page(
        locale,
        say(key),
        f'<h1>{say(key)}</h1><p class="soft">{say(f"{key}_hint")}</p>'
        f'<div class="form-buttons"><a class="button button-primary" href="/deals/approvals">{say("enter")}</a></div>',
    )
