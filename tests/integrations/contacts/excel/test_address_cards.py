"""Address books of every version, as phones write them, and such as nobody should send."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crm_app.clients.intake import Terms
from crm_app.contacts.intake import ContactIntake
from crm_app.core.errors import BadInput, TooBig
from crm_app.integrations.contacts.excel.address_cards import HEADINGS
from crm_app.integrations.contacts.excel.guard import Limits, check_file
from crm_app.integrations.contacts.excel.source import PLUGIN
from crm_app.integrations.contacts.excel.table import open_table, preview

FORM = f"{ContactIntake.__module__}:{ContactIntake.__name__}"

OLD = """BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=98=D0=B2=D0=B0=D0=BD=D0=BE=D0=B2;=D0=98=D0=B2=D0=B0=D0=BD;=
=D0=98=D0=B2=D0=B0=D0=BD=D0=BE=D0=B2=D0=B8=D1=87;;
TEL;CELL:+7 916 123-45-67
TEL;HOME;VOICE:8 495 123-45-67
EMAIL;X-INTERNET:ivanov@mail.ru
ADR;HOME:;;Ленина, 1;Тула;;300000;Россия
BDAY:19800512
NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=windows-1251:=CF=F0=E8=E2=E5=F2
PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD
AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA

END:VCARD
"""
NEWER = """BEGIN:VCARD
VERSION:3.0
N:Петрова;Анна;;;
FN:Анна Петрова
item1.ORG:ООО «Вектор»;Бухгалтерия
TITLE:Главный
  бухгалтер
