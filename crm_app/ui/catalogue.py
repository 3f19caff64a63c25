"""The living catalogue: every part in all its states, at /settings/parts."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.ui.avatar import avatar, person
from crm_app.ui.button import button, icon_button, link_button
from crm_app.ui.catalogue_lists import TOWNS, filters, long_list, shelves
from crm_app.ui.catalogue_state import PartCard, PartColumn, Parts
from crm_app.ui.comments import comment, comment_box
from crm_app.ui.connection import banner
from crm_app.ui.dialog import confirm, dialog, menu, menu_item, menu_rule, open_dialog, popover, sheet
from crm_app.ui.empty import empty
from crm_app.ui.field import (
    check_field,
    choose_field,
    date_field,
    moment_field,
    money_field,
    number_field,
    radio_field,
    select_field,
    text_field,
    textarea_field,
)
from crm_app.ui.form import form, form_buttons
from crm_app.ui.i18n import fmt, t
from crm_app.ui.icon import icon
from crm_app.ui.inline_edit import inline_edit
from crm_app.ui.kanban import column_head, kanban
from crm_app.ui.layout import faint, figure, line, soft, stack, two
from crm_app.ui.link import link
from crm_app.ui.progress import progress_bar, skeleton, spinner, step_list
from crm_app.ui.rich_text import rich_text
from crm_app.ui.shell import page
from crm_app.ui.status import badge, status, tag
from crm_app.ui.tabs import tab_panel, tabs
from crm_app.ui.timeline import change, timeline, timeline_row
from crm_app.ui.toast import toast, toasts
from crm_app.ui.upload import file_drop

NOW = Parts.now


def parts_page() -> rx.Component:
    """The page; whoever mounts it guards it and calls `Parts.opened` on load."""
    return page(
        t("ui.parts"),
        toasts(Parts.notices, on_act=Parts.undone),
        rx.el.div(
            _section("ui.parts.buttons", _buttons()),
            _section("ui.parts.words", _words()),
            _section("ui.parts.fields", _fields()),
            _section("ui.parts.inline", _inline()),
            _section("ui.parts.overlays", _overlays()),
            _section("ui.parts.filter", filters()),
            _section("ui.parts.shelf", shelves()),
            _section("ui.parts.history", _history()),
            _section("ui.parts.waiting", _waiting()),
            _section("ui.parts.table", long_list()),
            _section("ui.parts.board", _board()),
            class_name="stack gap-xl",
        ),
    )


def _section(key: str, *children: Any) -> rx.Component:
    return rx.el.section(
        rx.el.h2(t(key)), *children, class_name="panel stack gap-l", custom_attrs={"id": key.replace(".", "-")}
    )


def _buttons() -> rx.Component:
    return stack(
        line(
            button("Сохранить", kind="primary", on_click=toast("good", "Сохранено")),
            button("Экспорт", icon_name="download"),
            button("Удалить", kind="danger", icon_name="trash-2"),
            button("Без рамки", kind="plain"),
            icon_button("pencil", t("ui.edit")),
            link_button("Ссылка", href="/"),
            class_name="wrap",
        ),
        line(
            button("Занято", kind="primary", busy=rx.Var.create(True)),
            button("Нельзя", disabled=True),
            button("Маленькая", small=True),
            button("С клавишей", key_hint="C"),
            class_name="wrap",
        ),
    )


def _words() -> rx.Component:
    return stack(
        line(
            status("Выиграна", "good"),
            status("Ждёт", "warn"),
            status("Отказ", "bad"),
            status("Новая", "info"),
            status("Черновик"),
            class_name="wrap",
            gap="l",
        ),
        line(tag("опт"), tag("только мне", local=True), tag("убираемая", on_remove=toast("info", "Убрано")), badge(12)),
        line(
            avatar("Анна Белова"), avatar("Борис Крылов"), avatar("Ольга Ким", size="large"), person("Мария Соколова")
        ),
        line(
            figure(fmt.money(125_000_000), "сумма"),
            figure(fmt.number(100_000), "строк"),
            figure(fmt.money_short(412_000_000), "коротко"),
            gap="xl",
            class_name="wrap",
        ),
        line(
            soft(fmt.day(NOW)),
            soft(fmt.moment(NOW)),
            soft(fmt.ago(NOW)),
            soft(fmt.money(125_000_050, "USD")),
            soft(fmt.size(1_250_000)),
            link("ссылка", href="/"),
            class_name="wrap",
            gap="l",
        ),
    )


def _fields() -> rx.Component:
    return form(
        two(
            text_field("title", "Название", errors=Parts.errors, required=True, placeholder="Поставка станков"),
            choose_field(
                "client",
                "Клиент",
                options=Parts.found,
                on_search=Parts.client_searched,
                help="Начните с названия или ИНН",
            ),
            money_field("amount", "Сумма", value="1250000"),
            number_field("probability", "Вероятность", value="35", unit="%"),
            date_field("day", "Дата"),
            moment_field("at", "Срок", value=NOW),
            select_field("town", "Город", options=TOWNS, empty="Не выбран"),
            text_field("phone", "Телефон", type="tel", icon_name="phone"),
        ),
        textarea_field("note", "Примечание", help="Поле растёт вместе с текстом"),
        line(check_field("urgent", "Срочно"), check_field("off", "Недоступно", disabled=True), gap="l"),
        radio_field("kind", "Вид", options=TOWNS, value="msk"),
        form_buttons(button("Отмена"), button("Сохранить", kind="primary", type="submit")),
        faint("Отправлено: ", Parts.sent.to_string(), custom_attrs={"data-sent": "true"}),
        on_submit=Parts.saved_clicked,
        draft="parts",
        saved=Parts.saves,
    )


def _inline() -> rx.Component:
    return two(
        inline_edit(
            "phone", "Телефон", value=Parts.phone, kind="tel", verdicts=Parts.told_fields, on_save=Parts.field_edited
        ),
        inline_edit(
            "budget",
            "Бюджет",
            value=Parts.budget,
            kind="amount",
            verdicts=Parts.told_fields,
            on_save=Parts.field_edited,
        ),
    )


def _overlays() -> rx.Component:
    return stack(
        line(
            button("Диалог", on_click=open_dialog("parts-dialog")),
            button("Лист", on_click=open_dialog("parts-sheet")),
            button("Подтверждение", on_click=open_dialog("parts-confirm")),
            menu(
                "Меню",
                menu_item("Изменить", icon_name="pencil"),
                menu_rule(),
                menu_item("Удалить", icon_name="trash-2", danger=True),
                look="button button-quiet",
            ),
            popover("Окошко", soft("Что угодно")),
            class_name="wrap",
        ),
        line(
            *[
                button(word, small=True, on_click=Parts.shout(level))
                for level, word in (("good", "Хорошо"), ("info", "К сведению"), ("warn", "Осторожно"), ("bad", "Отказ"))
            ]
        ),
        tabs(
            [("fields", "Поля", None), ("files", "Письмо и файлы", 2), ("history", "История", None)],
            value=Parts.tab,
            on_change=Parts.tab_chosen,
        ),
        tab_panel("files", _writing(), value=Parts.tab),
        dialog(
            "parts-dialog",
            "Новая сделка",
            form(
                text_field("name", "Название", scope="d"),
                form_buttons(button("Создать", kind="primary", type="submit")),
            ),
        ),
        sheet(
            "parts-sheet",
            "Карточка сбоку",
            soft("На телефоне она выезжает снизу."),
            text_field("reason", "Причина", scope="s"),
        ),
        confirm(
            "parts-confirm",
            "Удалить 12 сделок?",
            soft("Они полежат в корзине 30 дней."),
            yes=button("Удалить", kind="danger"),
        ),
        banner("Почта не настроена: письма никуда не уходят", level="warn"),
    )


def _history() -> rx.Component:
    return two(
        timeline(
            timeline_row("clock", "Анна Белова", "Запланирован звонок", Parts.tomorrow),
            timeline_row(
                "arrow-right", "Анна Белова", "Сделка на другом этапе", NOW, detail=change("КП", "Переговоры")
            ),
            timeline_row("plus", "Борис Крылов", "Клиент добавлен", Parts.long_ago),
        ),
        stack(
            comment("Ольга Ким", NOW, "Договорились о скидке 5 %.", internal=True),
            comment("Борис Крылов", NOW, "Отправил счёт, ждём оплату до пятницы."),
            comment_box(on_send=Parts.saved_clicked),
        ),
    )


def _waiting() -> rx.Component:
    return two(
        stack(progress_bar(3120, 10000, label="Импорт клиентов"), spinner(), skeleton(3)),
        step_list(
            [("Кому", "1 240 получателей"), ("Что", "черновик"), ("Когда", "сразу")],
            current=1,
            on_choose=Parts.more_wanted,
        ),
        empty(
            "users",
            "Здесь будут клиенты",
            "Перенесите их из Excel или попробуйте на примерах.",
            button("Импорт", kind="primary"),
            button("Примеры"),
        ),
    )


def _writing() -> rx.Component:
    fields = [
        {"id": "first_name", "label": "Имя", "hint": "коллега"},
        {"id": "company", "label": "Компания", "hint": ""},
    ]
    return two(
        rich_text(value=Parts.letter, on_change=Parts.letter_changed, fields=fields),
        stack(
            file_drop(url="/nowhere", max_bytes=5_000_000), faint(Parts.letter, custom_attrs={"data-letter": "true"})
        ),
    )


def _board() -> rx.Component:
    return rx.el.div(
        kanban(
            columns=Parts.columns,
            generation=Parts.generation,
            patch=Parts.patch,
            verdicts=Parts.verdicts,
            moves=Parts.moves,
            rule=Parts.rule,
            card=_card,
            card_type=PartCard,
            head=lambda column: column_head(column["title"], column["count"], fmt.money_short(column["sum"])),
            column_type=PartColumn,
            on_lift=Parts.deal_lifted,
            on_move=Parts.deal_dropped,
            on_needs=Parts.deal_needs,
            on_more=Parts.more_wanted,
            on_open=Parts.row_opened,
        ),
        sheet(
            "parts-needs",
            "Что нужно для этого этапа",
            form(
                text_field("reason", "Причина", scope="n"),
                form_buttons(button("Перевести", kind="primary", type="submit")),
                on_submit=Parts.needs_given,
            ),
            open=Parts.asks,
            on_close=Parts.needs_closed,
        ),
        faint(Parts.board_log, custom_attrs={"data-log": "true"}),
        class_name="stack tall",
    )


def _card(card: Any) -> rx.Component:
    return stack(
        rx.el.strong(card["title"], class_name="cut"),
        soft(card["client"], class_name="cut"),
        line(
            rx.el.span(fmt.money(card["amount"]), class_name="grow"),
            faint(icon("clock", 12), " ", card["days"]),
            avatar(card["who"], size="small"),
        ),
        gap="s",
    )
