"""Names of firms and people: keyed for comparison, split into parts, told apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from crm_app.core.folding import fold

Kind = Literal["company", "person"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LEGAL_PHRASES = re.compile(
    r"\b(?:общество с (?:ограниченной|дополнительной) ответственностью"
    r"|(?:непубличное |публичное |открытое |закрытое |российское )?\w?акционерное общество"
    r"|индивидуальный предприниматель|товарищество собственников (?:жилья|недвижимости)"
    r"|(?:федеральное )?(?:государственное|муниципальное) унитарное предприятие"
    r"|(?:автономная )?некоммерческая организация|крестьянское (?:\(?фермерское\)? )?хозяйство)(?!\w)"
)
_LEGAL_WORDS = _words(
    "ооо оао ао пао зао нао рао одо тоо ип чп пбоюл кфх ано нко гуп муп фгуп мкп снт тсж тсн жск пк спк "
    "llc ltd inc gmbh llp plc corp co jsc oao ooo pao zao ip лтд"
)
_COMPANY_WORDS = _LEGAL_WORDS | _words(
    "нпо нпп пкф гк тд чоп групп группа компания фирма завод банк холдинг корпорация концерн лимитед инк "
    "инкорпорэйтед партнеры союз фонд центр агентство магазин студия салон институт университет школа больница "
    "клиника отель гостиница ресторан кафе трест комбинат фабрика склад сервис строй group company bank holding "
    "limited incorporated foundation"
)
_HONORIFICS = _words("г-н г-жа господин госпожа тов товарищ гр mr mrs ms dr д-р")
_TOKEN = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_WORD = re.compile(r"[^\W_]+")
_PATRONYMIC = re.compile(r".{2,}(?:[оеё]вич|[оеё]вна|ична)|(?:иль|кузьм|фом|лук|никит|ион|сав+|фок)ич|.*(?:оглы|кызы)")
_SURNAME = re.compile(
    r".{2,}(?:[оеё]в|[оеё]ва|[иы]н|[иы]на|[сц]кий|[сц]кая|[оеё]й|енко|чук|швили|дзе|ян)|.{2,}(?:ых|их|ко|ук|юк)"
)
_NOT_SURNAMES = _words(
    "константин валентин валентина марина ирина полина екатерина кристина алина карина регина ангелина арина нина "
    "галина лев мартин августин яков святослав ярослав вячеслав станислав мстислав владислав ростислав всеволод "
    "вера алевтина дина инна иван роман степан герман богдан тимофей алексей андрей сергей матвей елисей николай "
    "дмитрий юрий василий григорий евгений виталий валерий анатолий геннадий аркадий георгий феодосий любовь "
    "эвелина зоя лина ефим вениамин захар каролина сабина элина вадим павлин акулина октябрина фаина розалина "
    "василина владлена устин фотин антонин антонина капитолина ян емельян"
)


def name_key(text: str) -> str:
    """What is left of a firm's name when spelling is left out: legal form, quotes, case, ё, spaces and signs.

    "ООО «Ёлка и Ко»", "ЕЛКА И КО, ООО" and "Общество с ограниченной ответственностью Елка и Ко" have one key.
    A name of nothing but a legal form keeps it.
    """
    folded = fold(text)
    words = _WORD.findall(_LEGAL_PHRASES.sub(" ", folded))
    return "".join(word for word in words if word not in _LEGAL_WORDS) or "".join(words) or folded.replace(" ", "")


def person_key(text: str) -> str:
    """The same for a person's name, whose parts come in any order: "Лукин Пров" and "Пров Лукин" have one key."""
    return " ".join(sorted(token for token in _TOKEN.findall(fold(text)) if token not in _HONORIFICS))


@dataclass(frozen=True, slots=True)
class PersonName:
    """Parts of a person's name; any may be ""."""

    last_name: str = ""
    first_name: str = ""
    patronymic: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.last_name, self.first_name, self.patronymic) if part)


def split_person(text: str) -> PersonName:
    """A full name → its parts, in whichever of the usual orders it was written.

    The patronymic shows the order ("Лукин Пров Ильич", "Пров Ильич Лукин"); without one, the ending of a surname does.
    Latin names are first name, last name.
    """
    words = [word for word in text.replace(",", " ").split() if word.casefold().strip(".") not in _HONORIFICS]
    lows = [word.casefold() for word in words]
    if len(words) <= 1:
        return PersonName(first_name="".join(words))
    if len(words) == 2:
        return _split_two(words, lows)
    if _PATRONYMIC.fullmatch(lows[1]):
        return PersonName(" ".join(words[2:]), words[0], words[1])
    if _PATRONYMIC.fullmatch(lows[2]) or not words[0].isascii():
        return PersonName(words[0], words[1], " ".join(words[2:]))
    return PersonName(words[-1], words[0], " ".join(words[1:-1]))


def _split_two(words: list[str], lows: list[str]) -> PersonName:
    if _PATRONYMIC.fullmatch(lows[1]) and not _looks_like_surname(lows[0]):
        return PersonName("", words[0], words[1])
    if _looks_like_surname(lows[0]) and not _looks_like_surname(lows[1]):
        return PersonName(words[0], words[1])
    return PersonName(words[1], words[0])


def _looks_like_surname(word: str) -> bool:
    return word not in _NOT_SURNAMES and bool(_SURNAME.fullmatch(word))


def guess_kind(name: str, inn: str = "", kpp: str = "") -> Kind:
    """Is it a firm or a person? By requisites, then by legal form and words of the name, then by its shape."""
    if kpp or len(inn) == 10:
        return "company"
    folded = fold(name)
    words = [word for word in _TOKEN.findall(folded) if word not in _HONORIFICS]
    if any(sign in name for sign in '«»"“”„()&@/+=') or any(c.isdigit() for c in name):
        return "company"
    if _LEGAL_PHRASES.search(folded) or not _COMPANY_WORDS.isdisjoint(words) or not 2 <= len(words) <= 4:
        return "company"
    if any(_PATRONYMIC.fullmatch(word) for word in words[1:]):
        return "person"
    return "person" if len(words) < 4 and _person_shaped(name, words) else "company"


def _person_shaped(name: str, words: list[str]) -> bool:
    if not all(part[:1].isupper() for part in name.split()) or name.isupper():
        return False
    return name.isascii() or any(_looks_like_surname(word) for word in words)
