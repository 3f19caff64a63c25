"""What the catalogue of parts plays with: made-up rows, and answers that a real page would ask of its actions."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, TypedDict

import reflex as rx

from crm_app.ui.field import Option
from crm_app.ui.inline_edit import FieldVerdict
from crm_app.ui.kanban import Moves, Verdict, remember_verdict
from crm_app.ui.table import NO_PAGE, TablePage
from crm_app.ui.toast import Notice, notice

ROWS = 100_000
PAGE = 100
FIRMS = ("Вектор", "Станкострой", "Северный ветер", "Альфа", "Точная механика", "Орион", "Русский лес")
PEOPLE = ("Анна Белова", "Борис Крылов", "Ольга Ким", "Мария Соколова")
TOWNS = ("Москва", "Казань", "Пермь", "Томск", "Тула", "Самара")


class PartRow(TypedDict):
    """A row of the long list."""

    id: int
    name: str
    town: str
    who: str
    amount: int
    day: str
    tone: str


class PartCard(TypedDict):
    """A card of the board."""

    id: int
    title: str
    client: str
    amount: int
    who: str
    days: int
    return_to: int | None


class PartColumn(TypedDict):
    """A column of the board."""

    id: int
    title: str
    kind: str
    position: int
    count: int
    sum: int
    asks: str
    cards: list[PartCard]


class ColumnPatch(PartColumn):
    """A column with more cards. order: all that it has now."""

    order: list[int]


class Columns(TypedDict):
    """Columns that changed."""

    number: int
    columns: list[ColumnPatch]


def _row(number: int) -> PartRow:
    return {
        "id": number,
        "name": f"ООО «{FIRMS[number % len(FIRMS)]}» № {number}",
        "town": TOWNS[number % len(TOWNS)],
        "who": PEOPLE[number % len(PEOPLE)],
        "amount": number * 137_500 % 900_000_000,
        "day": f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}",
        "tone": ("good", "warn", "info", "none")[number % 4],
    }


def _card(number: int) -> PartCard:
    return {
        "id": number,
        "title": ("Поставка станков", "Монтаж линии", "Сервис на год", "Запасные части")[number % 4],
        "client": f"ООО «{FIRMS[number % len(FIRMS)]}»",
        "amount": number * 4_375_000 % 300_000_000 + 5_000_000,
        "who": PEOPLE[number % len(PEOPLE)],
        "days": number % 17,
        "return_to": None,
    }


def _board(moved: dict[int, int]) -> list[PartColumn]:
    stages = (
        ("Первичный интерес", "open", ""),
        ("Коммерческое предложение", "open", ""),
        ("Переговоры", "open", "needs"),
        ("Утверждение", "open", "approval"),
        ("Оплата", "open", ""),
        ("Выиграна", "won", ""),
        ("Отказ", "lost", ""),
        ("Приостановлена", "hold", ""),
    )
    board: list[PartColumn] = []
    for position, (title, kind, asks) in enumerate(stages):
        own = range(position * 100 + 1, position * 100 + 9) if kind == "open" else ()
        numbers = [*(n for n, stage in moved.items() if stage == position + 1), *(n for n in own if n not in moved)]
        cards = [_card(number) for number in numbers]
        extra = 26 if kind == "open" else 0
        total = sum(card["amount"] for card in cards) + extra * 12_000_000
        board.append(
            {
                "id": position + 1,
                "title": title,
                "kind": kind,
                "position": position,
                "count": len(cards) + extra,
                "sum": total,
                "asks": asks,
                "cards": cards,
            }
        )
    return board


class Parts(rx.State):
    """What the catalogue remembers."""

    page: TablePage = NO_PAGE
    sort: str = "name"
    ticked: int = 0
    opened_row: int = 0
    columns: list[PartColumn] = []
    generation: int = 0
    patch: Columns = {"number": 0, "columns": []}
    verdicts: list[Verdict] = []
    moves: Moves = {"card_id": 0, "stages": {}}
    asked: list[str] = []
    asks: bool = False
    rule: str = "strict"
    notices: list[Notice] = []
    errors: dict[str, str] = {}
    sent: dict[str, str] = {}
    saves: int = 0
    found: list[Option] = []
    phone: str = "+7 912 345-67-89"
    budget: str = "1250000"
    told_fields: dict[str, FieldVerdict] = {}
    tab: str = "fields"
    filter: dict[str, Any] = {}
    letter: str = "<p>Здравствуйте, {{first_name|коллега}}!</p>"
    board_log: str = ""
    now: str = ""
    tomorrow: str = ""
    long_ago: str = ""

    _moved: dict[int, int] = {}
    """Which cards were dropped into which stages: a page that connects again is filled anew, perhaps after the drop."""

    @rx.event
    def opened(self) -> None:
        """Fill the page."""
        now = datetime.now(UTC)
        self.now, self.tomorrow, self.long_ago = ((now + timedelta(days=days)).isoformat() for days in (0, 1, -50))
        self.page = {**self._page(""), "generation": self.page["generation"] + 1}
        self.columns, self.patch = _board(self._moved), {"number": 0, "columns": []}
        self.generation += 1

    @rx.event
    def row_added(self) -> None:
        """Somebody else has added a row at the top: the first page comes again."""
        page = self._page("")
        added: PartRow = {**_row(ROWS + 1), "name": "Новая строка"}
        self.page = {**page, "rows": [added, *page["rows"][:-1]], "next": str(PAGE - 1), "total": ROWS + 1}

    def _page(self, after: str) -> TablePage:
        start = int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0
        back = self.sort.startswith("-")
        numbers = (
            range(ROWS - start, max(ROWS - start - PAGE, 0), -1)
            if back
            else range(start + 1, min(start + PAGE, ROWS) + 1)
        )
        following = str(start + PAGE) if start + PAGE < ROWS else ""
        return {
            "rows": [_row(n) for n in numbers],
            "after": after,
            "next": following,
            "total": ROWS,
            "generation": self.page["generation"],
        }

    @rx.event
    def more_needed(self, after: str) -> None:
        """The next page of rows."""
        self.page = self._page(after)

    @rx.event
    def sorted_by(self, sort: str) -> None:
        """Another order: the list starts anew."""
        self.sort = sort
        self.page = {**self._page(""), "generation": self.page["generation"] + 1}

    @rx.event
    def row_opened(self, row_id: int) -> None:
        """A row was opened."""
        self.opened_row = row_id

    @rx.event
    def rows_ticked(self, ids: list[int], all_matching: bool) -> None:
        """Rows were ticked."""
        self.ticked = ROWS if all_matching else len(ids)

    @rx.event
    def deal_lifted(self, card_id: int) -> None:
        """The server's word about where the card may go."""
        self.moves = {"card_id": card_id, "stages": {}}

    @rx.event
    async def deal_dropped(self, drop_id: str, card_id: int, from_stage: int, to_stage: int, index: int) -> None:
        """A card with a number that ends in 3 is refused, to show the way back."""
        await asyncio.sleep(0.15)
        allowed = card_id % 10 != 3
        self.verdicts = remember_verdict(self.verdicts, drop_id, allowed)
        if allowed:
            self._moved[card_id] = to_stage
        self.board_log = f"{card_id}: {from_stage} → {to_stage} @ {index} {'ok' if allowed else 'refused'}"
        if not allowed:
            self.notices = [*self.notices[-4:], notice("bad", "Эту сделку нельзя переводить: она под замком.")]

    @rx.event
    def deal_needs(self, drop_id: str, card_id: int, from_stage: int, to_stage: int, index: int) -> None:
        """A stage that asks for fields."""
        self.asked = [drop_id]
        self.asks = True

    @rx.event
    def needs_given(self, fields: dict[str, str]) -> None:
        """The fields came: the drop holds."""
        self._answer(ok=True)

    @rx.event
    def needs_closed(self) -> None:
        """Closed without: the card goes back."""
        self._answer(ok=False)

    def _answer(self, *, ok: bool) -> None:
        for drop_id in self.asked:
            self.verdicts = remember_verdict(self.verdicts, drop_id, ok)
        self.asked = []
        self.asks = False

    @rx.event
    def more_wanted(self, stage_id: int) -> None:
        """More cards of one column."""
        column = next((each for each in self.columns if each["id"] == stage_id), None)
        if column is None:
            return
        more = [_card(stage_id * 1000 + number) for number in range(10)]
        order = [card["id"] for card in (*column["cards"], *more)]
        self.patch = {"number": self.patch["number"] + 1, "columns": [{**column, "cards": more, "order": order}]}

    @rx.event
    def shout(self, level: str) -> None:
        """A notice of each level; the good one can be undone."""
        texts = {
            "good": "Сделка удалена",
            "info": "Импорт идёт, страницу можно закрыть",
            "warn": "Почта не настроена: письма останутся в очереди",
            "bad": "Не получилось сохранить: сумма не указана",
        }
        if level not in texts:
            return
        action = "Вернуть" if level == "good" else ""
        self.notices = [*self.notices[-4:], notice(level, texts[level], action)]

    @rx.event
    def undone(self, notice_id: str) -> None:
        """The button of a notice."""
        self.notices = [*self.notices[-4:], notice("info", "Возвращено")]

    @rx.event
    def saved_clicked(self, fields: dict[str, str]) -> None:
        """Refuses an empty title."""
        self.errors = {} if fields.get("title") else {"title": "Назовите сделку: по названию её будут искать"}
        if not self.errors:
            self.sent = fields
            self.saves += 1

    @rx.event
    def client_searched(self, text: str) -> None:
        """Options of a choice by typing."""
        names = [_row(number) for number in range(1, 60)]
        self.found = [
            {"id": str(row["id"]), "label": row["name"], "hint": row["town"]}
            for row in names
            if text.lower() in row["name"].lower()
        ][:8]

    @rx.event
    async def field_edited(self, name: str, text: str, seen: str) -> None:
        """Takes everything but a phone without digits, and a budget of 13, where another was quicker."""
        await asyncio.sleep(0.2)
        if name == "phone" and not any(sign.isdigit() for sign in text):
            self._tell(name, "refused", text="В номере нет ни одной цифры")
        elif text == "13" and seen != "1400":
            self.budget = "1400"
            self._tell(name, "conflict", value="1400")
        else:
            self._tell(name, "saved", value=text)
            setattr(self, "phone" if name == "phone" else "budget", text)

    def _tell(self, field: str, state: str, text: str = "", value: str = "") -> None:
        number = self.told_fields[field]["number"] + 1 if field in self.told_fields else 1
        verdict: FieldVerdict = {"state": state, "text": text, "value": value, "shown": "", "number": number}
        self.told_fields = {**self.told_fields, field: verdict}

    @rx.event
    def tab_chosen(self, tab: str) -> None:
        """Another tab."""
        self.tab = tab

    @rx.event
    def filter_changed(self, filter: dict[str, Any]) -> None:  # noqa: A002
        """Another filter."""
        self.filter = filter

    @rx.event
    def letter_changed(self, html: str) -> None:
        """The text of a letter."""
        self.letter = html
