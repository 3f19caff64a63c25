"""The fields that a column can feed, and the headings people give them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from crm_app.core.folding import fold

SIMILAR_ENOUGH = 86


@dataclass(frozen=True, slots=True)
class Field:
    """name: of ClientDraft; headings: folded, in Russian and English; many: several columns may feed it."""

    name: str
    headings: tuple[str, ...]
    many: bool = False

    @property
    def key(self) -> str:
        """Of the dictionaries: what people call it."""
        return f"contacts.field.{self.name}"


def _field(name: str, headings: str, *, many: bool = False) -> Field:
    return Field(name, tuple(fold(heading) for heading in headings.split("|")), many)


FIELDS = (
    _field(
        "name",
        "название|название или имя|имя|наименование|"
        "фио|ф.и.о.|клиент|контрагент|компания|организация|фирма|юр лицо|заказчик|покупатель|"
        "полное наименование|краткое наименование|название компании|наименование организации|наименование контрагента|"
        "название организации|имя клиента|ф и о|фамилия имя отчество|"
        "name|full name|client|customer|company|company name|account name|organization|organisation|display name",
    ),
    _field("kind", "вид|кто|company or person|вид клиента|вид контрагента|компания или человек|"
        "юр/физ|физ/юр|вид лица|kind|entity type"),
    _field(
        "type", "тип|тип клиента|тип контрагента|категория|группа клиента|отношения|type|client type|category|relation"
    ),
    _field("status", "статус|статус клиента|состояние|стадия|status|state|client status|lifecycle stage"),
    _field(
        "phones",
        "телефон|телефоны|тел|тел.|номер телефона|контактный телефон|рабочий телефон|мобильный|мобильный телефон|"
        "сотовый|моб|домашний телефон|телефон 1|телефон 2|факс|phone|phones|phone number|mobile|mobile phone|cell|"
        "work phone|tel|telephone|fax",
        many=True,
    ),
    _field(
        "emails",
        "e-mail|е-mail|email|мейл|имейл|емайл|почта|эл. почта|эл почта|электронная почта|адрес электронной почты|"
        "электронный адрес|email address|e-mail address|mail|emails",
        many=True,
    ),
    _field("site", "сайт|веб-сайт|интернет-сайт|адрес сайта|www|url|site|website|web site|web|homepage"),
    _field("inn", "инн|инн клиента|инн организации|инн/кио|inn|tin|tax id|tax number|vat|vat number"),
    _field("kpp", "кпп|kpp"),
    _field("ogrn", "огрн|огрнип|огрн/огрнип|ogrn|registration number"),
    _field("bic", "бик|бик банка|bic|swift"),
    _field("account", "расчетный счет|р/с|счет|номер счета|р/счет|account|account number|bank account|iban"),
    _field("city", "город|населенный пункт|город клиента|city|town"),
    _field(
        "address",
        "адрес|юридический адрес|фактический адрес|почтовый адрес|юр. адрес|факт. адрес|местонахождение|улица|"
        "address|street|street address|postal address|legal address",
        many=True,
    ),
    _field(
        "activity",
        "вид деятельности|деятельность|отрасль|сфера деятельности|сфера|оквэд|industry|activity|business|sector",
    ),
    _field(
        "contact_name",
        "контактное лицо|контакт|представитель|контактное лицо (фио)|contact|contact person|contact name",
    ),
    _field("position", "должность|позиция|position|job title|title|organization 1 - title|organization title|role"),
    _field("employer", "место работы|работодатель|organization 1 - name|organization name|employer|works at"),
    _field("last_name", "фамилия|last name|family name|surname"),
    _field("first_name", "имя контакта|first name|given name|forename"),
    _field("patronymic", "отчество|middle name|additional name|patronymic"),
    _field(
        "responsible",
        "ответственный|менеджер|ответственный менеджер|ответственный сотрудник|куратор|responsible|manager|owner|"
        "account manager|assigned to",
    ),
    _field("tags", "метки|теги|тэги|ярлыки|метка|tags|labels|tag|label|group membership", many=True),
    _field(
        "first_contact",
        "первый контакт|дата первого контакта|дата создания|дата|дата добавления|клиент с|first contact|"
        "date|created|created at|date created|since",
    ),
    _field("birthday", "день рождения|дата рождения|др|birthday|date of birth|birth date|dob"),
    _field(
        "revenue",
        "оборот|выручка|сумма|объем продаж|годовой оборот|сумма продаж|доход|"
        "revenue|turnover|amount|annual revenue|sales",
    ),
    _field("note", "комментарий|комментарии|заметка|заметки|примечание|примечания|описание|дополнительно|"
           "note|notes|comment|comments|description|remarks|memo", many=True),
)  # fmt: skip

BY_NAME = {field.name: field for field in FIELDS}

_BY_HEADING = {heading: field.name for field in FIELDS for heading in field.headings}
_UNITS = re.compile(r"[,(]?\s*\b(?:руб|р|rub|rur|usd|eur|тыс\.? руб)\b\.?\)?$|[,(]?\s*[₽$€]\)?$|[*:]+$")
_NUMBERED = re.compile(r"^(e-mail|phone|website|телефон|почта|email) \d+(?: - value)?$")
_LABELS = re.compile(r"^(?:e-mail|phone|website|address|email) \d+ - (?:type|label)$")
_ALL = tuple(_BY_HEADING)


@lru_cache(maxsize=4096)
def field_of_heading(heading: str) -> str:
    """The field that a heading names exactly, units and numbers aside ("Оборот, руб.", "Phone 2 - Value"), or ""."""
    folded = fold(heading).replace("_", " ")
    if _LABELS.match(folded):
        return ""
    bare = _UNITS.sub("", folded).strip(" .:*,")
    numbered = _NUMBERED.sub(r"\1", bare)
    return _BY_HEADING.get(folded) or _BY_HEADING.get(bare) or _BY_HEADING.get(numbered) or ""


@lru_cache(maxsize=4096)
def similar_field(heading: str) -> tuple[str, float]:
    """The field whose heading is closest to a misspelt or longer one, and how close of 100; ("", 0) if none is."""
    from rapidfuzz import fuzz, process  # the parser's process knows its columns, and is not to wait for it

    folded = fold(heading)
    if len(folded) < 4 or _LABELS.match(folded):
        return "", 0
    found = process.extractOne(folded, _ALL, scorer=fuzz.ratio, score_cutoff=SIMILAR_ENOUGH)
    if found is None:
        found = process.extractOne(folded, _ALL, scorer=fuzz.token_sort_ratio, score_cutoff=SIMILAR_ENOUGH)
    return (_BY_HEADING[found[0]], found[1]) if found else ("", 0)
