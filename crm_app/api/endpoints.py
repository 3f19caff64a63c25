"""An endpoint is an ability with an address: `@endpoints.post("/deals/{deal_id}/move", "deal.move")`.

Its function takes the transaction, then what stands in the path, in the query and, under the name `body`, in the
request's body; it does its work by `tx.do` and `seen`, and gives what the answer says. So an endpoint is one
transaction, which a dry run takes back and which keeps its own answer for whoever asks twice. The door checks
permission and arguments by the signature, and the same signature is what OpenAPI tells.
"""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import Any, TypeVar

import pydantic_core
from pydantic import BaseModel
from sqlalchemy import select

from crm_app.api.forms import as_json
from crm_app.core import fields, once
from crm_app.core.actor import Actor
from crm_app.core.door import Ability, Tx
from crm_app.core.events import Fact
from crm_app.core.files import Kept
from crm_app.core.once import Once

R = TypeVar("R")
F = TypeVar("F", bound=Callable[..., Any])
Shape = dict[str, Any]

_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Answer:
    """What goes back. is_repeated: it was given before, to the same request."""

    status: int
    body: bytes = b""
    is_repeated: bool = False
    media_type: str = "application/json"


@dataclass(frozen=True)
class Content:
    """Bytes that are given as they are, where an endpoint tells of a file and not of facts."""

    body: bytes
    media_type: str


@dataclass(frozen=True)
class Call:
    """How an endpoint is asked this time. is_trial: nothing of it is to stay."""

    is_trial: bool = False
    once: Once | None = None


@dataclass(frozen=True)
class Upload:
    """A file that was sent, kept on disk already. name: as the sender calls it; seen: what was recognised in it."""

    name: str
    kept: Kept
    seen: Any = None


@dataclass(frozen=True)
class Endpoint:
    """One method of one address.

    look: reads an upload before there is a transaction; takes what else was sent too, not yet checked. wait: what an
    answer comes to once the worker has done its part.
    """

    tag: str
    method: str
    path: str
    function: Callable[..., Any]
    permission: str
    status: int
    look: Callable[[Upload, Mapping[str, Any]], Any] | None = None
    wait: Callable[[Actor, Answer], Answer] | None = None
    run: Callable[..., Answer] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "run", self._as_ability())

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    @property
    def name(self) -> str:
        """Unique over the API: OpenAPI's operationId."""
        return self.function.__name__

    @cached_property
    def hints(self) -> dict[str, Any]:
        """Types of the function's arguments, and of its answer under "return"."""
        return typing.get_type_hints(self.function, include_extras=True)

    @cached_property
    def places(self) -> tuple[str, ...]:
        """Names of the arguments that stand in the path."""
        return tuple(_PLACE.findall(self.path))

    @cached_property
    def parameters(self) -> dict[str, inspect.Parameter]:
        """Arguments that stand in the query."""
        taken = {*self.places, "body", "file", "dry_run"}
        named = list(inspect.signature(self.function).parameters.items())[1:]
        return {name: parameter for name, parameter in named if name not in taken}

    @cached_property
    def body(self) -> type[BaseModel] | None:
        """The model of the body, where there is one."""
        return self.hints.get("body")

    @property
    def takes_file(self) -> bool:
        return "file" in self.hints

    @cached_property
    def tries_by_itself(self) -> bool:
        """Whether the function is told of a trial and goes about it itself, where taking it back tells too little."""
        return "dry_run" in self.hints

    def _as_ability(self) -> Callable[..., Answer]:
        """The function as the door knows it: with one more argument, the call."""

        @wraps(self.function)
        def run(tx: Tx, /, call: Call, **arguments: Any) -> Answer:
            known = once.claim(tx, call.once) if call.once else None
            if known is not None:
                return Answer(known.status, known.body, is_repeated=True)
            answer = self._answer(tx, call, self.function(tx, **arguments))
            if call.once:
                once.keep(tx, call.once, answer.status, answer.body)
            return answer

        signature = inspect.signature(self.function)
        extra = inspect.Parameter("call", inspect.Parameter.KEYWORD_ONLY, annotation=Call)
        run.__signature__ = signature.replace(parameters=[*signature.parameters.values(), extra])  # type: ignore[attr-defined]
        run.__annotations__ = {**self.function.__annotations__, "call": Call}
        run.__ability__ = Ability(run, self.permission, self.writes)  # type: ignore[attr-defined]
        return run

    def _answer(self, tx: Tx, call: Call, outcome: Any) -> Answer:
        if call.is_trial and not self.tries_by_itself:
            tx.session.flush()
            shape: Shape = {} if outcome is None else pydantic_core.to_jsonable_python(outcome)
            return Answer(200, as_json({**shape, "dry_run": _would_happen(tx)}))
        if isinstance(outcome, Content):
            return Answer(self.status, outcome.body, media_type=outcome.media_type)
        return Answer(self.status, b"" if outcome is None else as_json(outcome))


