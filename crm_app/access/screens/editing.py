"""What States share whose fields are edited in place: what becomes of a value is told at its field, not in the corner.

    class OneClient(EditsInPlace, Screen):
        @handler("client.change")
        async def field_edited(self, name: str, text: str, seen: str) -> None:
            await self._give(name, text, seen)

        async def _stands(self, name: str) -> Standing: …     # fills the page anew, too
        async def _put(self, name: str, text: str, version: Any) -> None: …

The page hands `verdicts` to its fields (ui/inline_edit.py). The browser tells with each value what stood in the field
when the person began: where that has changed since, nothing is written, and the person chooses.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from crm_app.access.screens.base import Screen
from crm_app.core.errors import CrmError, RuleBroken
from crm_app.ui.inline_edit import FieldVerdict

CONFLICT = "core.error.conflict"
TRIES = 3


@dataclass(frozen=True)
class Standing:
    """What stands in one field of one card, as it is typed. version: of the card; shown: where it can't be read."""

    value: str
    version: Any = None
    shown: str = ""


async def put_unless_changed(
    stands: Callable[[], Awaitable[Standing]], put: Callable[[Any], Awaitable[None]], value: str, seen: str
) -> Standing | None:
    """Write a value, unless somebody else has changed the field since: then gives what stands there, unchanged.

    put: takes the version that was read with what stands there. seen: what the person saw as they began.
    """
    for _ in range(TRIES):
        held = await stands()
        if held.value not in (seen, value):
            return held
        if held.value == value:
            return None
        try:
            await put(held.version)
        except RuleBroken as refused:
            if refused.key != CONFLICT:
                raise
            continue  # another field of the card was changed this very moment: it is looked at anew
        return None
    raise RuleBroken(CONFLICT)


async def put_last(stands: Callable[[], Awaitable[Standing]], put: Callable[[Standing], Awaitable[None]]) -> None:
    """Write what is made of what stands there; where the card is changed this very moment, it is made anew."""
    for _ in range(TRIES):
        try:
            await put(await stands())
        except RuleBroken as refused:
            if refused.key != CONFLICT:
                raise
        else:
            return
    raise RuleBroken(CONFLICT)


class EditsInPlace(Screen, mixin=True):
    """verdicts: by field, what became of the value that was given last."""

    verdicts: dict[str, FieldVerdict] = {}

    async def _stands(self, name: str) -> Standing:
        """What stands in a field now; the page shows it too."""
        raise NotImplementedError

    async def _put(self, name: str, text: str, version: Any) -> None:
        """Give a field another value."""
        raise NotImplementedError

    async def _give(self, name: str, text: str, seen: str) -> None:
        """Write what was typed, or tell at the field why not, or what another wrote there meanwhile."""
        with self._edits(name):
            theirs = await put_unless_changed(partial(self._stands, name), partial(self._put, name, text), text, seen)
            if theirs is None:
                self._tell(name, "saved", value=(await self._stands(name)).value)
            else:
                self._tell(name, "conflict", value=theirs.value, shown=theirs.shown)

    @contextmanager
    def _edits(self, field: str) -> Iterator[None]:
        """Show at a field why it was not taken; its former value stands there again."""
        before = self._number_of(field)
        try:
            yield
        except CrmError as refused:
            told = refused.reasons[0] if refused.reasons else refused
            self._tell(field, "refused", text=told.text(self._locale))
        else:
            if self._number_of(field) == before:
                self._tell(field, "saved")

    def _tell(self, field: str, state: str, *, text: str = "", value: str = "", shown: str = "") -> None:
        number = self._number_of(field) + 1
        verdict: FieldVerdict = {"state": state, "text": text, "value": value, "shown": shown, "number": number}
        self.verdicts = {**self.verdicts, field: verdict}

    def _number_of(self, field: str) -> int:
        return self.verdicts[field]["number"] if field in self.verdicts else 0
