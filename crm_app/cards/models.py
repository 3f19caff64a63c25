"""What every card has: phones and addresses, comments, tags, stars, files, groups, what is shared with guests, fields
of the company's own; notifications, the filters of lists, and changes of many cards at once.

A card is named by its kind and id: ("client", 7), ("deal", 12), ("task", 3).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from crm_app.cards.bulk_rules import AT_WORK
from crm_app.core.db import Json, Moment, Sorted


class CardPhone(SQLModel, table=True):
    """A telephone number on a card, in E.164. extension: dialled after the answer; position: 0 is the main one."""

    __tablename__ = "card_phone"
    __table_args__ = (Index("ix_card_phone_number", "number", "card", "card_id"),)

    card: str = Field(primary_key=True)
    card_id: int = Field(primary_key=True)
    number: str = Field(primary_key=True)
    extension: str = ""
    position: int = 0


class CardEmail(SQLModel, table=True):
    """An e-mail address on a card, in small letters. position: 0 is the one to write to."""

    __tablename__ = "card_email"
    __table_args__ = (Index("ix_card_email_address", "address", "card", "card_id"),)

    card: str = Field(primary_key=True)
    card_id: int = Field(primary_key=True)
    address: str = Field(primary_key=True)
    position: int = 0


class Comment(SQLModel, table=True):
    """Something said on a card. An internal one is for employees alone."""

    __tablename__ = "comment"
    __table_args__ = (
        Index("ix_comment_card", "card", "card_id", "id"),
        Index("ix_comment_created", "card", "created_at", "card_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    card: str
    card_id: int
    author_kind: str
    author_id: int
    author_name: str
    body: str
    is_internal: bool = True
    created_at: datetime = Field(sa_type=Moment)
    deleted_at: datetime | None = Field(default=None, sa_type=Moment)


class Tag(SQLModel, table=True):
    """A word on cards: everyone's, or its owner's alone. key: the name folded."""

    __tablename__ = "tag"
    __table_args__ = (UniqueConstraint("key", "owner_id"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str
    key: str
    owner_id: int = Field(default=0, index=True)  # 0: everyone's


class Tagging(SQLModel, table=True):
    """A tag on a card."""

    __tablename__ = "tagging"
    __table_args__ = (Index("ix_tagging_tag", "tag_id", "card", "card_id"),)

    card: str = Field(primary_key=True)
    card_id: int = Field(primary_key=True)
    tag_id: int = Field(primary_key=True, foreign_key="tag.id", ondelete="CASCADE")


class Group(SQLModel, table=True):
    """A named set of cards of one kind, put together by hand: everyone's or its owner's alone. key: the name folded."""

    __tablename__ = "card_group"
    __table_args__ = (Index("ix_card_group_card", "card", "owner_id", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    card: str
    name: str
    key: str
    owner_id: int = 0  # 0: everyone's
    created_at: datetime = Field(sa_type=Moment)
    deleted_at: datetime | None = Field(default=None, sa_type=Moment)


class GroupMember(SQLModel, table=True):
    """A card in a group."""

    __tablename__ = "group_member"
    __table_args__ = (Index("ix_group_member_card", "card", "card_id", "group_id"),)

    group_id: int = Field(primary_key=True, foreign_key="card_group.id", ondelete="CASCADE")
    card_id: int = Field(primary_key=True)
    card: str


class SavedFilter(SQLModel, table=True):
    """A named filter of the lists of one kind of card: everyone's, or its owner's alone.

    preset: the key of the preset that it came from, "" for one that somebody made; its name is the preset's, in the
    reader's language, while `name` is empty. rank: its place among those of the same owner, see core/ranks.py.
    """

    __tablename__ = "saved_filter"
    __table_args__ = (Index("ix_saved_filter_card", "card", "owner_id", "rank"),)

    id: int | None = Field(default=None, primary_key=True)
    card: str
    name: str = ""
    preset: str = ""
    conditions: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    owner_id: int = 0  # 0: everyone's
    rank: str = Field(sa_type=Sorted)
    created_at: datetime = Field(sa_type=Moment)
    deleted_at: datetime | None = Field(default=None, sa_type=Moment)


class ListLayout(SQLModel, table=True):
    """The columns that an employee has chosen for lists of a kind of card: [{"key", "width"}], see columns.py."""

    __tablename__ = "list_layout"

    employee_id: int = Field(primary_key=True, foreign_key="employee.id", ondelete="CASCADE")
    card: str = Field(primary_key=True)
    columns: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)


class Favourite(SQLModel, table=True):
    """An employee's star on a card."""

    __tablename__ = "favourite"
    __table_args__ = (Index("ix_favourite_card", "card", "card_id"),)

    employee_id: int = Field(primary_key=True, foreign_key="employee.id", ondelete="CASCADE")
    card: str = Field(primary_key=True)
    card_id: int = Field(primary_key=True)


