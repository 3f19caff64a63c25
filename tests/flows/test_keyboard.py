"""The check by keyboard of every page finds what it is made to find."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.flows.keyboard import check_keyboard

GOOD = "<a href='/'>home</a> <button>go</button> <input type=date> <input type=radio name=r> <input type=radio name=r>"


def test_a_page_that_is_whole_passes(page: Page) -> None:
    page.set_content(GOOD)
    check_keyboard(page)


@pytest.mark.parametrize(
    ("bad", "found"),
    [
        ("<button id=trap onkeydown='event.preventDefault()'>trap</button>", "unreached"),
        ("<style>#bare:focus { outline: none }</style><button id=bare>bare</button>", "unseen"),
    ],
)
def test_a_page_with_a_fault_does_not(page: Page, bad: str, found: str) -> None:
    page.set_content(bad + GOOD)
    with pytest.raises(AssertionError, match=found):
        check_keyboard(page)
