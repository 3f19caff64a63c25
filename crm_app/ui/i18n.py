"""Texts, money and dates that are put into words in the browser: nothing of them goes over the socket.

t("deals.count", n=Board.count)          # "5 сделок"; works as a child and in attributes
t(row.status_key)                        # a key that the server chose
fmt.money(row.amount, row.currency)      # "1 250 000 ₽" from minor units
fmt.day(row.due) · fmt.moment(row.at)    # "21 нояб." · "завтра, 10:00"; ISO text in, the reader's time zone out
button(t("ui.russian"), on_click=set_lang("ru"))
"""

from __future__ import annotations

import os
from functools import cache
from typing import Any

import reflex as rx
from reflex.event import EventSpec
from reflex.utils.imports import ImportVar
from reflex.vars import VarData
from reflex.vars.base import LiteralVar, Var

from crm_app.ui.dictionaries import COMMON, DEFAULT, LOCALES, part_module, part_of, write_dictionaries

rx.asset("formats.js", shared=True)
_LIBRARY = rx.asset("i18n.js", shared=True).importable_path
if not os.environ.get("__REFLEX_SKIP_COMPILE"):
    write_dictionaries()

_SPEAKS = VarData(hooks={"const t = useT()": None}, imports={_LIBRARY: [ImportVar(tag="useT")]})


def t(key: str | Var[str], **params: Any) -> rx.vars.StringVar:
    """The text of a key in the reader's language; `n` chooses the plural form.

    A key named here brings its part of the dictionary with the page; one in a Var, when it is first asked for.
    """
    text = _call("t", key, *([params] if params else []))
    part = part_of(key) if isinstance(key, str) else COMMON
    return text if part == COMMON else text._replace(merge_var_data=_brings(part))


@cache
def _brings(part: str) -> VarData:
    return VarData(imports={_LIBRARY.replace("i18n.js", part_module(part)): [ImportVar(tag=None)]})


class fmt:  # noqa: N801 - reads as a namespace: fmt.money(…)
    """Values in the reader's words; each takes a Var or a plain value and gives "" for nothing."""

    @staticmethod
    def money(minor: Any, currency: Any = "RUB") -> rx.vars.StringVar:
        """Minor units and a currency code: `1 250 000 ₽`, with kopecks only where there are any."""
        return _call("t.fmt.money", minor, currency)

    @staticmethod
    def money_short(minor: Any, currency: Any = "RUB") -> rx.vars.StringVar:
        """For tight places: `4,1 млн ₽`."""
        return _call("t.fmt.moneyShort", minor, currency)

    @staticmethod
    def number(value: Any) -> rx.vars.StringVar:
        """`1 250`."""
        return _call("t.fmt.number", value)

    @staticmethod
    def percent(value: Any) -> rx.vars.StringVar:
        """Whole percents: 35 → `35 %`."""
        return _call("t.fmt.percent", value)

    @staticmethod
    def size(value: Any) -> rx.vars.StringVar:
        """Bytes: `1,2 МБ`."""
        return _call("t.fmt.size", value)

    @staticmethod
    def day(value: Any) -> rx.vars.StringVar:
        """`21 нояб.`, with the year unless it is this one."""
        return _call("t.fmt.day", value)

    @staticmethod
    def long_day(value: Any) -> rx.vars.StringVar:
        """`суббота, 21 ноября`."""
        return _call("t.fmt.longDay", value)

    @staticmethod
    def near_day(value: Any) -> rx.vars.StringVar:
        """`вчера`, `сегодня`, `завтра`, else the day."""
        return _call("t.fmt.nearDay", value)

    @staticmethod
    def clock(value: Any) -> rx.vars.StringVar:
        """`10:00`."""
        return _call("t.fmt.clock", value)

    @staticmethod
    def moment(value: Any) -> rx.vars.StringVar:
        """`завтра, 10:00`."""
        return _call("t.fmt.moment", value)

    @staticmethod
    def exact(value: Any) -> rx.vars.StringVar:
        """`21 ноября 2026 г. в 10:00`, for titles."""
        return _call("t.fmt.exact", value)

    @staticmethod
    def ago(value: Any) -> rx.vars.StringVar:
        """`5 мин назад`, `вчера`, else the day."""
        return _call("t.fmt.ago", value)


def set_lang(locale: str) -> EventSpec:
    """Switch the language of this browser at once; put it on an `on_click`, never return it from a handler."""
    assert locale in LOCALES
    call = Var(
        _js_expr=f"(() => switchLang({locale!r}))",
        _var_data=VarData(imports={_LIBRARY: [ImportVar(tag="switchLang")]}),
    )
    return rx.call_function(call)


def language() -> rx.vars.StringVar:
    """The code of the language in use, as a Var."""
    return Var(_js_expr="t.lang", _var_type=str, _var_data=_SPEAKS).to(str)


def language_guard() -> rx.Component:
    """A line for the page's head: hides the page while another language than the pre-rendered one is on its way.

    It also lets the server know the language before the socket opens: a first visitor has no cookie yet.
    """
    known = "|".join(LOCALES)
    return rx.el.script(
        f"(()=>{{const m=document.cookie.match(/(?:^|; )lang=(\\w+)/);"
        f'const l=m?m[1]:(navigator.language||"").slice(0,2);if(!/^({known})$/.test(l))return;'
        "if(!m)document.cookie=`lang=${l};path=/;max-age=31536000;samesite=lax`;"
        f'if(l!=="{DEFAULT}")document.documentElement.classList.add("lang-wait")}})()'
    )


def _call(function: str, *arguments: Any) -> rx.vars.StringVar:
    values = [LiteralVar.create(argument) for argument in arguments]
    return Var(
        _js_expr=f"{function}({', '.join(map(str, values))})",
        _var_type=str,
        _var_data=VarData.merge(_SPEAKS, *(value._get_all_var_data() for value in values)),
    ).to(str)
