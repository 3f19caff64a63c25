"""Clients: the companies and people that the company works with, and the imports that brought them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from crm_app.core.blanks import blank_index
from crm_app.core.db import Json, Moment, Sorted, bin_index
from crm_app.core.year_days import year_day_index

CODES = ("kpp", "ogrn", "bic", "account", "corr_account")
"""Fields that are asked for as they are, or by how they begin."""
TEXTS = ("contact_name", "position", "employer", "site", "address", "bank", "accounts", "note")
"""Fields that are asked for by what they contain: the search index has them."""


class Client(SQLModel, table=True):
    """A company or a person ("company", "person").

    sort_name: the name folded, for sorting; match_name: what is left of it when spelling is left out, for duplicates.
    type, status: a key of the vocabulary in rules.py, or a word of the company's own. revenue: a year's, in minor units
    of the currency. source: by what door the card came ("screen", "api", "import" …). picture: the digest of a
    CardPicture, "" for none. version: grows with each change.
    """

    __tablename__ = "client"
    __card__: ClassVar[str] = "client"
    __table_args__ = (
        bin_index("client"),
        Index("ix_client_name", "sort_name", "id", "responsible_id", "deleted_at"),
        Index("ix_client_responsible", "responsible_id", "sort_name", "id"),
        Index("ix_client_responsible_status", "responsible_id", "status", "sort_name", "id"),
        Index("ix_client_status", "status", "sort_name", "id", "responsible_id", "deleted_at"),
        Index("ix_client_type", "type", "sort_name", "id"),
        Index("ix_client_kind", "kind", "sort_name", "id"),
        Index("ix_client_city", "city", "id"),
        *(Index(f"ix_client_{name}", name, "id") for name in CODES),
        *(blank_index("client", name) for name in TEXTS),
        Index("ix_client_currency", "currency", "id"),
        Index("ix_client_source", "source", "id"),
        Index("ix_client_created_by", "created_by_id", "id"),
        Index("ix_client_revenue", "revenue", "id"),
        Index("ix_client_first_contact", "first_contact", "id"),
        Index("ix_client_birthday", "birthday", "id"),
        year_day_index("client", "birthday"),
        Index("ix_client_created", "created_at", "id"),
        Index("ix_client_updated", "updated_at", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    name: str
    sort_name: str = Field(sa_type=Sorted)
    match_name: str = Field(default="", index=True, sa_type=Sorted)
    type: str = Field(default="", sa_type=Sorted)
    status: str = Field(default="", sa_type=Sorted)
    activity: str = Field(default="", index=True)
    responsible_id: int | None = Field(default=None, foreign_key="employee.id")
    site: str = ""
    inn: str = Field(default="", index=True, sa_type=Sorted)
    kpp: str = Field(default="", sa_type=Sorted)
    ogrn: str = Field(default="", sa_type=Sorted)
    bic: str = Field(default="", sa_type=Sorted)
    account: str = Field(default="", sa_type=Sorted)
    bank: str = ""
    corr_account: str = Field(default="", sa_type=Sorted)
    accounts: str = ""
    city: str = Field(default="", sa_type=Sorted)
    address: str = ""
    contact_name: str = ""
    position: str = ""
    employer: str = ""
    first_contact: date | None = None
    birthday: date | None = None
    revenue: int | None = Field(default=None, sa_type=BigInteger)
    currency: str = "RUB"
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


class ClientWord(SQLModel, table=True):
    """A type or a status of the company's own, beside the built-in ones. field: "type" or "status"."""

    __tablename__ = "client_word"

    field: str = Field(primary_key=True)
    word: str = Field(primary_key=True)


class ClientImport(SQLModel, table=True):
    """One import of cards from a file. card: of which kind.

    state: see importer.py. place: where the bytes of the file are; mapping: what each column feeds, in their order;
    options, preview: see importer.py; counts: outcome → rows; cursor: the last row that is done. made: tags (ids) and
    words ([field, word]) that nobody had before.
    """

    __tablename__ = "client_import"

    id: int | None = Field(default=None, primary_key=True)
    employee_id: int = Field(foreign_key="employee.id", index=True)
    card: str = "client"
    state: str
    name: str
    place: str
    source: str
    mapping: list[str] = Field(default_factory=list, sa_type=Json)
    options: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    preview: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    counts: dict[str, int] = Field(default_factory=dict, sa_type=Json)
    made: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    cursor: int = 0
    rows: int = 0
    error: str = ""
    error_params: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    created_at: datetime = Field(sa_type=Moment)
    finished_at: datetime | None = Field(default=None, sa_type=Moment)


class ImportChange(SQLModel, table=True):
    """What an import changed on a card that was there before, so that it can be taken back.

    version: the card's, after it. changes: field → [before, after], as facts tell them; before: version, updated_at
    and, of a client, currency as they were; phones, emails, tags: what was added; ties: clients at which a contact
    works since.
    """

    __tablename__ = "import_change"

    import_id: int = Field(primary_key=True, foreign_key="client_import.id", ondelete="CASCADE")
    card_id: int = Field(primary_key=True)
    row: int
    version: int
    changes: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    before: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    phones: list[str] = Field(default_factory=list, sa_type=Json)
    emails: list[str] = Field(default_factory=list, sa_type=Json)
    tags: list[int] = Field(default_factory=list, sa_type=Json)
    ties: list[int] = Field(default_factory=list, sa_type=Json)


class ImportHabit(SQLModel, table=True):
    """How a person last imported a kind of file. shape: a hash of its headings and of what it brings; mapping, options:
    of ClientImport.
    """

    __tablename__ = "import_habit"

    employee_id: int = Field(primary_key=True, foreign_key="employee.id", ondelete="CASCADE")
    source: str = Field(primary_key=True)
    shape: str = Field(primary_key=True)
    mapping: list[str] = Field(default_factory=list, sa_type=Json)
    options: dict[str, Any] = Field(default_factory=dict, sa_type=Json)


class ImportCells(SQLModel, table=True):
    """What a bad row says, to be mended: a text for each column. is_mended: a person has written it anew."""

    __tablename__ = "import_cells"

    import_id: int = Field(primary_key=True, foreign_key="client_import.id", ondelete="CASCADE")
    row: int = Field(primary_key=True)
    cells: list[str] = Field(default_factory=list, sa_type=Json)
    is_mended: bool = False


class ImportRow(SQLModel, table=True):
    """A row of an import that did not simply become a new card: a bad one, a duplicate, one with a remark.

    row: as the spreadsheet numbers it; outcome: see importer.py. A duplicate is one of card_id, or of first_row of
    the same file. problems: [[column, field, code, value, level, limit], …], see drafts.Problem.
    """

    __tablename__ = "import_row"
    __table_args__ = (Index("ix_import_row_outcome", "import_id", "outcome", "row"),)

    import_id: int = Field(primary_key=True, foreign_key="client_import.id", ondelete="CASCADE")
    row: int = Field(primary_key=True)
    outcome: str
    name: str = ""
    card_id: int | None = None
    first_row: int | None = None
    problems: list[Any] = Field(default_factory=list, sa_type=Json)
