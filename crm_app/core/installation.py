"""What one installation knows of itself: the company's name, its own id, choices made in Settings."""

from __future__ import annotations

from typing import Any

from sqlmodel import Field, SQLModel

from crm_app.core.db import Json
from crm_app.core.door import Tx


class Setting(SQLModel, table=True):
    """One named value."""

    __tablename__ = "setting"

    key: str = Field(primary_key=True)
    value: Any = Field(default=None, sa_type=Json)


def get(tx: Tx, key: str, default: Any = None) -> Any:
    """The value of a setting, or the default."""
    row = tx.find(Setting, key)  # type: ignore[arg-type]
    return default if row is None else row.value


def put(tx: Tx, key: str, value: Any) -> None:
    """Set a value."""
    row = tx.find(Setting, key)  # type: ignore[arg-type]
    if row is None:
        tx.add(Setting(key=key, value=value))
    else:
        row.value = value
