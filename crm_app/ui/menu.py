"""What the rail, the `+` menu and the palette offer. Features add to it when they are loaded, in the order shown.

add_entry(MenuEntry("deals.menu", "kanban", "/deals", "deal.see"))
add_creation(Creation("deals.new", "kanban", "/deals?new=1", "deal.create", key="D"))
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class MenuEntry:
    """A page in the rail: text key, Lucide icon, address, and the permission without which it isn't there."""

    key: str
    icon: str
    href: str
    permission: str = ""
    is_main: bool = True
    """False: only in the palette and under "More" of a phone."""
    is_last: bool = False
    """True: below the others, whenever it was added."""
    about: str = ""
    """What is arranged there, a text key: the page of settings leads there, and says so."""


@dataclass(frozen=True)
class Creation:
    """A line of the `+` menu: an address that opens the form."""

    key: str
    icon: str
    href: str
    permission: str = ""


_entries: list[MenuEntry] = []
_creations: list[Creation] = []


def add_entry(entry: MenuEntry) -> None:
    """Put a page into the rail."""
    if entry not in _entries:
        _entries.append(entry)


def add_setting(key: str, icon: str, href: str, permission: str, *, about: str, is_last: bool = False) -> None:
    """Have the page of settings, and the palette, lead to a page."""
    add_entry(MenuEntry(key, icon, href, permission, is_main=False, is_last=is_last, about=about))


def add_creation(creation: Creation) -> None:
    """Put a line into the `+` menu."""
    if creation not in _creations:
        _creations.append(creation)


def entries() -> list[MenuEntry]:
    """The pages of the rail, in order."""
    return sorted(_entries, key=lambda entry: entry.is_last)


def creations() -> list[Creation]:
    """The lines of the `+` menu, in order."""
    return list(_creations)
