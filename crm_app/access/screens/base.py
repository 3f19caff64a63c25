"""What every screen's State is made from: `Screen`, and `handler`, which marks what a browser may call.

    class BoardState(Screen):
        \"\"\"One board as one person sees it.\"\"\"

        columns: list[Column] = []

        @handler("deal.see")
        async def opened(self):
            await self._watch({"board:1"}, BoardState.changed)
            self.columns = to_columns(await self._ask(see_board, pipeline_id=1))

A State remembers one screen and nothing more: rules and permissions are behind the door.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
import logging
import secrets
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import reflex as rx

from crm_app.access.queries import list_employees
from crm_app.access.screens import health
from crm_app.core import door
from crm_app.core.actor import NOBODY, Actor
from crm_app.core.db import FAILURES
from crm_app.core.errors import CrmError, Forbidden, NotFound
from crm_app.core.i18n import text
from crm_app.core.turns import in_turn
from crm_app.ui.field import Option
from crm_app.ui.live import watchers
from crm_app.ui.reflex_internals import function_of, name_of

log = logging.getLogger("crm.screens")

current_actor: ContextVar[Actor] = ContextVar("current_actor", default=NOBODY)
"""Who sent the event that is being handled; set by the guard."""


@dataclass(frozen=True)
class Page:
    """A page of a feature. opened: the handler, or several, that fill it."""

    route: str
    component: Callable[[], rx.Component]
    opened: Any = None
    title: str = "ui.brand"
    is_public: bool = False


def handler(permission: str, **options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Mark a method of a Screen as callable by whoever holds the permission: an unmarked one is refused to everybody.

    A refusal of the door goes to `_refused`, which shows it; options are those of `rx.event`.
    """

    def mark(function: Callable[..., Any]) -> Any:
        run = _stream(function) if inspect.isasyncgenfunction(function) else _call(function)
        functools.update_wrapper(run, function)
        run.__crm_permission__ = permission
        return rx.event(run, **options)

    return mark


def opens_a_page(event: Any) -> None:
    """Tell that a handler fills a page: where it is refused, the frame stands in for the page."""
    function_of(name_of(event)).__crm_opens_a_page__ = True


def is_page_opener(function: Any) -> bool:
    return getattr(function, "__crm_opens_a_page__", False)


def allow_all(state: type[rx.State], permission: str) -> None:
    """Mark every handler that a State of the ui kit defines: the kit itself knows no permissions."""
    for name, event in state.event_handlers.items():
        if name in vars(state) and name != "setvar":
            event.fn.__crm_permission__ = permission


def _call(function: Callable[..., Any]) -> Callable[..., Any]:
    async def run(self: Screen, *args: Any, **kwargs: Any) -> Any:
        try:
            await self._prepare_page(run)
            return await function(self, *args, **kwargs)
        except Exception as error:
            return await self._went_wrong(error, run)

    return run


def _stream(function: Callable[..., Any]) -> Callable[..., Any]:
    async def run(self: Screen, *args: Any, **kwargs: Any) -> Any:
        try:
            await self._prepare_page(run)
            async for update in function(self, *args, **kwargs):
                yield update
        except Exception as error:
            yield await self._went_wrong(error, run)

    return run


