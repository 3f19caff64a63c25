"""A first start that asks for samples is filled by the worker, once; a company that is there keeps what it has."""

from __future__ import annotations

from sqlalchemy import func, select

from crm_app import fill
from crm_app.access.actions.setup import set_up
from crm_app.access.models import Employee, Password
from crm_app.access.queries import actor_by_email
from crm_app.cards.queries.every_card import list_notifications
from crm_app.clients.models import Client
from crm_app.core import jobs
from crm_app.core.actor import SYSTEM, Actor
from crm_app.core.db import Database
from crm_app.core.door import Tx, perform, query
from crm_app.deals.models import Deal
from crm_app.deals.queries.board import see_board
from crm_app.demo.actions import is_filled
from crm_app.demo.jobs import SAMPLE_CLIENTS, SAMPLE_DEALS
from crm_app.demo.scene import Recipe
from crm_app.intake.queries.forms import list_forms
from crm_app.pipelines.queries import list_pipelines
from tests import make, people
from tests.demo.conftest import TODAY


def start(*, samples: bool) -> Actor:
    """The first start; gives the administrator."""
    perform(
        SYSTEM, set_up, company="Новая", email="new@company.example", name="Новичок", password_hash=people.HASH,
        samples=samples,
    )  # fmt: skip
    return perform(SYSTEM, actor_by_email, email="new@company.example", via="screen")


def work(database: Database) -> None:
    """Do everything that waits for the worker."""
    while runs := jobs.claim(database, "test", 10):
        for run in runs:
            jobs.execute(database, run)


def test_samples_are_there_and_their_boards_are_full(empty: Database) -> None:
    newcomer = start(samples=True)
    work(empty)

    clients, deals, mine = perform(newcomer, seen)
    assert clients > SAMPLE_CLIENTS and deals > SAMPLE_DEALS and mine > SAMPLE_DEALS // 4
    boards = [perform(newcomer, see_board, pipeline_id=p.id) for p in perform(newcomer, list_pipelines)]
    assert sum(column.count for board in boards for column in board.columns) == deals
    assert perform(newcomer, list_forms) == []
    assert "demo.notice.filled" in [notice.key for notice in perform(newcomer, list_notifications)]


def test_sample_colleagues_are_named_as_such_and_have_no_way_in(empty: Database) -> None:
    start(samples=True)
    work(empty)

    names, accounts = perform(SYSTEM, colleagues)
    assert [name for name in names if "образец" in name] == names[1:] and len(names) == 3
    assert accounts == ["employee:1"]


def test_samples_come_once(empty: Database) -> None:
    newcomer = start(samples=True)
    work(empty)
    first = perform(newcomer, seen)

    with empty.session(writes=True) as session:
        row = session.execute(select(jobs.JobRow).where(jobs.JobRow.name == "demo.samples")).scalar_one()
        row.state = jobs.READY
        session.commit()
    work(empty)

    assert perform(newcomer, seen) == first


def test_who_wants_no_samples_gets_none(empty: Database) -> None:
    newcomer = start(samples=False)
    work(empty)

    assert perform(newcomer, seen) == (0, 0, 0)
    assert not perform(SYSTEM, is_filled)


def test_a_company_keeps_what_it_has(database: Database, ann: Actor) -> None:
    own = make.client(ann, "ООО «Наша первая»", kind="company")
    for _ in range(2):
        fill.write(Recipe(20, 10, 1, "ru"), TODAY, is_own_company=True)

    clients, deals, _ = perform(people.actor("adam"), seen)
    assert (clients, deals) == (1 + 2 * (20 + 12), 2 * (10 + 11))
    assert perform(ann, name_of, client_id=own.id) == "ООО «Наша первая»"
    another = make.client(ann, "ООО «Наша вторая»", kind="company")
    assert another.id > own.id


@query("client.see")
def seen(tx: Tx) -> tuple[int, int, int]:
    """Clients, deals and own deals."""
    deals = select(func.count()).select_from(Deal)
    mine = deals.where(Deal.responsible_id == tx.actor.id)
    return tx.scalar(select(func.count()).select_from(Client)), tx.scalar(deals), tx.scalar(mine)


@query("client.see")
def name_of(tx: Tx, client_id: int) -> str:
    return tx.need(Client, client_id).name


@query("demo.fill")
def colleagues(tx: Tx) -> tuple[list[str], list[str]]:
    return tx.all(select(Employee.name).order_by(Employee.id)), tx.all(select(Password.account))
