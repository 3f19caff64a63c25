"""What must be true of links between cards, and of what they can say."""

from __future__ import annotations

from collections.abc import Mapping

from crm_app.core.errors import BadInput, RuleBroken
from crm_app.core.folding import one_line

LONGEST_WORD, LONGEST_NOTE = 60, 500
MOST_LINKS, MOST_KINDS = 100, 50
WORDS = ("forth_ru", "forth_en", "back_ru", "back_en")
PRESETS = ("branch", "referral", "relative")
"""What a new company's links can say; their words are in the dictionaries."""


def clean_words(words: Mapping[str, str]) -> dict[str, str]:
    """The words of a kind of link. Raises BadInput where the first is not there in any language, or one is too long."""
    clean = {name: " ".join(words.get(name, "").split()) for name in WORDS}
    for name, word in clean.items():
        if len(word) > LONGEST_WORD:
            raise BadInput("cards.error.long_link_word", field=name, longest=LONGEST_WORD)
    if not (clean["forth_ru"] or clean["forth_en"]):
        raise BadInput("cards.error.empty_link_word", field="forth_ru")
    return clean


def clean_note(note: str) -> str:
    """A note beside a link. Raises BadInput where it is too long."""
    note = one_line(note)
    if len(note) > LONGEST_NOTE:
        raise BadInput("cards.error.long_link_note", field="note", longest=LONGEST_NOTE)
    return note


def check_not_itself(card: tuple[str, int], other: tuple[str, int]) -> None:
    """Raises RuleBroken for a card that would be linked with itself."""
    if card == other:
        raise RuleBroken("cards.error.linked_with_itself", field="other_id")


def word_of(words: Mapping[str, str], is_back: bool, locale: str) -> str:
    """What a kind of link calls a card; in the other language, where it has no word in this one."""
    first, second = ("en", "ru") if locale == "en" else ("ru", "en")
    back = words.get(f"back_{first}") or words.get(f"back_{second}")
    forth = words.get(f"forth_{first}") or words.get(f"forth_{second}") or ""
    return (back or forth) if is_back else forth
