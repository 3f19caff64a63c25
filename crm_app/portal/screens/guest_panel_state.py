"""The State of the panel "Guest access" on a person's card."""

from __future__ import annotations

import asyncio

from crm_app.access.passwords import hash_password
from crm_app.access.screens.base import FillsItself, Part, handler
from crm_app.core.actor import LOGGED_IN
from crm_app.core.clock import iso
from crm_app.core.errors import CrmError
from crm_app.portal.actions.access import invite_guest, revoke_guest, set_guest_password
from crm_app.portal.invitation_letter import link_of
from crm_app.portal.queries import GuestAccess, see_guest_access


class GuestPanel(FillsItself, Part):
    """Whether the person of a card has a way in. link: shown once, right after it was made."""

    access: str = "none"
    login: str = ""
    invited_by: str = ""
    invited_until: str = ""
    is_person: bool = False
    may_manage: bool = False
    link: str = ""
    letter_to: str = ""
    letter_outcome: str = ""
    letter_answer: str = ""
    errors: dict[str, str] = {}
    saves: int = 0

    _card_id: int = 0

    @handler(LOGGED_IN)
    async def opened(self) -> None:
        """Show the access of the person whose page this is."""
        self._card_id = self._number_in_address
        self.is_person, self.may_manage, self.link, self.errors = False, False, "", {}
        await self._watch({f"client:{self._card_id}"}, GuestPanel.changed)
        await self._load()
        self._is_filled()

    @handler(LOGGED_IN)
    async def changed(self) -> None:
        """The card, or the access, was changed."""
        await self._load()

    @handler("guest.manage")
    async def link_wanted(self, fields: dict[str, str]) -> None:
        """Invite by a link, and show it for copying."""
        self.errors = {}
        invited = await self._act(invite_guest, card_id=self._card_id, login=fields.get("login", ""))
        self.link = link_of(invited.token)
        self.saves += 1
        await self._load()

    @handler("guest.manage")
    async def password_set(self, fields: dict[str, str]) -> None:
        """Give a login and a password; nobody can read it afterwards."""
        self.errors = {}
        password_hash = await asyncio.to_thread(hash_password, fields.get("password", ""))
        login = fields.get("login", "")
        await self._act(set_guest_password, card_id=self._card_id, login=login, password_hash=password_hash)
        self.link = ""
        self.saves += 1
        await self._toast("portal.password_is_set")
        await self._load()

    @handler("guest.manage")
    async def access_taken(self) -> None:
        """Take the access away: the guest is logged out at once."""
        await self._act(revoke_guest, card_id=self._card_id)
        self.link = ""
        self.saves += 1
        await self._toast("portal.access_is_taken")
        await self._load()

    async def _load(self) -> None:
        seen: GuestAccess = await self._ask(see_guest_access, card_id=self._card_id)
        self.access, self.login, self.invited_by = seen.state, seen.login, seen.invited_by
        self.invited_until = iso(seen.invited_until)
        self.is_person, self.may_manage = seen.is_person, seen.may_manage
        self.letter_to, self.letter_outcome, self.letter_answer = (
            seen.letter_to,
            seen.letter_outcome,
            seen.letter_answer,
        )

    async def _refused(self, error: CrmError) -> None:
        self.errors = self._by_field(error)
        if not self.errors:
            await super()._refused(error)
