"""Refusals as programs get them: problem+json (RFC 9457), in the language that was asked for."""

from __future__ import annotations

import json
import logging
import secrets

from sqlalchemy.exc import OperationalError
from starlette.responses import Response

from crm_app.core import i18n
from crm_app.core.errors import BadInput, CrmError, Reason, TooMany

log = logging.getLogger("crm.api")

MEDIA_TYPE = "application/problem+json"
TITLES = {
    401: "api.problem.needs_login",
    403: "api.problem.forbidden",
    404: "api.problem.not_found",
    405: "api.problem.method",
    409: "api.problem.rule",
    413: "api.problem.too_big",
    422: "api.problem.malformed",
    429: "api.problem.too_many",
    500: "api.problem.unexpected",
    503: "api.problem.away",
}


def answer_to(error: Exception, locale: str) -> Response:
    """The answer to a request that ended with an exception."""
    if isinstance(error, CrmError):
        return refusal(error, locale)
    if isinstance(error, RecursionError):
        return refusal(BadInput("api.error.bad_json"), locale)
    return away(locale) if isinstance(error, (OperationalError, TimeoutError)) else broken(error, locale)


def refusal(error: CrmError, locale: str) -> Response:
    """The answer to a request that was refused."""
    headers = {}
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(error.retry_seconds)
    if error.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="Kartoteka"'
    return problem(error.status, error.text(locale), error.reasons, locale, headers)


def wrong_method(allowed: str, locale: str) -> Response:
    """The answer to a method that an address doesn't have."""
    detail = i18n.text("api.error.method", locale, allowed=allowed)
    return problem(405, detail, [Reason("api.error.method", params={"allowed": allowed})], locale, {"Allow": allowed})


def away(locale: str) -> Response:
    """The answer while the database is not there."""
    key = "core.error.database_away"
    return problem(503, i18n.text(key, locale), [Reason(key)], locale, {"Retry-After": "5"})


def broken(error: Exception, locale: str) -> Response:
    """The answer where our own code has failed: the log has the rest under the same number."""
    number = secrets.token_hex(4)
    log.error("request failed, number %s", number, exc_info=error)
    key, params = "core.error.unexpected", {"number": number}
    return problem(500, i18n.text(key, locale, **params), [Reason(key, params=params)], locale, {})


def problem(status: int, detail: str, reasons: list[Reason], locale: str, headers: dict[str, str]) -> Response:
    """One problem, whatever its cause."""
    told = {
        "type": "about:blank",
        "title": i18n.text(TITLES.get(status, TITLES[422]), locale),
        "status": status,
        "detail": detail,
        "reasons": [reason.to_json(locale) for reason in reasons],
    }
    return Response(json.dumps(told, ensure_ascii=False), status, {**headers, "Content-Language": locale}, MEDIA_TYPE)