TEL;TYPE=CELL:89161234568
item1.EMAIL;type=INTERNET:anna@a.ru
EMAIL:a.petrova@b.ru
CATEGORIES:вип,опт
URL:https://t.me/anna
BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-12
NOTE:Звонить\\, но\\nутром
END:VCARD
"""
NEWEST = """BEGIN:VCARD
VERSION:4.0
FN:Forrest Gump
N:Gump;Forrest;;Mr.;
TEL;TYPE="work,voice";VALUE=uri:tel:+1-650-253-0000;ext=102
EMAIL:mailto:f@example.com
BDAY:--0412
IMPP:xmpp:f@example.com
END:VCARD
BEGIN:VCARD
VERSION:4.0
KIND:org
FN:Bubba Gump
END:VCARD
"""


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "book"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def cards(path: Path) -> list[dict[str, Any]]:
    with open_table(path, card="contact") as table:
        assert table.headings == HEADINGS
        return [{h: c for h, c in zip(HEADINGS, cells, strict=False) if c} for _, cells in table.rows()]


def test_version_2_in_its_old_encodings(tmp_path: Path) -> None:
    (card,) = cards(write(tmp_path, OLD.replace("\n", "\r\n")))
    assert card == {
        "First Name": "Иван", "Middle Name": "Иванович", "Last Name": "Иванов", "E-mail 1 - Value": "ivanov@mail.ru",
        "Phone 1 - Value": "+7 916 123-45-67 ::: 8 495 123-45-67", "Birthday": "1980-05-12", "City": "Тула",
        "Address": "300000, Россия, Тула, Ленина, 1", "Notes": "Привет",
    }  # fmt: skip


def test_version_3_with_groups_folded_lines_and_several_values(tmp_path: Path) -> None:
    (card,) = cards(write(tmp_path, NEWER))
    assert card == {
        "First Name": "Анна", "Last Name": "Петрова", "Organization Name": "ООО «Вектор»",
        "Organization Title": "Главный бухгалтер", "E-mail 1 - Value": "anna@a.ru ::: a.petrova@b.ru",
        "Phone 1 - Value": "89161234568", "Labels": "вип ::: опт", "Website 1 - Value": "https://t.me/anna",
        "Birthday": "--05-12", "Notes": "Звонить, но\nутром",
    }  # fmt: skip


def test_version_4_with_addresses_for_values_and_a_company(tmp_path: Path) -> None:
    person, company = cards(write(tmp_path, NEWEST))
    assert person == {
        "First Name": "Forrest", "Last Name": "Gump", "E-mail 1 - Value": "f@example.com", "Birthday": "--0412",
        "Phone 1 - Value": "+1-650-253-0000 доб. 102", "Notes": "xmpp:f@example.com",
    }  # fmt: skip
    assert company == {"Organization Name": "Bubba Gump"}


def test_every_column_feeds_a_field_and_the_rows_become_contacts(tmp_path: Path) -> None:
    path = write(tmp_path, OLD + NEWER + NEWEST)
    assert check_file(path) == "vcf"
    mapping = preview(path, card="contact").fields
    assert mapping == [
        "name", "first_name", "patronymic", "last_name", "employer", "position", "emails", "phones", "birthday",
        "address", "city", "links", "tags", "note",
    ]  # fmt: skip
    (batch,) = PLUGIN.batches(path, mapping, Terms({}, form=FORM), card="contact")
    names = [each.values[1] for each in batch.prepared]
    assert names == ["Иванов Иван Иванович", "Петрова Анна", "Gump Forrest"]
    assert next(each.phones for each in batch.prepared) == ["+79161234567", "+74951234567"]
    assert [(told.row, told.outcome) for told in batch.told] == [(5, "bad")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1251"])
def test_every_encoding_of_the_file(tmp_path: Path, encoding: str) -> None:
    (card,) = cards(write(tmp_path, NEWER.replace("«", '"').replace("»", '"').encode(encoding)))
    assert card["Last Name"] == "Петрова"


@pytest.mark.parametrize(
    "broken",
    [
        "BEGIN:VCARD\nVERSION:3.0\nN:Один;\n",
        "BEGIN:VCARD\nEND:VCARD\n",
        "BEGIN:VCARD\nVERSION:3.0\nадрес без двоеточия\nEND:VCARD\n",
        "BEGIN:VCARD\nVERSION:2.1\nN;ENCODING=QUOTED-PRINTABLE;CHARSET=nonsense:=D0=98;\nEND:VCARD\n",
        "BEGIN:VCARD\nVERSION:3.0\nNOTE;ENCODING=b:not base64!!\nEND:VCARD\n",
        "BEGIN:VCARD\nVERSION:3.0\nBEGIN:VEVENT\nEND:VCARD\n",
        "BEGIN:VCARD\nVERSION:3.0\nN;" + "X=;" * 2000 + ":Имя\nEND:VCARD\n",
        "BEGIN:VCARD\nVERSION:3.0\nORG:\nN:\nADR:\nCATEGORIES:\nEND:VCARD\n",
    ],
)
def test_a_broken_card_spoils_no_other(tmp_path: Path, broken: str) -> None:
    path = write(tmp_path, broken + NEWER)
    mapping = preview(path, card="contact").fields
    batches = list(PLUGIN.batches(path, mapping, Terms({}, form=FORM), card="contact"))
    prepared = [each.values[1] for batch in batches for each in batch.prepared]
    assert prepared[-1] == "Петрова Анна"
    assert all(told.outcome == "bad" for batch in batches for told in batch.told)


def test_pictures_of_any_size_never_get_to_the_library(tmp_path: Path) -> None:
    picture = "PHOTO;ENCODING=b;TYPE=JPEG:" + "\n ".join(["A" * 74] * 30_000)
    (card,) = cards(write(tmp_path, NEWER.replace("TITLE", f"{picture}\nTITLE")))
    assert card["Organization Title"] == "Главный бухгалтер"


def test_a_card_without_end_in_a_hostile_file_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "BEGIN:VCARD\n" + "NOTE:" + "x" * 600_000 + "\n" + "NOTE:y\n" * 100_000)
    with pytest.raises(BadInput):
        cards(path)


def test_a_file_of_endless_cards_costs_what_it_may(tmp_path: Path) -> None:
    path = write(tmp_path, NEWER * 60)
    with pytest.raises(TooBig), open_table(path, limits=Limits(rows=50), card="contact") as table:
        list(table.rows())


BEFORE, AFTER = "BEGIN:VCARD\nVERSION:2.1\nN:Лукин;Пров\n", "TEL;CELL:89150000001\nEND:VCARD\n"
LUKIN = {"First Name": "Пров", "Last Name": "Лукин", "Phone 1 - Value": "89150000001"}


@pytest.mark.parametrize(
    "agent",
    [
        "AGENT:\nBEGIN:VCARD\nVERSION:2.1\nN:Friday;Fred\nTEL;WORK:+12135551234\nEND:VCARD\n",
        "AGENT;X=1:\nBEGIN:VCARD\nN:One;A\nAGENT:\nBEGIN:VCARD\nN:Two;B\nEND:VCARD\nEMAIL:a@b.ru\nEND:VCARD\n",
        "AGENT:BEGIN:VCARD\\nFN:Susan\\nTEL:+19195551234\\nEND:VCARD\\n\n",
        "item1.AGENT;VALUE=uri:CID:JQPUBLIC.part3\n",
        "AGENT:\nBEGIN:VCARD\n" * 1_000 + "END:VCARD\n" * 1_000,
    ],
)
def test_who_stands_in_for_a_person_is_no_part_of_the_card(tmp_path: Path, agent: str) -> None:
    one, other = cards(write(tmp_path, f"{BEFORE}{agent}{AFTER}{BEFORE}{AFTER}"))
    assert one == other == LUKIN


def test_one_who_stands_in_and_has_no_end_spoils_no_other(tmp_path: Path) -> None:
    broken, whole = cards(write(tmp_path, f"{BEFORE}AGENT:\nBEGIN:VCARD\nN:Friday;Fred\n{BEFORE}{AFTER}"))
    assert broken.keys() == {"Notes"} and whole == LUKIN


@pytest.mark.parametrize(
    ("name", "charset"),
    [
        ("N;CHARSET=windows-1251;ENCODING=QUOTED-PRINTABLE:=CB=F3=EA=E8=ED;=CF=F0=EE=E2", "cp1251"),
        ("N;QUOTED-PRINTABLE;CHARSET=UTF-8:=D0=9B=D1=83=D0=BA=D0=B8=D0=BD;=D0=9F=D1=80=\n=D0=BE=D0=B2", "utf-8"),
        ("N;encoding=quoted-printable;charset=utf-8:=D0=9B=D1=83=D0=BA=D0=B8=D0=BD;=D0=9F=D1=80=D0=BE=D0=B2", "utf-8"),
        ("N;Quoted-Printable;LANGUAGE=ru;CHARSET=KOI8-R:=EC=D5=CB=C9=CE;=F0=D2=CF=D7", "koi8-r"),
    ],
)
def test_names_in_whatever_way_they_are_quoted(tmp_path: Path, name: str, charset: str) -> None:
    assert cards(write(tmp_path, f"BEGIN:VCARD\nVERSION:2.1\n{name}\n{AFTER}")) == [LUKIN], charset


@pytest.mark.parametrize(
    "name",
    [
        "N;CHARSET=KLINGON;ENCODING=QUOTED-PRINTABLE:=CB;=CF",
        "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=CB=F3;=CF",
        "N;CHARSET=zlib_codec;ENCODING=QUOTED-PRINTABLE:x=9C",
        "N;CHARSET=../../etc;ENCODING=QUOTED-PRINTABLE:x",
        "KIND:group\nFN:Друзья\nMEMBER:urn:uuid:03a0e51f",
    ],
)
def test_what_names_nobody_is_a_bad_row_of_its_own(tmp_path: Path, name: str) -> None:
    odd, whole = cards(write(tmp_path, f"BEGIN:VCARD\nVERSION:2.1\n{name}\n{AFTER}{BEFORE}{AFTER}"))
    assert odd.keys() == {"Notes"} and whole == LUKIN
