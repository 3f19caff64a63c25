"""A company that was set up without samples has pipelines all the same."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from crm_app.access.events import CompanySetUp
from crm_app.core.actor import SYSTEM
from crm_app.core.door import Tx, action, perform
from crm_app.pipelines.models import Pipeline
from crm_app.pipelines.reactions import give_first_pipelines


@action("test.react")
def set_up_again(tx: Tx, samples: bool) -> list[str]:
    give_first_pipelines(tx, CompanySetUp(card_id=1, company="Тест", samples=samples, locale="ru"))
    return tx.all(select(Pipeline.name).order_by(Pipeline.position))


def test_a_company_starts_with_two_pipelines_and_keeps_to_them(database: object) -> None:
    first = perform(SYSTEM, set_up_again, samples=False)
    assert len(first) == 2
    assert perform(SYSTEM, set_up_again, samples=False) == first


@pytest.mark.usefixtures("database")
def test_samples_bring_pipelines_of_their_own() -> None:
    assert perform(SYSTEM, set_up_again, samples=True) == []
