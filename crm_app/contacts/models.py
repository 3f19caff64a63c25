"""Contacts: people with whom talks are held, and where they work."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from crm_app.core.blanks import blank_index
from crm_app.core.db import Json, Moment, Sorted, bin_index
from crm_app.core.year_days import year_day_index

TEXTS = ("address", "note")
"""Fields that are asked for by what they contain: the search index has them."""


class Contact(SQLModel, table=True):
    """A person.

    name: the parts together, the last name first; sort_name: the same folded, for sorting; match_name: see
    rules.match_name. links: addresses of pages and messengers. source: by what door the card came. picture: the
    digest of a CardPicture, "" for none. fields: the company's own. version: grows with each change.
    """

    __tablename__ = "contact"
    __card__: ClassVar[str] = "contact"
    __table_args__ = (
        bin_index("contact"),
        Index("ix_contact_name", "sort_name", "id", "responsible_id", "deleted_at"),
        Index("ix_contact_responsible", "responsible_id", "sort_name", "id"),
        Index("ix_contact_city", "city", "id"),
        *(blank_index("contact", name) for name in TEXTS),
        blank_index("contact", "links", is_list=True),
        Index("ix_contact_source", "source", "id"),
        Index("ix_contact_created_by", "created_by_id", "id"),
        Index("ix_contact_birthday", "birthday", "id"),
        year_day_index("contact", "birthday"),
        Index("ix_contact_created", "created_at", "id"),
        Index("ix_contact_updated", "updated_at", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str
    last_name: str = ""
    first_name: str = ""
    patronymic: str = ""
    sort_name: str = Field(sa_type=Sorted)
    match_name: str = Field(default="", index=True, sa_type=Sorted)
    birthday: date | None = None
    responsible_id: int | None = Field(default=None, foreign_key="employee.id")
    city: str = Field(default="", sa_type=Sorted)
    address: str = ""
    links: list[str] = Field(default_factory=list, sa_type=Json)
    note: str = ""
    source: str = ""
    import_id: int | None = Field(default=None, foreign_key="client_import.id", index=True)
    import_row: int | None = None
    picture: str = Field(default="", sa_column_kwargs={"server_default": ""})
    fields: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    version: int = 1
    created_by_id: int | None = None
    created_at: datetime = Field(sa_type=Moment)
    updated_at: datetime = Field(sa_type=Moment)
    deleted_at: datetime | None = Field(default=None, sa_type=Moment)


class ContactAtClient(SQLModel, table=True):
    """That a contact works at a client, and as what. is_main: who is talked to first there, one for each client.

    since, until: the first and the last day; None where nobody knows, or where it goes on.
    """

    __tablename__ = "contact_at_client"
    __table_args__ = (
        Index("ix_contact_at_client_client", "client_id", "contact_id"),
        Index("ix_contact_at_client_position", "position", "contact_id", "client_id"),
        Index("ix_contact_at_client_main", "is_main", "contact_id", "client_id"),
    )

    contact_id: int = Field(primary_key=True, foreign_key="contact.id", ondelete="CASCADE")
    client_id: int = Field(primary_key=True, foreign_key="client.id", ondelete="CASCADE")
    position: str = Field(default="", sa_type=Sorted)
    is_main: bool = False
    since: date | None = None
    until: date | None = None
