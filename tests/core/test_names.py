"""Names: one key for one firm however it is spelt, the parts of a person's name, firm or person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_app.core.folding import fold
from crm_app.core.names import PersonName, guess_kind, name_key, person_key, split_person


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_a_key_does_not_depend_on_case_and_spaces(text):
    assert name_key(f"  {fold(text)} ") == name_key(text)


@pytest.mark.parametrize(
    "spelling",
    [
        "ООО «Ёлка и Ко»",
        "ЕЛКА И КО, ООО",
        'ооо "Елка  и  Ко"',
        "ЗАО Елка и Ко",
        "Общество с ограниченной ответственностью «Ёлка и Ко»",
        "АКЦИОНЕРНОЕ ОБЩЕСТВО Ёлка-и-Ко",
        "Елка и Ко LLC",
    ],
)
def test_one_firm_has_one_key(spelling):
    assert name_key(spelling) == "елкаико"


_FORMS = ("ООО", "ЗАО", "АО", "ПАО", "Общество с ограниченной ответственностью", "Акционерное общество", "LLC")
_WORDS = st.lists(st.sampled_from(["Ёлка", "Вектор", "заря", "Ещё", "Мёд", "Tula", "21"]), min_size=1, max_size=4)


@given(_WORDS, st.sampled_from(_FORMS), st.sampled_from(["{f} «{n}»", '{n}, {f}', '{f} "{n}"', "«{n}» {f}"]),
       st.sampled_from([str.upper, str.lower, str.title, str]), st.booleans())  # fmt: skip
def test_legal_form_quotes_case_and_yo_never_change_a_key(words, form, shape, cased, with_yo):
    name = " ".join(words)
    spelt = cased(shape.format(f=form, n=name))
    assert name_key(spelt if with_yo else spelt.replace("ё", "е").replace("Ё", "Е")) == name_key(name)


@given(_WORDS, st.randoms(use_true_random=False), st.sampled_from([str.upper, str.lower, str.title]))
def test_a_person_has_one_key_in_any_order_case_and_yo(words, dice, cased):
    mixed = dice.sample(words, len(words))
    assert person_key(cased("  ".join(mixed)).replace("ё", "е")) == person_key(" ".join(words))


def test_other_firms_have_other_keys():
    names = ["НПО «Луч»", "ООО «Луч»", "ООО «Лучи»", "Луч Групп", "ООО", ""]
    assert len({name_key(name) for name in names}) == len(names)


def test_a_person_has_one_key_in_any_order():
    assert person_key("тов. Лапин Пётр Ильич") == person_key("Петр Ильич  ЛАПИН") != person_key("Лапин Павел Ильич")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Лукин Пров Ильич", ("Лукин", "Пров", "Ильич")),
        ("Пров Ильич Лукин", ("Лукин", "Пров", "Ильич")),
        ("г-жа Анна Иванова", ("Иванова", "Анна", "")),
        ("Иванова Марина", ("Иванова", "Марина", "")),
        ("Константин Пушкин", ("Пушкин", "Константин", "")),
        ("Иван Иванович Рабинович", ("Рабинович", "Иван", "Иванович")),
        ("Абрамович Роман Аркадьевич", ("Абрамович", "Роман", "Аркадьевич")),
        ("Галина Болеславовна", ("", "Галина", "Болеславовна")),
        ("Мамедов Али Гасан оглы", ("Мамедов", "Али", "Гасан оглы")),
        ("John Ronald Smith", ("Smith", "John", "Ronald")),
        ("Анна", ("", "Анна", "")),
        ("", ("", "", "")),
    ],
)
def test_a_full_name_falls_into_its_parts(text, parts):
    assert split_person(text) == PersonName(*parts)


@given(st.lists(st.text(st.characters(categories=["L"]), min_size=1), max_size=5))
def test_no_word_of_a_name_is_lost(words):
    text = " ".join(words)
    parts = split_person(text)
    lost = set(text.split()) - set(str(parts).split())
    assert all(fold(word) in ("господин", "госпожа", "тов", "товарищ", "гр", "mr", "mrs", "ms", "dr") for word in lost)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ООО «Ромашка»", "company"),
        ("Горшкова Инк", "company"),
        ("Ситибанк", "company"),
        ("Иванов и партнеры", "company"),
        ("Авдеева Милица Валериевна", "person"),
        ("Анна Петрова", "person"),
        ("John Smith", "person"),
    ],
)
def test_a_firm_is_told_from_a_person(name, kind):
    assert guess_kind(name) == kind


def test_requisites_speak_louder_than_the_name():
    assert guess_kind("Анна Петрова", inn="7707083893") == "company"
    assert guess_kind("Анна Петрова", kpp="773601001") == "company"
