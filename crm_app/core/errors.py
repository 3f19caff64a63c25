"""What can go wrong by a person's hand: each error is a sentence for the person and reasons for a program."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from crm_app.core import i18n


@dataclass(frozen=True)
class Reason:
    """One cause of a refusal. code: stable, for programs; field: name of the field it is about, or ""."""

    code: str
    field: str = ""
    params: dict[str, Any] = dataclasses.field(default_factory=dict)
    key: str = ""

    def text(self, locale: str = "") -> str:
        return i18n.text(self.key or self.code, locale, **self.params)

    def to_json(self, locale: str = "") -> dict[str, Any]:
        return {"code": self.code.rsplit(".", 1)[-1], "field": self.field, "text": self.text(locale)}


class CrmError(Exception):
    """A refusal that the person can act on.

    key: a key of the dictionaries; the params fill its {placeholders}. reasons: each cause, for programs and forms;
    left out, the error itself is the one reason.
    """

    status = 400

    def __init__(self, key: str, *, field: str = "", reasons: list[Reason] | None = None, **params: Any) -> None:
        super().__init__(key)
        self.key = key
        self.field = field
        self.params = params
        self.reasons = reasons if reasons is not None else [Reason(key, field, params)]

    def text(self, locale: str = "") -> str:
        return i18n.text(self.key, locale, **self.params)

    def __str__(self) -> str:
        return self.text()


class BadInput(CrmError):
    """What was sent can't be understood: a wrong type, an empty name, a broken file."""

    status = 422


class TooBig(BadInput):
    status = 413


class NeedsLogin(CrmError):
    status = 401

    def __init__(self, key: str = "core.error.needs_login", **params: Any) -> None:
        super().__init__(key, **params)


class Forbidden(CrmError):
    """The person must not do this at all."""

    status = 403

    def __init__(self, key: str = "core.error.forbidden", **params: Any) -> None:
        super().__init__(key, **params)


class NotFound(CrmError):
    """No such row, or none that this person may see: the two can't be told apart."""

    status = 404

    def __init__(self, key: str = "core.error.not_found", **params: Any) -> None:
        super().__init__(key, **params)


class RuleBroken(CrmError):
    """Understood and permitted, yet a rule of the business says no."""

    status = 409


class TooMany(CrmError):
    """Asked too often. retry_seconds: when it may be tried again."""

    status = 429

    def __init__(self, key: str = "core.error.too_many", *, retry_seconds: int = 60, **params: Any) -> None:
        super().__init__(key, seconds=retry_seconds, **params)
        self.retry_seconds = retry_seconds
