"""Pictures of cards: who sets, sees and removes them, and where they go with the card."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from crm_app.cards import picture_routes, pictures
from crm_app.cards.actions.pictures import (
    MadePicture,
    find_untold,
    promise_places,
    put_picture_back,
    remove_picture,
    set_picture,
)
from crm_app.cards.actions.setting_back import see_set_back, set_back
from crm_app.cards.models import CardPicture
from crm_app.cards.queries.every_card import see_timeline
from crm_app.cards.queries.pictures import check_picture_change, find_picture, find_picture_of
from crm_app.cards.queries.rights import list_guarded
from crm_app.clients.actions.cards import add_client, change_client, remove_client
from crm_app.clients.models import Client
from crm_app.clients.queries import list_clients, see_client
from crm_app.contacts.queries import list_contacts, see_contact
from crm_app.core import clock, files, policy
from crm_app.core.actor import NOBODY, Actor
from crm_app.core.backups import FILE
from crm_app.core.db import Database
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, Forbidden, NeedsLogin, NotFound
from crm_app.core.jobs import JobRow
from crm_app.duplicates.actions.merging import merge_cards
from crm_app.duplicates.actions.splitting import split_cards
from tests import drawn, make, people
from tests.cards.test_emptying import empty, pass_days
from tests.cards.test_field_rights import limited
from tests.cards.test_routes import OURS, browser
from tests.contacts import make as contacts
from tests.deals import make as deals
from tests.work import work_off

OTHER = drawn.written(drawn.picture("#27ae60"))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files of this test only."""
    monkeypatch.setattr(files, "folder", lambda: tmp_path)
    return tmp_path


def made(content: bytes = b"") -> MadePicture:
    """A picture on its way to a card."""
    places = pictures.promised()
    files.keep_whole(content or drawn.written(), places[0])
    return pictures.make(places)


def give(actor: Actor, card_id: int | None, content: bytes = b"", card: str = "client") -> str:
    """Set a card's picture; gives its digest."""
    picture = made(content)
    perform(actor, set_picture, card=card, card_id=card_id, made=picture)
    return picture.digest


def send(actor: Actor | None, card_id: int | None, content: bytes = b"", card: str = "client") -> Any:
    page: TestClient = browser(actor)
    return page.post(f"/pictures?card={card}:{card_id}&name=a.png", content=content or drawn.written(), headers=OURS)


def kept(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))


def count(database: Database, model: Any) -> int:
    with database.reader.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(model)).scalar_one())


def picture_of(actor: Actor, card_id: int | None) -> str:
    return perform(actor, see_client, client_id=card_id).picture


def test_a_picture_is_set_changed_and_removed_and_each_is_told(ann: Actor) -> None:
    card = make.client(ann)
    first, second = give(ann, card.id), give(ann, card.id, OTHER)
    assert first != second == picture_of(ann, card.id)
    assert perform(ann, remove_picture, card="client", card_id=card.id) == second
    assert picture_of(ann, card.id) == ""
    told = [row.details["changes"]["picture"] for row in perform(ann, see_timeline, card="client", card_id=card.id)[:3]]
    assert told == [[second, ""], [first, second], ["", first]]


def test_the_same_picture_again_changes_nothing(database: Database, ann: Actor) -> None:
    card = make.client(ann)
    give(ann, card.id)
    before = perform(ann, see_client, client_id=card.id)
    give(ann, card.id)
    perform(ann, remove_picture, card="client", card_id=make.client(ann, "Пусто").id)
    assert perform(ann, see_client, client_id=card.id) == before
    assert count(database, CardPicture) == 1


def test_a_contact_has_one_too_and_a_deal_none(ann: Actor) -> None:
    contact = contacts.contact(ann, "Лукин Пров")
    digest = give(ann, contact.id, card="contact")
    assert perform(ann, see_contact, contact_id=contact.id).picture == digest
    assert [row.picture for row in perform(ann, list_contacts).rows] == [digest]
    deal = deals.deal(ann, deals.pipeline())
    for kind, card_id in (("deal", deal.id), ("planet", 1)):
        with pytest.raises(NotFound):
            give(ann, card_id, card=kind)


