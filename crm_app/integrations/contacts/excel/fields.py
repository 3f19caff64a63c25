"""The fields that a column can feed, and the headings people give them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from crm_app.core.folding import fold

SIMILAR_ENOUGH = 86


@dataclass(frozen=True, slots=True)
class Field:
    """name: of the draft; headings: folded, in Russian and English; many: several columns may feed it; card: whose."""

    name: str
    headings: tuple[str, ...]
    many: bool = False
    card: str = "client"

    @property
    def key(self) -> str:
        """Of the dictionaries: what people call it."""
        named = _CALLED_OTHERWISE.get((self.card, self.name))
        return named or f"contacts.field.{self.name}"


_CALLED_OTHERWISE = {
    ("contact", "name"): "contacts.field.person", ("contact", "employer"): "contacts.field.workplace",
    ("contact", "inn"): "contacts.field.workplace_inn", ("lead", "name"): "field.lead.name",
    **{("lead", name): f"field.lead.{name}" for name in ("utm_source", "utm_medium", "utm_term", "utm_content")},
}  # fmt: skip
"""What a field is called where the same name means another thing."""


def _field(name: str, headings: str, *, many: bool = False, card: str = "client") -> Field:
    return Field(name, tuple(fold(heading) for heading in headings.split("|")), many, card)


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
    _field("bank", "банк|наименование банка|название банка|банк получателя|bank|bank name"),
    _field("corr_account", "корреспондентский счет|корр. счет|корр счет|корсчет|к/с|к/счет|correspondent account"),
    _field("accounts", "другие счета|дополнительные счета|прочие счета|счета|other accounts|accounts", many=True),
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


_NAMES = {field.name: field for field in FIELDS}


def _like(name: str, card: str, headings: str = "", *, of: str = "", many: bool | None = None) -> Field:
    """A field whose headings are, beside its own, those of a client's field. of: which one, the same where left out."""
    known = _NAMES[of or name]
    own = tuple(fold(heading) for heading in headings.split("|") if heading)
    return Field(name, (*own, *known.headings), known.many if many is None else many, card)


_PERSON = (
    "фио|ф.и.о.|ф и о|имя|имя и фамилия|фамилия и имя|фамилия имя|фамилия имя отчество|полное имя|контакт|"
    "контактное лицо|сотрудник|человек|имя контакта|name|full name|contact|contact name|contact person|person|"
    "display name"
)
_FIRM = (
    "компания|организация|фирма|клиент|контрагент|название компании|наименование организации|название организации|"
    "наименование контрагента|юр лицо|company|company name|account name|organization|organisation|client|customer"
)

CONTACT_FIELDS = (
    _field("name", _PERSON, card="contact"),
    _like("last_name", "contact"),
    _field("first_name", "имя собственное|first name|given name|forename", card="contact"),
    _like("patronymic", "contact"),
    _like("phones", "contact"),
    _like("emails", "contact"),
    _like("employer", "contact", _FIRM),
    _like("inn", "contact", "инн компании|инн контрагента|company inn"),
    _like("position", "contact"),
    _like("birthday", "contact"),
    _like("city", "contact"),
    _like("address", "contact"),
    _like("links", "contact", "ссылки|соцсети|социальные сети|страница|links|profile", of="site", many=True),
    _like("responsible", "contact"),
    _like("tags", "contact"),
    _like("note", "contact"),
)

LEAD_FIELDS = (
    _field("name", "лид|название|название лида|заявка|обращение|тема|lead|lead name|name|subject|title", card="lead"),
    _field("person", _PERSON.replace("|name|", "|"), card="lead"),
    _like("last_name", "lead"),
    _like("first_name", "lead"),
    _like("patronymic", "lead"),
    _like("organisation", "lead", _FIRM, of="employer"),
    _field(
        "position", "должность|позиция|position|job title|role|organization 1 - title|organization title", card="lead"
    ),
    _like("phones", "lead"),
    _like("emails", "lead"),
    _like("site", "lead"),
    _like("city", "lead"),
    _field("source", "источник|источник лида|откуда|откуда узнали|source|lead source", card="lead"),
    _field("channel", "канал|канал связи|способ обращения|channel", card="lead"),
    _field("utm_source", "utm source|utm-метка источника", card="lead"),
    _field("utm_medium", "utm medium", card="lead"),
    _field("utm_campaign", "utm campaign|кампания|рекламная кампания|campaign|campaign name", card="lead"),
    _field("utm_term", "utm term|ключевое слово", card="lead"),
    _field("utm_content", "utm content", card="lead"),
    _field(
        "interest", "интерес|что интересует|интересует|потребность|запрос|товар|продукт|услуга|interest|product|"
        "request|need", card="lead",
    ),
    _like("responsible", "lead"),
    _like("tags", "lead"),
    _like("note", "lead", "текст|сообщение|message"),
)  # fmt: skip

_FIELDS_OF = {"client": FIELDS, "contact": CONTACT_FIELDS, "lead": LEAD_FIELDS}


def fields_of(card: str) -> tuple[Field, ...]:
    """What columns can feed, by what the rows are."""
    return _FIELDS_OF[card]


@lru_cache
def by_name(card: str) -> dict[str, Field]:
    """The fields of a kind of card by their names."""
    return {field.name: field for field in _FIELDS_OF[card]}


@lru_cache
def _by_heading(card: str) -> dict[str, str]:
    """The first field that claims a heading has it."""
    return {heading: field.name for field in reversed(_FIELDS_OF[card]) for heading in field.headings}


_UNITS = re.compile(r"[,(]?\s*\b(?:руб|р|rub|rur|usd|eur|тыс\.? руб)\b\.?\)?$|[,(]?\s*[₽$€]\)?$|[*:]+$")
_NUMBERED = re.compile(r"^(e-mail|phone|website|телефон|почта|email) \d+(?: - value)?$")
_LABELS = re.compile(r"^(?:e-mail|phone|website|address|email) \d+ - (?:type|label)$")


@lru_cache(maxsize=4096)
def field_of_heading(heading: str, card: str = "client") -> str:
    """The field that a heading names exactly, units and numbers aside ("Оборот, руб.", "Phone 2 - Value"), or ""."""
    folded = fold(heading).replace("_", " ")
    if _LABELS.match(folded):
        return ""
    bare = _UNITS.sub("", folded).strip(" .:*,")
    numbered = _NUMBERED.sub(r"\1", bare)
    known = _by_heading(card)
    return known.get(folded) or known.get(bare) or known.get(numbered) or ""


@lru_cache(maxsize=4096)
def similar_field(heading: str, card: str = "client") -> tuple[str, float]:
    """The field whose heading is closest to a misspelt or longer one, and how close of 100; ("", 0) if none is."""
    from rapidfuzz import fuzz, process  # the parser's process knows its columns, and is not to wait for it

    folded = fold(heading)
    if len(folded) < 4 or _LABELS.match(folded):
        return "", 0
    known = _by_heading(card)
    found = process.extractOne(folded, known.keys(), scorer=fuzz.ratio, score_cutoff=SIMILAR_ENOUGH)
    if found is None:
        found = process.extractOne(folded, known.keys(), scorer=fuzz.token_sort_ratio, score_cutoff=SIMILAR_ENOUGH)
    return (known[found[0]], found[1]) if found else ("", 0)
