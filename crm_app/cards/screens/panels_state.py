"""The State of what every card has, whatever its kind: comments, files, tags, a star, and what has happened."""

from __future__ import annotations

from crm_app.access.queries import name_employees
from crm_app.access.screens.base import Part, handler
from crm_app.cards.actions.comments import add_comment, remove_comment
from crm_app.cards.actions.files import remove_file
from crm_app.cards.actions.setting_back import may_set_back
from crm_app.cards.actions.tags import set_star, set_tags
from crm_app.cards.field_queries import told_fields
from crm_app.cards.kinds import card_at
from crm_app.cards.queries.every_card import (
    TimelineRow,
    is_starred,
    list_comments,
    list_files,
    list_tags,
    see_timeline,
)
from crm_app.cards.screens.history import Custom, EventLine, custom_in, employees_in, event_line, values_in
from crm_app.cards.screens.lines import CommentLine, FileLine, comment_line, file_line
from crm_app.cards.screens.window import Window
from crm_app.core.actor import LOGGED_IN


class CardPanels(Part):
    """The panels of the card whose page this is. guests_see_files: whether guests see the files that come next."""

    card: str = ""
    card_id: int = 0
    comments: list[CommentLine] = []
    has_older_comments: bool = False
    has_later_comments: bool = False
    comments_sent: int = 0
    files: list[FileLine] = []
    guests_see_files: bool = False
    tags: list[str] = []
    tags_added: int = 0
    is_starred: bool = False
    events: list[EventLine] = []
    has_older_events: bool = False
    has_later_events: bool = False
    may_set_back: bool = False

    _comments_window: Window = Window()
    _events_window: Window = Window()

    @handler(LOGGED_IN)
    async def opened(self) -> None:
        """Fill the panels of the card in the address, and follow what others do to it."""
        self._clear()
        self.card, self.card_id = card_at(self.router.url.path)
        await self._watch({f"{self.card}:{self.card_id}"}, CardPanels.changed)
        await self._load()

    @handler(LOGGED_IN)
    async def changed(self) -> None:
        """Somebody has changed or commented the card."""
        await self._load()

    @handler(LOGGED_IN)
    async def comment_sent(self, fields: dict[str, str]) -> None:
        """Say something: to colleagues alone, unless the box for guests is ticked."""
        is_internal = fields.get("guests") != "true"
        await self._act(add_comment, **self._this, body=fields.get("text", ""), is_internal=is_internal)
        self._comments_window = Window()  # who has said something wants to see it
        self.comments_sent += 1
        await self._load()

    @handler(LOGGED_IN)
    async def comment_removed(self, comment_id: int) -> None:
        """Take one's own comment back."""
        await self._act(remove_comment, comment_id=comment_id)
        await self._load()

    @handler(LOGGED_IN)
    async def older_comments_wanted(self) -> None:
        """Show more of what was said before."""
        self._comments_window = self._comments_window.earlier([row["id"] for row in self.comments])
        await self._load_comments()

    @handler(LOGGED_IN)
    async def later_comments_wanted(self) -> None:
        """Go back towards what was said last."""
        self._comments_window = self._comments_window.later()
        await self._load_comments()

    @handler(LOGGED_IN)
    async def older_events_wanted(self) -> None:
        """Show more of what happened before."""
        self._events_window = self._events_window.earlier([row["id"] for row in self.events])
        await self._load_events()

    @handler(LOGGED_IN)
    async def later_events_wanted(self) -> None:
        """Go back towards what happened last."""
        self._events_window = self._events_window.later()
        await self._load_events()

    @handler(LOGGED_IN)
    async def file_readers_chosen(self, for_guests: bool) -> None:
        """Whether guests see the files that come next."""
        self.guests_see_files = for_guests

    @handler(LOGGED_IN)
    async def file_uploaded(self, file_id: str, name: str) -> None:
        """A file has arrived by its own route."""
        await self._load()

    @handler(LOGGED_IN)
    async def file_removed(self, file_id: int) -> None:
        """Move a file to the bin."""
        await self._act(remove_file, file_id=file_id)
        await self._load()

    @handler(LOGGED_IN)
    async def tag_added(self, fields: dict[str, str]) -> None:
        """Add a tag by its name."""
        name = fields.get("tag", "").strip()
        if name:
            self.tags = await self._act(set_tags, **self._this, names=[*self.tags, name])
            self.tags_added += 1

    @handler(LOGGED_IN)
    async def tag_removed(self, name: str) -> None:
        """Take a tag off."""
        self.tags = await self._act(set_tags, **self._this, names=[tag for tag in self.tags if tag != name])

    @handler(LOGGED_IN)
    async def star_clicked(self) -> None:
        """Put one's star on the card, or take it off."""
        self.is_starred = not self.is_starred
        await self._act(set_star, **self._this, starred=self.is_starred)

    @property
    def _this(self) -> dict[str, str | int]:
        return {"card": self.card, "card_id": self.card_id}

    def _clear(self) -> None:
        self.comments, self.files, self.tags, self.events = [], [], [], []
        self.is_starred = self.guests_see_files = False
        self.has_older_comments = self.has_later_comments = self.has_older_events = self.has_later_events = False
        self._comments_window = self._events_window = Window()

    async def _load(self) -> None:
        this = self._this
        await self._load_comments()
        self.files = [file_line(row) for row in await self._ask(list_files, **this)]
        self.may_set_back = await self._ask(may_set_back, **this)
        self.tags, self.is_starred = await self._ask(list_tags, **this), await self._ask(is_starred, **this)
        await self._load_events()

    async def _load_comments(self) -> None:
        window, reader = self._comments_window, self._actor
        said = await self._ask(list_comments, **self._this, **window.asked)
        self.comments = [comment_line(row, reader) for row in said[: window.size]]
        self.has_older_comments, self.has_later_comments = len(said) > window.size, window.has_later

    async def _load_events(self) -> None:
        window = self._events_window
        happened = await self._ask(see_timeline, **self._this, **window.asked)
        shown = happened[: window.size]
        ids = employees_in(shown)
        names = await self._ask(name_employees, ids=ids) if ids else {}
        custom = await self._custom(shown)
        self.events = [event_line(row, self._locale, names, custom) for row in shown]
        self.has_older_events, self.has_later_events = len(happened) > window.size, window.has_later

    async def _custom(self, rows: list[TimelineRow]) -> Custom | None:
        """What the lines have to know of custom fields, where they tell of any."""
        cards = sorted(custom_in(rows))
        if not cards:
            return None
        fields, names = await self._ask(told_fields, cards=cards, values=values_in(rows))
        return Custom({(field.card, field.full): field for field in fields}, names)
