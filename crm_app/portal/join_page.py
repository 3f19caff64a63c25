"""The invitation's page as plain HTML: it works before anything of the application is loaded, and without scripts."""

from __future__ import annotations

from html import escape

from crm_app.access.passwords import LONGEST, SHORTEST
from crm_app.core.i18n import text
from crm_app.core.plain_page import plain_page
from crm_app.portal.queries import OpenInvitation


def join_page(invitation: OpenInvitation, token: str, locale: str, error: str = "") -> str:
    """The form in which an invited person chooses a password. error: why the last try was refused."""

    def say(key: str, **params: object) -> str:
        return escape(text(f"portal.join.{key}", locale, **params))

    hint = say("hint", shortest=SHORTEST, login=invitation.login)
    refusal = f'<p class="field-error" role="alert">{escape(error)}</p>' if error else ""
    return plain_page(
        locale,
        say("title"),
        f"""<h1>{say("greeting", name=invitation.name)}</h1>
<p class="soft">{say("welcome", company=invitation.company)}</p>
<form method="post" action="/portal/join" class="form">
<input type="hidden" name="token" value="{escape(token)}">
<input type="text" name="username" value="{escape(invitation.login)}" autocomplete="username" readonly hidden>
{refusal}{_password("password", say("password"), hint)}{_password("repeat", say("repeat"))}
<div class="form-buttons"><button type="submit" class="button button-primary">{say("enter")}</button></div>
</form>""",
    )


def over_page(locale: str) -> str:
    """What a link shows that does not work (any more)."""

    def say(key: str) -> str:
        return escape(text(f"portal.join.{key}", locale))

    return plain_page(
        locale,
        say("over"),
        f'<h1>{say("over")}</h1><p class="soft">{say("over_hint")}</p>'
        f'<div class="form-buttons"><a class="button button-primary" href="/login">{say("enter")}</a></div>',
    )


def _password(name: str, label: str, hint: str = "") -> str:
    described = f' aria-describedby="{name}-help"' if hint else ""
    below = f'<div class="field-help" id="{name}-help">{hint}</div>' if hint else ""
    return (
        f'<div class="field"><label class="field-label" for="{name}">{label}</label>'
        f'<input class="input" type="password" id="{name}" name="{name}" required minlength="{SHORTEST}" '
        f'maxlength="{LONGEST}" autocomplete="new-password"{described}>{below}</div>'
    )