class Follower(SQLModel, table=True):
    """An employee who is told of what happens to a card."""

    __tablename__ = "follower"

    card: str = Field(primary_key=True)
    card_id: int = Field(primary_key=True)
    employee_id: int = Field(primary_key=True, foreign_key="employee.id", ondelete="CASCADE")


class StoredFile(SQLModel, table=True):
    """A file on a card. place: its random name on disk; digest: SHA-256 of its content."""

    __tablename__ = "stored_file"
    __table_args__ = (
        Index("ix_stored_file_card", "card", "card_id", "id"),
        Index("ix_stored_file_author", "author_kind", "author_id", "created_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    card: str
    card_id: int
    name: str
    size: int
    media_type: str
    place: str = Field(unique=True)
    digest: str
    author_kind: str
    author_id: int
    author_name: str
    is_internal: bool = True
    created_at: datetime = Field(sa_type=Moment)
    deleted_at: datetime | None = Field(default=None, sa_type=Moment)


class CardPicture(SQLModel, table=True):
    """A picture that a card has or had: kept as long as the card, so that it can be set back.

    digest: of its content, which the card's own column `picture` names; place, small_place: where the bytes of the two
    sizes are.
    """

    __tablename__ = "card_picture"
    __table_args__ = (Index("ix_card_picture_card", "card", "card_id"),)

    id: int | None = Field(default=None, primary_key=True)
    card: str
    card_id: int
    digest: str = Field(index=True)
    place: str = Field(unique=True)
    small_place: str = Field(unique=True)
    created_at: datetime = Field(sa_type=Moment)


class Share(SQLModel, table=True):
    """A card that a guest sees."""

    __tablename__ = "share"
    __table_args__ = (Index("ix_share_card", "card", "card_id"),)

    guest_id: int = Field(primary_key=True, foreign_key="guest.id", ondelete="CASCADE")
    card: str = Field(primary_key=True)
    card_id: int = Field(primary_key=True)
    shared_by_id: int
    shared_at: datetime = Field(sa_type=Moment)


class LinkKind(SQLModel, table=True):
    """What a link between two cards can say, in both directions' words: the linked card is a branch, this one its head
    office. back_ru, back_en: "" where both are called the same.

    removed_at: not offered any more, the links that say it stay.
    """

    __tablename__ = "link_kind"

    id: int | None = Field(default=None, primary_key=True)
    forth_ru: str = ""
    forth_en: str = ""
    back_ru: str = ""
    back_en: str = ""
    created_at: datetime = Field(sa_type=Moment)
    removed_at: datetime | None = Field(default=None, sa_type=Moment)


class CardLink(SQLModel, table=True):
    """A link between two cards. one, other: their kinds; kind_id: what it says of the other one, None for nothing.

    After a merge a link may join a card with itself, or stand there twice: it is not shown then, and a split finds it.
    """

    __tablename__ = "card_link"
    __table_args__ = (
        Index("ix_card_link_one", "one", "one_id", "id"),
        Index("ix_card_link_other", "other", "other_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    one: str
    one_id: int
    other: str
    other_id: int
    kind_id: int | None = Field(default=None, foreign_key="link_kind.id")
    note: str = ""
    created_at: datetime = Field(sa_type=Moment)


class CardMerge(SQLModel, table=True):
    """Two cards of a kind that were made one. absorbed_id: the card in the bin, for which the other one answers now.

    absorbed_name: what it was called. until: by when it can be split again. snapshot: what the merge has moved and
    changed, see duplicates/snapshots.py; None once that is forgotten.
    """

    __tablename__ = "card_merge"
    __table_args__ = (
        Index("ix_card_merge_absorbed", "card", "absorbed_id"),
        Index("ix_card_merge_kept", "card", "kept_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    card: str
    kept_id: int
    absorbed_id: int
    absorbed_name: str
    merged_by_id: int
    merged_at: datetime = Field(sa_type=Moment)
    until: datetime = Field(sa_type=Moment)
    split_at: datetime | None = Field(default=None, sa_type=Moment)
    snapshot: dict[str, Any] | None = Field(default=None, sa_type=Json)


class Notification(SQLModel, table=True):
    """Something that an employee should know. key, params: its sentence; card, card_id: where it leads."""

    __tablename__ = "notification"
    __table_args__ = (Index("ix_notification_employee", "employee_id", "read_at", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    employee_id: int = Field(foreign_key="employee.id", ondelete="CASCADE")
    key: str
    params: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    card: str = ""
    card_id: int = 0
    created_at: datetime = Field(sa_type=Moment)
    read_at: datetime | None = Field(default=None, sa_type=Moment)


class CustomField(SQLModel, table=True):
    """A field that the company has given to all cards of a kind. Its values lie in the cards' `fields`, under its key.

    key: made of the name once, and never changed. options: [{"key", "ru", "en", "is_hidden"}], of a choice. currency:
    of money. pipelines: of deals, empty for all. required: "never", "creation" or "stage", then of `stages`. default: a
    value as it is stored, None for none. removed_at: not asked any more, its values stay.
    """

    __tablename__ = "custom_field"
    __table_args__ = (UniqueConstraint("card", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    card: str
    key: str
    kind: str
    name_ru: str = ""
    name_en: str = ""
    help_ru: str = ""
    help_en: str = ""
    options: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    currency: str = ""
    formula: str = ""
    pipelines: list[int] = Field(default_factory=list, sa_type=Json)
    required: str = "never"
    stages: list[int] = Field(default_factory=list, sa_type=Json)
    default: Any = Field(default=None, sa_type=Json)
    position: int = 0
    created_at: datetime = Field(sa_type=Moment)
    removed_at: datetime | None = Field(default=None, sa_type=Moment)


class BulkChange(SQLModel, table=True):
    """One change of many cards of a kind, done or taken back a batch at a time: docs/decisions/0080.

    operation, arguments: see actions/bulk_operations.py; state: see bulk_rules.py; total: cards that were meant;
    cursor: how many of them are done; counts: outcome → cards; via: by what door it was asked for. undo_until: when
    what was before is forgotten, None while it is at work.
    """

    __tablename__ = "bulk_change"
    __table_args__ = (Index("ix_bulk_change_employee", "employee_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    card: str
    operation: str
    arguments: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    employee_id: int = Field(foreign_key="employee.id")
    via: str
    state: str
    total: int
    cursor: int = 0
    counts: dict[str, int] = Field(default_factory=dict, sa_type=Json)
    error: str = ""
    error_params: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    created_at: datetime = Field(sa_type=Moment)
    finished_at: datetime | None = Field(default=None, sa_type=Moment)
    undo_until: datetime | None = Field(default=None, sa_type=Moment)

    @property
    def is_at_work(self) -> bool:
        """Whether the worker has it in hand, or its taking back."""
        return self.state in AT_WORK


class BulkPart(SQLModel, table=True):
    """Some of the cards that a change was asked for, as they were chosen then. ids: "7,12,15"."""

    __tablename__ = "bulk_part"

    bulk_id: int = Field(primary_key=True, foreign_key="bulk_change.id", ondelete="CASCADE")
    number: int = Field(primary_key=True)
    ids: str


class BulkBatch(SQLModel, table=True):
    """What the cards of one batch were like before: [[value, [ids]], …]. number: the cursor that it began at."""

    __tablename__ = "bulk_batch"

    bulk_id: int = Field(primary_key=True, foreign_key="bulk_change.id", ondelete="CASCADE")
    number: int = Field(primary_key=True)
    before: list[Any] = Field(default_factory=list, sa_type=Json)


class BulkLeft(SQLModel, table=True):
    """A card that was left alone, as a change was made or taken back. reason: see bulk_rules.py.

    reasons: [[key, params], …], the texts of what refused it.
    """

    __tablename__ = "bulk_left"

    bulk_id: int = Field(primary_key=True, foreign_key="bulk_change.id", ondelete="CASCADE")
    card_id: int = Field(primary_key=True)
    reason: str
    reasons: list[Any] = Field(default_factory=list, sa_type=Json)