class Screen(rx.State):
    """The base of every screen's State: no vars and no handlers of its own, so that it weighs nothing."""

    @property
    def _actor(self) -> Actor:
        return current_actor.get()

    @property
    def _locale(self) -> str:
        """The language in which the server speaks to this person."""
        return self._actor.locale

    @property
    def _number_in_address(self) -> int:
        """The id at the end of the page's address, 0 where there is none."""
        return number_in(self.router.url.path.rstrip("/").rpartition("/")[2])

    async def _ask(self, question: Callable[..., Any], **arguments: Any) -> Any:
        """Run a query as the current actor, in a thread, when it is its turn."""
        return await in_turn(door.perform, self._actor, question, **arguments)

    async def _act(self, action: Callable[..., Any], **arguments: Any) -> Any:
        """Run an action as the current actor, in a thread."""
        return await asyncio.to_thread(door.perform, self._actor, action, **arguments)

    async def _choose_from_employees(self) -> list[Option]:
        """Everybody who works here, to choose from."""
        people = await self._ask(list_employees)
        return [{"id": str(row.id), "label": row.name, "hint": row.department} for row in people]

    def _by_field(self, error: CrmError) -> dict[str, str]:
        """The sentences of a refusal by the fields that they are about."""
        return {reason.field: reason.text(self._locale) for reason in error.reasons if reason.field}

    async def _watch(self, topics: set[str], changed: Any) -> None:
        """Have a handler of this State called after each commit that touches one of the topics."""
        watchers.watch(self.router.session.client_token, name_of(changed), topics)

    def _heard(self, changed: Any) -> set[str]:
        """Which of the topics that this handler watches were touched since it last asked."""
        return watchers.heard(self.router.session.client_token, name_of(changed))

    async def _toast(
        self, key: str, level: str = "good", undo: Undo | None = None, way: Way | None = None, **params: Any
    ) -> None:
        """Show a sentence in the corner; undo: what its button takes back; way: where its link leads."""
        await self._show(text(key, self._locale, **params), level, undo, way)

    async def _show(self, sentence: str, level: str, undo: Undo | None = None, way: Way | None = None) -> None:
        from crm_app.access.screens.frame_state import Frame

        frame = await self.get_state(Frame)
        frame._add_notice(sentence, level, undo, text("ui.undo", self._locale), way)

    async def _prepare_page(self, run: Any) -> None:
        if is_page_opener(run):
            await self._show_page(True)

    async def _show_page(self, is_there: bool) -> None:
        """Show the page, or have the frame say that the address names nothing which this person may see."""
        from crm_app.access.screens.frame_state import Frame

        frame = await self.get_state(Frame)
        if frame.is_missing is is_there:
            frame.is_missing = not is_there

    async def _refused(self, error: CrmError) -> Any:
        """What the door would not do. A screen that has shown it already overrides this to take it back."""
        await self._show(error.text(self._locale), "bad")

    async def _went_wrong(self, error: Exception, run: Any) -> Any:
        if isinstance(error, (NotFound, Forbidden)) and is_page_opener(run):
            return await self._show_page(False)
        if isinstance(error, CrmError):
            return await self._refused(error)
        if isinstance(error, FAILURES):
            health.database_failed()
            if run.__name__ == "opened":
                await self._open_later()
                return await self._failed(error)
        number = secrets.token_hex(3)
        log.error("%s: %s failed", number, type(self).__name__, exc_info=error)
        key = "core.error.database_away" if isinstance(error, FAILURES) else "core.error.unexpected"
        await self._show(text(key, self._locale, number=number), "bad")
        return await self._failed(error)

    async def _open_later(self) -> None:
        """The database was away as the page was opened: it is opened when the database is back."""
        from crm_app.access.screens.frame_state import Frame

        (await self.get_state(Frame))._open_later_too(f"{self.get_full_name()}.opened")

    async def _failed(self, error: Exception) -> Any:
        """What to take back on the screen after a failure that is no refusal; the notice has been shown."""
        return None


class Part(Screen):
    """The base of a part of a page: that there is no such card, the page's own State has told already."""

    async def _refused(self, error: CrmError) -> Any:
        if not isinstance(error, NotFound):
            await super()._refused(error)


class FillsItself(Part, mixin=True):
    """A part that is filled after the page around it, see ui/panels.py. filled_at: the address of the page it was for:
    on another one it is not shown, since it would tell of the card that one has left.
    """

    filled_at: str = ""

    def _is_filled(self) -> None:
        """What it shows is of the card whose page this is: said at the end of `opened`."""
        self.filled_at = self.router.url.path


@dataclass(frozen=True)
class Undo:
    """What a toast's button takes back: an action and its arguments."""

    action: Callable[..., Any]
    arguments: dict[str, Any]


@dataclass(frozen=True)
class Way:
    """Where a toast's link leads, and its word."""

    href: str
    word: str


def number_in(text: object) -> int:
    """An id as an address or a field of a form brings it, 0 for anything else: "²" is a digit too, but no number."""
    digits = str(text)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0