class Endpoints:
    """The endpoints of one feature, in the order in which they are documented."""

    def __init__(self) -> None:
        self.all: list[Endpoint] = []

    def get(self, path: str, permission: str) -> Callable[[F], F]:
        return self._add("GET", path, permission, 200)

    def post(
        self,
        path: str,
        permission: str,
        *,
        status: int = 200,
        look: Callable[[Upload, Mapping[str, Any]], Any] | None = None,
        wait: Callable[[Actor, Answer], Answer] | None = None,
    ) -> Callable[[F], F]:
        return self._add("POST", path, permission, status, look, wait)

    def put(
        self, path: str, permission: str, *, look: Callable[[Upload, Mapping[str, Any]], Any] | None = None
    ) -> Callable[[F], F]:
        return self._add("PUT", path, permission, 200, look)

    def patch(self, path: str, permission: str) -> Callable[[F], F]:
        return self._add("PATCH", path, permission, 200)

    def delete(self, path: str, permission: str) -> Callable[[F], F]:
        return self._add("DELETE", path, permission, 204)

    def _add(self, method: str, path: str, permission: str, status: int, *hooks: Any) -> Callable[[F], F]:
        def mark(function: F) -> F:
            self.all.append(Endpoint(path.split("/")[1], method, path, function, permission, status, *hooks))
            return function

        return mark


def seen(tx: Tx, ability: Callable[..., R], /, *args: Any, **kwargs: Any) -> R:
    """What a query gives within an endpoint, without the fields that are hidden from the actor."""
    outcome: R = fields.mask(tx.actor, tx.do(ability, *args, **kwargs))
    return outcome


def _would_happen(tx: Tx) -> Shape:
    """The facts that a trial would have left, and the scenarios that would have run on them."""
    facts = [
        {"name": type(fact).__name__, "card": fact.card, "card_id": fact.card_id, "details": _seen_details(tx, fact)}
        for fact in tx.facts
    ]
    return {"facts": facts, "scenarios": []}


def _seen_details(tx: Tx, fact: Fact) -> Shape:
    """What a fact tells, without fields that are hidden from the actor."""
    hidden = _unseen(tx, fact)
    details = {name: value for name, value in fact.details().items() if name not in hidden}
    if hidden and details.get("changes"):
        details["changes"] = {name: pair for name, pair in details["changes"].items() if name not in hidden}
    return details


def _unseen(tx: Tx, fact: Fact) -> frozenset[str]:
    """What is hidden from the actor where the fact's card stands."""
    column = fields.PLACES.get(fact.card)
    if column is None or fact.card not in tx.actor.hidden_at:
        return tx.actor.hidden.get(fact.card, frozenset())
    with tx.with_bin():
        place = tx.one(select(column).where(column.class_.id == fact.card_id))
    return tx.actor.hidden_in(fact.card, place)
