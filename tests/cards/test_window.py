"""A card's page goes back to the first line of a long list by keys, and forward again, a hundred rows at most."""

from __future__ import annotations

import pytest

from crm_app.cards.actions.comments import add_comment
from crm_app.cards.queries.every_card import list_comments
from crm_app.cards.screens.window import PAGE, Window
from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.core.errors import NotFound
from tests import make

MANY = 4 * PAGE + 20


def shown(actor: Actor, card_id: int, window: Window) -> tuple[list[int], bool]:
    """Ids in the window, and whether there are earlier ones."""
    rows = perform(actor, list_comments, card="client", card_id=card_id, **window.asked)
    return [row.id for row in rows[: window.size]], len(rows) > window.size


def test_a_window_reaches_both_ends(ann: Actor) -> None:
    client_id = make.client(ann).id or 0
    said = {"card": "client", "card_id": client_id}
    made = [perform(ann, add_comment, **said, body=f"№ {n}").id for n in range(MANY)][::-1]
    window = Window()
    ids, has_earlier = shown(ann, client_id, window)
    assert (ids, has_earlier, window.has_later) == (made[:PAGE], True, False)
    seen = set(ids)
    while has_earlier:
        window = window.earlier(ids)
        ids, has_earlier = shown(ann, client_id, window)
        assert len(ids) <= 2 * PAGE and seen & set(ids), "what was read last stays on the page"
        seen |= set(ids)
    assert seen == set(made)
    newest = perform(ann, add_comment, **said, body="meanwhile").id
    assert shown(ann, client_id, window)[0] == ids, "who reads far back stays there"
    while window.has_later:
        window = window.later()
    assert shown(ann, client_id, window)[0] == [newest, *made[: 2 * PAGE - 1]]


def test_a_list_of_just_one_page_has_nothing_earlier(ann: Actor) -> None:
    client_id = make.client(ann).id or 0
    for number in range(PAGE):
        perform(ann, add_comment, card="client", card_id=client_id, body=f"№ {number}")
    assert shown(ann, client_id, Window())[1] is False


def test_who_does_not_see_the_card_sees_no_window_of_it(ann: Actor, bob: Actor) -> None:
    client_id = make.client(ann).id or 0
    with pytest.raises(NotFound):
        shown(bob, client_id, Window((10**6,), 2))
