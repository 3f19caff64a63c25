"""Every sentence exists in both languages, with the same blanks to fill."""

from __future__ import annotations

import re

import pytest

from crm_app.access.roles import permissions
from crm_app.cards.kinds import KINDS
from crm_app.core.i18n import LOCALES, Text, catalogue

PLACE = re.compile(r"\{(\w+)\}")
PLURAL_FORMS = {"ru": {"one", "few", "many", "other"}, "en": {"one", "other"}}


def places(text: Text) -> set[str]:
    """The blanks of a text, of all its forms together."""
    forms = text.values() if isinstance(text, dict) else [text]
    return {place for form in forms for place in PLACE.findall(form)}


def test_both_languages_have_the_same_keys():
    first, second = (catalogue(locale).keys() for locale in LOCALES)

    assert first ^ second == set()


def test_a_text_has_the_same_blanks_in_both_languages():
    russian, english = catalogue("ru"), catalogue("en")
    different = {key for key in russian if places(russian[key]) - {"n"} != places(english[key]) - {"n"}}

    assert different == set()


def test_every_permission_has_a_name_for_those_who_give_it():
    assert {name for name in permissions() if f"permission.{name}" not in catalogue("ru")} == set()


def test_every_kind_of_card_has_a_name():
    assert {kind for kind in KINDS if f"card.{kind}" not in catalogue("ru")} == set()


@pytest.mark.parametrize("locale", LOCALES)
def test_a_plural_has_every_form_of_its_language(locale):
    plurals = {key: set(text) for key, text in catalogue(locale).items() if isinstance(text, dict)}

    assert {key for key, forms in plurals.items() if forms != PLURAL_FORMS[locale]} == set()


@pytest.mark.parametrize("locale", LOCALES)
def test_no_text_is_empty_or_untranslated(locale):
    cyrillic = re.compile("[а-яё]", re.IGNORECASE)
    texts = {
        key: " ".join(text.values()) if isinstance(text, dict) else text for key, text in catalogue(locale).items()
    }

    assert {key for key, text in texts.items() if not text.strip()} == set()
    if locale == "en":
        # A language is named in itself, so that who reads no other finds it.
        assert {key for key, text in texts.items() if cyrillic.search(text) and ".language." not in key} == set()
