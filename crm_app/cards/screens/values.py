"""Fields of cards as they are typed and as they are read."""

from __future__ import annotations

from crm_app.core.phones import show_phone


def phones_label(phones: list[str], _locale: str) -> str:
    """Phones as people read them."""
    return ", ".join(show_phone(phone) for phone in phones)


def split_values(text: str) -> list[str]:
    """Several values typed into one line or several."""
    return [part.strip() for part in text.replace(";", ",").replace("\n", ",").split(",") if part.strip()]
