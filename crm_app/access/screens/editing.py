"""What States share whose fields are edited in place: what is refused is told at the field, not in the corner.

    class OneClient(EditsInPlace, Screen):
        @handler("client.change")
        async def field_edited(self, name: str, text: str) -> None:
            with self._edits(name):
                await self._act(change_client, client_id=self.client_id, values={name: text})
                await self._load()

The page hands `refusal` to its fields (ui/inline_edit.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from crm_app.access.screens.base import Screen
from crm_app.core.errors import CrmError
from crm_app.ui.inline_edit import NO_REFUSAL, Refusal


class EditsInPlace(Screen, mixin=True):
    """refusal: why the field that was edited last was not taken."""

    refusal: Refusal = NO_REFUSAL

    @contextmanager
    def _edits(self, field: str) -> Iterator[None]:
        """Show at a field why it was not taken; its former value stands there again."""
        try:
            yield
        except CrmError as refused:
            told = refused.reasons[0] if refused.reasons else refused
            number = self.refusal["number"] + 1
            self.refusal = {"field": field, "text": told.text(self._locale), "number": number}
