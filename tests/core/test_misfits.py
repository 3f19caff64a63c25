"""What does not fit is told in the reader's language, never in the words of the library that checks."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

import pytest
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from crm_app.core.misfits import MOST, refusal


class Address(BaseModel):
    model_config = ConfigDict(extra="forbid")
    city: str


WRONG: list[tuple[Any, Any, str, str]] = [
    (int, "x", "Нужно число", "A number is needed"),
    (int, 1.5, "Нужно число", "A number is needed"),
    (float, "x", "Нужно число", "A number is needed"),
    (bool, "maybe", "Нужно «да» или «нет»: true или false", "Yes or no is needed: true or false"),
    (str, 5, "Нужен текст", "A text is needed"),
    (date, "yesterday", "Нужен день: 2026-11-22", "A day is needed: 2026-11-22"),
    (
        AwareDatetime,
        "2026-11-22T10:00:00",
        "Нужно время с часовым поясом: 2026-11-22T10:00:00Z",
        "A time with its zone is needed: 2026-11-22T10:00:00Z",
    ),
    (Literal["open", "done"], "x", "Возможные значения: 'open', 'done'", "Possible values: 'open', 'done'"),
    (Annotated[str, Field(max_length=2)], "abc", "Не длиннее 2 знаков", "At most 2 characters"),
    (Annotated[str, Field(min_length=2)], "a", "Не короче 2 знаков", "At least 2 characters"),
    (Annotated[int, Field(le=9)], 10, "Слишком большое число, предел 9", "The number is too large, the limit is 9"),
    (Annotated[int, Field(ge=1)], 0, "Слишком маленькое число, предел 1", "The number is too small, the limit is 1"),
    (list[int], 5, "Нужен список", "A list is needed"),
    (Annotated[list[int], Field(max_length=1)], [1, 2], "Не больше 1 значений", "At most 1 values"),
    (dict[str, int], 5, "Нужен объект с полями", "An object with fields is needed"),
    (Address, {}, "Нужно значение", "A value is needed"),
    (Address, {"city": "a", "town": "b"}, "Такого поля нет", "There is no such field"),
    (Annotated[str, Field(pattern="^a$")], "b", "Значение не того вида", "The value has not the form that is needed"),
    (bytes, 5, "Недопустимое значение", "Not a valid value"),
]


def refused(wanted: Any, value: Any) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(wanted).validate_python(value)
    return caught.value


@pytest.mark.parametrize(("wanted", "value", "russian", "english"), WRONG)
def test_it_is_said_in_the_readers_language(wanted: Any, value: Any, russian: str, english: str) -> None:
    (reason,) = refusal(refused(wanted, value)).reasons

    assert (reason.text("ru"), reason.text("en")) == (russian, english)
    assert reason.code == "core.error.bad_value"
    assert not re.search("[a-z]{3,} [a-z]{3,}", reason.text("ru"))


def test_the_field_is_named_by_its_path() -> None:
    error = refusal(refused(dict[str, list[Address]], {"places": [{"city": 5}]}))

    assert [reason.field for reason in error.reasons] == ["places.0.city"]
    assert error.params["fields"] == "places.0.city"


def test_a_thousand_wrong_values_are_told_in_a_few() -> None:
    error = refusal(refused(list[int], ["x"] * 1_000))

    assert len(error.reasons) == MOST and len(error.params["fields"]) <= 500