def test_lists_tell_it_without_asking_for_more(ann: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    card = make.client(ann)
    asked: list[str] = []
    read = policy.read
    monkeypatch.setattr(policy, "read", lambda session, statement, values: (
        asked.append(str(statement)), read(session, statement, values))[1])  # fmt: skip
    perform(ann, list_clients)
    without = len(asked)
    digest = give(ann, card.id)
    asked.clear()
    assert [row.picture for row in perform(ann, list_clients).rows] == [digest]
    assert len(asked) == without


def test_another_department_guests_and_strangers_neither_see_nor_set_it(ann: Actor, bob: Actor) -> None:
    guest = make.guest(ann)
    card = make.client(ann, "Завод", "company")
    digest = give(ann, card.id)
    picture = made(OTHER)
    for actor, refusal in ((bob, NotFound), (guest, (NotFound, Forbidden, NeedsLogin)), (NOBODY, NeedsLogin)):
        for ability, about in (
            (set_picture, {"made": picture}), (remove_picture, {}), (put_picture_back, {"digest": digest}),
            (check_picture_change, {}), (find_picture_of, {}),
        ):  # fmt: skip
            with pytest.raises(refusal):
                perform(actor, ability, card="client", card_id=card.id, **about)
        with pytest.raises(refusal):
            perform(actor, find_picture, digest=digest)
    assert picture_of(ann, card.id) == digest


def test_a_guest_does_not_get_the_picture_of_their_own_card(ann: Actor) -> None:
    guest = make.guest(ann)
    digest = give(ann, guest.card_id)
    assert browser(guest).get(f"/pictures/{digest}/large.webp").status_code in (403, 404)


def test_who_reads_cards_sees_it_and_does_not_set_it(ann: Actor, mary: Actor) -> None:
    card = make.client(ann)
    digest = give(ann, card.id)
    assert perform(mary, find_picture, digest=digest)
    for ability, about in ((set_picture, {"made": made(OTHER)}), (remove_picture, {}), (check_picture_change, {})):
        with pytest.raises(Forbidden):
            perform(mary, ability, card="client", card_id=card.id, **about)


def test_a_field_that_is_kept_from_a_role(adam: Actor, ann: Actor) -> None:
    card = make.client(ann)
    digest = give(ann, card.id)
    assert "picture" in {each.field for each in perform(adam, list_guarded)["client"]}
    reader = limited(adam, "client", "read", "picture")
    assert picture_of(reader, card.id) == digest and perform(reader, find_picture, digest=digest)
    for ability, about in ((set_picture, {"made": made(OTHER)}), (remove_picture, {}), (check_picture_change, {})):
        with pytest.raises(Forbidden):
            perform(reader, ability, card="client", card_id=card.id, **about)
    blind = limited(adam, "client", "hidden", "picture")
    assert picture_of(blind, card.id) == "" == perform(blind, list_clients).rows[0].picture
    for ability, about in (
        (find_picture, {"digest": digest}),
        (find_picture_of, {"card": "client", "card_id": card.id}),
    ):
        with pytest.raises(NotFound):
            perform(blind, ability, **about)
    told = [row.details.get("changes") or {} for row in perform(blind, see_timeline, card="client", card_id=card.id)]
    assert all("picture" not in changes for changes in told)


def test_a_card_takes_only_a_picture_that_it_had(ann: Actor, bob: Actor) -> None:
    card, theirs = make.client(ann), make.client(bob, "Чужой")
    digest = give(bob, theirs.id)
    for wrong in (digest, "0" * 32, "../../etc/passwd", "x"):
        with pytest.raises(BadInput):
            perform(ann, change_client, client_id=card.id, values={"picture": wrong})
        with pytest.raises(BadInput):
            perform(ann, put_picture_back, card="client", card_id=card.id, digest=wrong)
        with pytest.raises(BadInput):
            perform(ann, add_client, values={"name": "Новый", "picture": wrong})
    assert picture_of(ann, card.id) == ""


def test_a_former_picture_is_put_back_and_set_back_from_the_history(ann: Actor, olga: Actor) -> None:
    card = make.client(ann)
    first, second = give(ann, card.id), give(ann, card.id, OTHER)
    perform(olga, put_picture_back, card="client", card_id=card.id, digest=first)
    latest = perform(ann, see_timeline, card="client", card_id=card.id)[0]
    assert (latest.actor_name, latest.details["changes"]) == ("Ольга", {"picture": [second, first]})
    (back,) = perform(ann, see_set_back, card="client", card_id=card.id, fact_id=latest.id).fields
    assert (back.field, back.now, back.then) == ("picture", first, second)
    perform(ann, set_back, card="client", card_id=card.id, fact_id=latest.id)
    assert picture_of(ann, card.id) == second


# ---- over HTTP


def test_a_page_sends_one_and_everybody_who_sees_the_card_gets_it(ann: Actor, olga: Actor, folder: Path) -> None:
    card = make.client(ann)
    sent = send(ann, card.id)
    assert sent.status_code == 201 and sent.json()["id"] == picture_of(ann, card.id)
    for actor in (ann, olga):
        for size, longest in (("large", 256), ("small", 64)):
            got = browser(actor).get(f"/pictures/{sent.json()['id']}/{size}.webp")
            assert (got.status_code, got.headers["content-type"]) == (200, "image/webp")
            assert got.headers["cache-control"].startswith("private") and got.headers["vary"] == "Cookie"
            assert got.headers["x-content-type-options"] == "nosniff"
            assert max(drawn.read(got.content).size) == longest
    assert kept(folder) == 2


def test_who_must_not_see_it_finds_nothing(ann: Actor, bob: Actor) -> None:
    digest = send(ann, make.client(ann).id).json()["id"]
    address = f"/pictures/{digest}/small.webp"
    assert browser(bob).get(address).status_code == 404
    assert browser(None).get(address).status_code == 401
    assert browser(ann).get(f"/pictures/{digest}/huge.webp").status_code == 404
    assert browser(ann).get(f"/pictures/{'0' * 32}/small.webp").status_code == 404
    assert browser(ann).get("/pictures/..%2f..%2fx/small.webp").status_code == 404


def test_refused_bytes_are_not_taken_and_leave_nothing(ann: Actor, bob: Actor, mary: Actor, folder: Path) -> None:
    card = make.client(ann)
    assert send(bob, card.id).status_code == 404
    assert send(mary, card.id).status_code == 403
    assert send(None, card.id).status_code == 401
    assert browser(ann).post(f"/pictures?card=client:{card.id}", content=drawn.written()).status_code == 403
    assert kept(folder) == 0
    refused = send(ann, card.id, b"<svg/>")
    assert refused.status_code == 422 and "PNG" in refused.json()["detail"]
    assert send(ann, card.id, b"%PDF-1.7").status_code == 422
    assert kept(folder) == 0 and picture_of(ann, card.id) == ""


@pytest.mark.parametrize("card", ["", "client", "client:x", "client:99999999999", "planet:1", "client:-1"])
def test_what_names_no_card_is_not_found(ann: Actor, card: str) -> None:
    assert browser(ann).post(f"/pictures?card={card}", content=b"x", headers=OURS).status_code == 404


def test_a_file_of_more_than_its_bytes_is_refused(ann: Actor, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card = make.client(ann)
    monkeypatch.setattr(picture_routes, "LARGEST", 2**20)
    assert send(ann, card.id, b"x" * (2**20 + 1)).status_code == 413
    without_length = (b"x" * 2**19 for _ in range(3))
    page = browser(ann)
    assert page.post(f"/pictures?card=client:{card.id}", content=without_length, headers=OURS).status_code == 413
    assert kept(folder) == 0


# ---- what is left behind


class Died(BaseException):
    """A server that is killed: nobody catches it."""


@pytest.mark.parametrize("moment", ["before", "between", "after"])
def test_a_server_that_dies_leaves_nothing(
    ann: Actor, folder: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    card = make.client(ann)
    first = give(ann, card.id)
    keep_whole, times = files.keep_whole, 0

    def die(*_: Any) -> None:
        raise Died()

    def once(content: bytes, place: str) -> None:
        nonlocal times
        times += 1
        if times > 2:
            raise Died()
        keep_whole(content, place)

    if moment == "before":
        monkeypatch.setattr(pictures.pictures, "shrink", die)
        monkeypatch.setattr(files, "forget", lambda _place: None)  # it has no time for that either
    elif moment == "between":
        monkeypatch.setattr(files, "keep_whole", once)
    with suppress(Died):  # after: it has kept all, and comes no further
        made(OTHER)
    monkeypatch.undo()
    monkeypatch.setattr(files, "folder", lambda: folder)
    assert kept(folder) > 2
    work_off()
    assert kept(folder) > 2
    later = clock.now() + timedelta(hours=1, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    work_off()
    assert kept(folder) == 2
    assert files.path_of(perform(ann, find_picture, digest=first)).is_file()


def test_what_a_card_has_come_to_name_is_kept(ann: Actor, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card = make.client(ann)
    give(ann, card.id)
    give(ann, card.id, OTHER)
    perform(ann, remove_picture, card="client", card_id=card.id)
    later = clock.now() + timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    work_off()
    assert kept(folder) == 4


def test_a_card_that_goes_for_good_takes_its_pictures_along(
    database: Database, ann: Actor, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    going, other, staying = (make.client(ann, name) for name in ("Раз", "Два", "Три"))
    for card in (going, staying):
        give(ann, card.id)
    give(ann, going.id, OTHER)
    give(ann, other.id, OTHER)
    perform(ann, merge_cards, card="client", kept_id=going.id, absorbed_id=other.id)
    perform(ann, remove_client, client_id=going.id)
    assert kept(folder) == 8
    pass_days(monkeypatch, 31)
    empty(database)
    work_off()
    assert count(database, Client) == 1 and kept(folder) == 2
    assert count(database, CardPicture) == 1
    assert browser(ann).get(f"/pictures/{picture_of(ann, staying.id)}/small.webp").status_code == 200


def test_its_files_are_named_as_a_backup_takes_them_along(ann: Actor, folder: Path) -> None:
    give(ann, make.client(ann).id)
    names = [f"{path.parent.name}/{path.name}" for path in folder.rglob("*") if path.is_file()]
    assert len(names) == 2 and all(FILE.fullmatch(name) for name in names)


def test_a_deleted_card_shows_no_picture_until_it_is_back(ann: Actor) -> None:
    card = make.client(ann)
    digest = give(ann, card.id)
    perform(ann, remove_client, client_id=card.id)
    with pytest.raises(NotFound):
        perform(ann, find_picture, digest=digest)


# ---- merging


def test_one_of_two_pictures_is_chosen_and_both_come_back(ann: Actor) -> None:
    one, other = make.client(ann, "Раз"), make.client(ann, "Два")
    first, second = give(ann, one.id), give(ann, other.id, OTHER)
    merge = perform(
        ann, merge_cards, card="client", kept_id=one.id, absorbed_id=other.id, choices={"picture": "absorbed"}
    )
    assert picture_of(ann, one.id) == second
    assert perform(ann, find_picture, digest=first) and perform(ann, find_picture, digest=second)
    perform(ann, split_cards, merge_id=merge.id)
    assert (picture_of(ann, one.id), picture_of(ann, other.id)) == (first, second)
    assert perform(ann, find_picture, digest=first) and perform(ann, find_picture, digest=second)


def test_a_card_without_a_picture_takes_that_of_the_other_one(ann: Actor) -> None:
    one, other = make.client(ann, "Раз"), make.client(ann, "Два")
    second = give(ann, other.id)
    merge = perform(ann, merge_cards, card="client", kept_id=one.id, absorbed_id=other.id)
    assert picture_of(ann, one.id) == second
    perform(ann, split_cards, merge_id=merge.id)
    assert (picture_of(ann, one.id), picture_of(ann, other.id)) == ("", second)


def test_promises_are_kept_by_the_worker_alone(ann: Actor, database: Database) -> None:
    for actor in (ann, people.actor("adam"), NOBODY):
        with pytest.raises((Forbidden, NeedsLogin)):
            perform(actor, promise_places, places=["a"])
        with pytest.raises((Forbidden, NeedsLogin)):
            perform(actor, find_untold, places=["a"])
    before = count(database, JobRow)
    pictures.promised()
    assert count(database, JobRow) == before + 1
