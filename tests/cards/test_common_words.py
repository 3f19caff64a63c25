"""Words that very many cards have are looked for in the order of the list: nothing is lost, and nothing is made up."""

from __future__ import annotations

import random
from itertools import product

import pytest

from crm_app.clients.queries import count_clients, list_clients
from crm_app.core import many, search
from crm_app.core.actor import Actor
from crm_app.core.db import Database
from crm_app.core.door import perform
from crm_app.core.folding import fold, fold_lines
from tests import make
from tests.plans import plan_of, statements_of

NAMES, CITIES = ("Вектор", "Ёлка", "Вектор Плюс", "100% Хлеб", "Ромашка"), ("", "Тула", "Вектор", "Орёл")
WORDS = ("вектор", "ЕЛКА", "тула", "100%", "плюс вектор", "вектор тула", "тула вектор", "орёл ромашка", "ничего такого")
MANY = 60


@pytest.fixture
def cards(database: Database, adam: Actor, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What each client is called, and all that it is found by. Six cards with a word are very many here."""
    monkeypatch.setattr(many, "MANY", 6)
    monkeypatch.setattr(many, "_KNOWN", {})
    dice, texts = random.Random(5), {}
    for number in range(MANY):
        name, city = f"{dice.choice(NAMES)} {number:02}", dice.choice(CITIES)
        make.client(adam, name, city=city)
        texts[name] = fold(f"{name} {city}")
    return texts


@pytest.mark.parametrize(("words", "sort"), [*product(WORDS, ("name", "-name", "created_at"))])
def test_common_words_find_what_plain_reading_finds(cards: dict[str, str], adam: Actor, words: str, sort: str) -> None:
    found, after = [], ""
    while page := perform(adam, list_clients, q=words, sort=sort, after=after, limit=7):
        found += [row.name for row in page.rows]
        if not (after := page.next):
            break
    meant = [name for name, text in cards.items() if all(word in text for word in fold(words).split())]
    ways = {"name": sorted(meant, key=fold), "-name": sorted(meant, key=fold, reverse=True), "created_at": meant}
    assert found == ways[sort]
    assert perform(adam, count_clients, q=words) == len(meant)


def test_a_word_of_titles_alone_is_read_from_the_index_of_the_list(
    cards: dict[str, str], adam: Actor, database: Database
) -> None:
    """Looking up fifteen thousand texts took PostgreSQL forty milliseconds of a page's fifty."""
    if database.is_sqlite:
        pytest.skip("SQLite looks texts up by the number of their row")
    looked_up = "search_entry.rowid = "
    assert looked_up not in _page(database, adam, "ромашка") and looked_up in _page(database, adam, "вектор")
    below = str(search._in_rest("client", "ромашка").whereclause.clauses[-1].left)
    plan = plan_of(database, f"SELECT rowid FROM search_entry WHERE {below} LIKE '%ромашка%'")
    assert "ix_search_entry_rest" in plan and below in _page(database, adam, "ромашка")


def _page(database: Database, actor: Actor, words: str) -> str:
    heard = statements_of(database, lambda: perform(actor, list_clients, q=words, limit=5))
    (asked,) = [one for one in heard if "search_entry" in one and "client.name" in one]
    return asked


def test_a_text_of_the_index_begins_with_what_the_card_is_called() -> None:
    assert fold_lines(["Ёлка  и Ко", None, "Тула\nОрёл", ""]) == "елка и ко\nтула орел"
    assert fold_lines([None, "Тула"]) == "\nтула" and fold_lines(["Тула"]) == "тула\n"
