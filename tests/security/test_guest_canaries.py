"""A guest tries every ability and every HTTP route there is: nothing internal comes back, nothing of others changes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any, get_args, get_origin

import pytest
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route
from starlette.testclient import TestClient

from crm_app.access import cookies
from crm_app.access.actions.sessions import open_session
from crm_app.cards.kinds import KINDS
from crm_app.core.actor import GUEST, PUBLIC, SYSTEM
from crm_app.core.db import Database
from crm_app.core.door import ABILITIES, Ability, perform
from crm_app.core.errors import BadInput, CrmError, Forbidden
from crm_app.core.files import Kept
from crm_app.portal.queries import list_shared_tasks
from tests.security import canaries
from tests.security.world import SHARED_TITLE, World, build, rows_of_greg

FOR_GUESTS = {
    "access.actions.sessions.end_all_sessions",
    "access.actions.sessions.end_session",
    "access.actions.sessions.set_own_password",
    "access.queries.list_sessions",
    "access.queries.own_login",
    "cards.actions.comments.add_comment",
    "cards.actions.comments.remove_comment",
    "cards.actions.files.add_file",
    "cards.queries.every_card.check_upload",
    "cards.queries.every_card.find_file",
    "cards.queries.every_card.list_comments",
    "cards.queries.every_card.list_files",
    "portal.queries.list_closed_shared_tasks",
    "portal.queries.list_shared_tasks",
    "portal.queries.see_shared_task",
}
"""All that a guest may ask for and do. Whoever adds to it has thought of what a guest learns by it."""

MOST_CALLS = 400
"""Combinations of arguments tried on one ability."""


@pytest.fixture
def world(database: Database) -> World:
    return build(database)


def test_every_table_has_a_canary(world: World) -> None:
    mapped = {mapper.class_.__tablename__ for mapper in canaries.SQLModel._sa_registry.mappers}
    assert mapped <= set(world.tables)


def test_the_canaries_would_be_seen(world: World) -> None:
    """The crawl would find something if there were something to find: the system sees hundreds of them."""
    from crm_app.tasks.queries import list_tasks

    assert canaries.found_in(perform(SYSTEM, list_tasks, whose="all", status="all"))
    assert [row.title for row in perform(world.greg, list_shared_tasks).rows] == [SHARED_TITLE]


def test_a_guest_may_do_these_things_and_no_others(world: World) -> None:
    may = {name for name, ability in ABILITIES.items() if world.greg.may(ability.permission)}
    ours = {name for name in may if not name.startswith("tests.")}
    assert ours == FOR_GUESTS
    assert world.greg.permissions == {}


def test_everything_else_is_refused_and_changes_nothing(world: World, database: Database) -> None:
    with database.reader.connect() as connection:
        before = canaries.dump(connection)
    for ability in _abilities():
        if ability.name in FOR_GUESTS:
            continue
        for arguments in itertools.islice(_arguments(ability, world), 5):
            with pytest.raises(Forbidden) as refusal:
                perform(world.greg, ability.function, **arguments)
            assert canaries.found_in(refusal.value.text("ru")) == set()
    with database.reader.connect() as connection:
        assert canaries.dump(connection) == before


@pytest.mark.parametrize("name", sorted(FOR_GUESTS))
def test_no_canary_comes_back(name: str, world: World, database: Database) -> None:
    ability = ABILITIES[name]
    with database.reader.connect() as connection:
        before = canaries.dump(connection)
    own = rows_of_greg(database, world.greg)
    answered = 0
    for arguments in itertools.islice(_arguments(ability, world), MOST_CALLS):
        try:
            answer = perform(world.greg, ability.function, **arguments)
            answered += 1
        except CrmError as error:
            answer = [error.text("ru"), [reason.to_json("ru") for reason in error.reasons]]
        assert canaries.found_in(answer) == set(), arguments
    assert answered, "no combination of arguments was right: the crawl has proved nothing"
    with database.reader.connect() as connection:
        after = canaries.dump(connection)
    gone = {row for table in before for row in before[table] - after[table]}
    assert gone <= own, "a guest changed what is not theirs"
    if not ability.writes:
        assert after == before
    _check_what_is_new(before, after, world)


def _check_what_is_new(before: dict[str, set[str]], after: dict[str, set[str]], world: World) -> None:
    """What a guest adds is a comment or a file of their own on the shared task, and never internal."""
    for table in ("comment", "stored_file"):
        for row in after[table] - before[table]:
            assert "'guest'" in row
            assert f"'task', {world.task_id}," in row
    silent = set(after) - {
        "announcement", "comment", "fact", "fact_link", "job", "login_session", "password", "stored_file",
    }  # fmt: skip
    assert {table for table in silent if after[table] != before[table]} == set()


def _abilities() -> Iterator[Ability]:
    return (ability for name, ability in sorted(ABILITIES.items()) if not name.startswith("tests."))


def _arguments(ability: Ability, world: World) -> Iterator[dict[str, Any]]:
    """Combinations of plausible arguments: the shared task first, then every card and id there is."""
    fields = ability.arguments.model_fields
    yield {name: _first(name, field.annotation, world) for name, field in fields.items() if field.is_required()}
    choices = {name: list(_choices(name, field.annotation, world)) for name, field in fields.items()}
    for name, values in choices.items():  # one after the other …
        for value in values:
            required = {n: _first(n, f.annotation, world) for n, f in fields.items() if f.is_required()}
            yield {**required, name: value}
    names = [name for name, field in fields.items() if field.is_required()]
    for combination in itertools.product(*(choices[name] for name in names)):  # … and all together
        yield dict(zip(names, combination, strict=True))


def _first(name: str, kind: Any, world: World) -> Any:
    return next(iter(_choices(name, kind, world)))


def _choices(name: str, kind: Any, world: World) -> Iterator[Any]:
    if name == "card":
        yield from ("task", *(key for key in KINDS if key != "task"))
    elif name in ("card_id", "task_id"):
        yield from (world.task_id, *(i for i in range(world.highest_id + 2) if i != world.task_id))
    elif name == "limit":
        yield from (200, 1)
    elif kind is int or int in get_args(kind):
        yield from range(1, world.highest_id + 2)
    elif kind is bool:
        yield from (True, False)
    elif kind is Kept:
        yield Kept(place="0" * 40, size=1, digest="0", media_type="text/plain")
    elif isinstance(kind, type) and issubclass(kind, BaseModel):
        yield {}
    elif (get_origin(kind) or kind) in (list, dict):
        yield (get_origin(kind) or kind)()
    else:
        yield from ("CANARY", "", "all")


# ---- over HTTP


def _routes() -> list[BaseRoute]:
    from crm_app.crm_app import http_routes

    return list(http_routes())


def _addresses(routes: list[BaseRoute], prefix: str = "") -> Iterator[tuple[str, str]]:
    """(method, path with {parameters}) of every route."""
    for route in routes:
        if isinstance(route, Mount):
            yield from _addresses(list(route.routes or []), prefix + route.path)
        elif isinstance(route, Route):
            for method in sorted(route.methods or {"GET", "POST"}):
                yield method, prefix + route.path_format


def test_no_canary_comes_back_over_http(world: World, database: Database) -> None:
    session = perform(SYSTEM, open_session, account=f"guest:{world.greg.id}", address="::1", agent="test")
    routes = _routes()
    client = TestClient(
        Starlette(routes=routes), "http://localhost:8000", cookies={cookies.name(): session}, follow_redirects=False
    )
    with database.reader.connect() as connection:
        before = canaries.dump(connection)
    tried = 0
    for method, path in _addresses(routes):
        if path == "/auth/logout":
            continue
        for number in range(1, world.highest_id + 2) if "{" in path else (0,):
            answer = client.request(method, _filled(path, number), **_body(method, number))
            tried += 1
            assert answer.status_code < 500, (method, path, answer.text[:500])
            assert canaries.found_in([answer.text, str(answer.headers)]) == set(), (method, path)
    assert tried >= 3
    with database.reader.connect() as connection:
        after = canaries.dump(connection)
    changed = {table for table in after if not before[table] <= after[table]}
    assert changed <= {"login_failure", "login_session"}


def _filled(path: str, number: int) -> str:
    parts = []
    for part in path.split("/"):
        if not part.startswith("{"):
            parts.append(part)
        elif part.strip("{}").split(":")[0] in ("card", "kind"):
            parts.append(("task", "client")[number % 2])
        else:
            parts.append(str(number))
    return "/".join(parts)


def _body(method: str, number: int) -> dict[str, Any]:
    if method in ("GET", "HEAD", "DELETE", "OPTIONS"):
        return {"params": {"q": "CANARY", "limit": 200}} if method == "GET" else {}
    values = {"id": number, "title": "CANARY", "email": "ann@test", "password": "wrong", "body": "hello"}
    return {"json": values} if number % 2 else {"data": values}


def test_the_crawl_knows_a_wrong_argument_from_a_refusal(world: World) -> None:
    with pytest.raises(BadInput):
        perform(world.greg, list_shared_tasks, after="CANARY")
    assert ABILITIES["portal.queries.list_shared_tasks"].permission == GUEST
    assert PUBLIC not in {ability.permission for ability in _abilities()}
