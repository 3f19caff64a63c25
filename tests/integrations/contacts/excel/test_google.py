"""Google's exports of contacts as they are: that of today and the one before, with all their columns."""

from __future__ import annotations

import csv
import io

import pytest

from crm_app.clients.drafts import ClientDraft
from crm_app.clients.intake import Intake
from crm_app.contacts.intake import ContactIntake
from crm_app.integrations.contacts.excel.google import google_field, google_group
from crm_app.integrations.contacts.excel.mapping import guess_mapping
from crm_app.integrations.contacts.excel.rows import Drafter
from crm_app.leads.intake import LeadIntake

FORMS: dict[str, type[Intake]] = {"client": Intake, "contact": ContactIntake, "lead": LeadIntake}
_ADDRESS = ("Formatted", "Street", "City", "PO Box", "Region", "Postal Code", "Country", "Extended Address")
TODAY = [
    "First Name", "Middle Name", "Last Name", "Phonetic First Name", "Phonetic Middle Name", "Phonetic Last Name",
    "Name Prefix", "Name Suffix", "Nickname", "File As", "Organization Name", "Organization Title",
    "Organization Department", "Birthday", "Notes", "Photo", "Labels", "E-mail 1 - Label", "E-mail 1 - Value",
    "E-mail 2 - Label", "E-mail 2 - Value", "Phone 1 - Label", "Phone 1 - Value", "Phone 2 - Label", "Phone 2 - Value",
    "Address 1 - Label", *(f"Address 1 - {part}" for part in _ADDRESS),
    "Address 2 - Label", *(f"Address 2 - {part}" for part in _ADDRESS),
    "Relation 1 - Label", "Relation 1 - Value", "Website 1 - Label", "Website 1 - Value",
    "Event 1 - Label", "Event 1 - Value", "Custom Field 1 - Label", "Custom Field 1 - Value",
]  # fmt: skip
BEFORE = [
    "Name", "Given Name", "Additional Name", "Family Name", "Yomi Name", "Given Name Yomi", "Additional Name Yomi",
    "Family Name Yomi", "Name Prefix", "Name Suffix", "Initials", "Nickname", "Short Name", "Maiden Name", "Birthday",
    "Gender", "Location", "Billing Information", "Directory Server", "Mileage", "Occupation", "Hobby", "Sensitivity",
    "Priority", "Subject", "Notes", "Language", "Photo", "Group Membership", "E-mail 1 - Type", "E-mail 1 - Value",
    "Phone 1 - Type", "Phone 1 - Value", "Address 1 - Type", *(f"Address 1 - {part}" for part in _ADDRESS),
    "Organization 1 - Type", "Organization 1 - Name", "Organization 1 - Yomi Name", "Organization 1 - Title",
    "Organization 1 - Department", "Organization 1 - Symbol", "Organization 1 - Location",
    "Organization 1 - Job Description", "Organization 2 - Type", "Organization 2 - Name", "Organization 2 - Title",
    "Relation 1 - Type", "Relation 1 - Value", "Website 1 - Type", "Website 1 - Value", "Event 1 - Type",
    "Event 1 - Value", "Custom Field 1 - Type", "Custom Field 1 - Value",
]  # fmt: skip
ANNA_TODAY = {
    "First Name": "Анна", "Middle Name": "Петровна", "Last Name": "Белкина", "File As": "Белкина",
    "Organization Name": "ООО «Вектор»", "Organization Title": "Закупки", "Organization Department": "Снабжение",
    "Birthday": "1988-02-29", "Notes": "Звонить после обеда", "Photo": "https://lh3.googleusercontent.com/contacts/A",
    "Labels": "Поставщики ::: * myContacts ::: * starred", "E-mail 1 - Label": "* Work",
    "E-mail 1 - Value": "anna@vector.example ::: a.belkina@vector.example", "E-mail 2 - Label": "Home",
    "E-mail 2 - Value": "anna@home.example", "Phone 1 - Label": "Mobile", "Phone 1 - Value": "+7 915 123-45-67",
    "Phone 2 - Label": "Work", "Phone 2 - Value": "8 (495) 123-45-67 ::: +7 495 765-43-21",
    "Address 1 - Label": "Work", "Address 1 - Formatted": "ул. Мира, 1\nТула\n300000\nRU",
    "Address 1 - Street": "ул. Мира, 1", "Address 1 - City": "Тула", "Address 1 - Postal Code": "300000",
    "Address 1 - Country": "RU", "Address 2 - Label": "Home", "Address 2 - Formatted": "пр. Ленина, 2\nОрёл",
    "Address 2 - Street": "пр. Ленина, 2", "Address 2 - City": "Орёл", "Relation 1 - Label": "Spouse",
    "Relation 1 - Value": "Пётр Белкин", "Website 1 - Label": "Profile", "Website 1 - Value": "https://vector.example",
    "Event 1 - Label": "Anniversary", "Event 1 - Value": "2010-06-12", "Custom Field 1 - Label": "Код",
    "Custom Field 1 - Value": "77",
}  # fmt: skip
ANNA_BEFORE = {
    "Name": "Анна Петровна Белкина", "Given Name": "Анна", "Additional Name": "Петровна", "Family Name": "Белкина",
    "Birthday": " --02-29", "Notes": "Звонить после обеда", "Group Membership": "Поставщики ::: * My Contacts",
    "E-mail 1 - Type": "* Work", "E-mail 1 - Value": "anna@vector.example ::: anna@home.example",
    "Phone 1 - Type": "Mobile", "Phone 1 - Value": "+7 915 123-45-67 ::: 8 (495) 123-45-67",
    "Address 1 - Type": "Work", "Address 1 - Formatted": "ул. Мира, 1\nТула, 300000", "Address 1 - City": "Тула",
    "Organization 1 - Type": "* ", "Organization 1 - Name": "ООО «Вектор»", "Organization 1 - Title": "Закупки",
    "Organization 2 - Name": "ООО «Заря»", "Organization 2 - Title": "Совладелец",
    "Website 1 - Type": "Profile", "Website 1 - Value": "https://vector.example",
    "Event 1 - Type": "Anniversary", "Event 1 - Value": "2010-06-12",
}  # fmt: skip


def export(headings: list[str], *rows: dict[str, str]) -> str:
    """The text of a file of Google's."""
    written = io.StringIO()
    writer = csv.DictWriter(written, headings, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue()


def drafted(text: str, card: str = "contact") -> tuple[ClientDraft, dict[str, str]]:
    """The first row as a draft, and what each column feeds."""
    headings, *rows = list(csv.reader(io.StringIO(text)))
    fields = [column.field for column in guess_mapping(headings, rows, card)]
    draft, problems = Drafter(headings, fields, form=FORMS[card]).draft(2, rows[0])
    assert problems == []
    return draft, dict(zip(headings, fields, strict=True))


def test_an_export_of_today_gives_all_that_a_card_has_room_for() -> None:
    anna, fields = drafted(export(TODAY, ANNA_TODAY))
    assert (anna.last_name, anna.first_name, anna.patronymic) == ("Белкина", "Анна", "Петровна")
    assert (anna.employer, anna.position, str(anna.birthday)) == ("ООО «Вектор»", "Закупки", "1988-02-29")
    assert anna.phones == ("+79151234567", "+74951234567", "+74957654321")
    assert anna.emails == ("anna@vector.example", "a.belkina@vector.example", "anna@home.example")
    assert (anna.city, anna.address) == ("Тула", "ул. Мира, 1, Тула, 300000, RU, пр. Ленина, 2, Орёл")
    assert (anna.tags, anna.note) == (("Поставщики",), "Звонить после обеда")
    left_out = {"Photo", "File As", "Nickname", "Phone 1 - Label", "Event 1 - Value", "Address 1 - Street"}
    assert {fields[heading] for heading in left_out} == {""}


def test_the_older_export_does_too_with_a_second_place_of_work_in_the_note() -> None:
    anna, fields = drafted(export(BEFORE, ANNA_BEFORE))
    assert (anna.last_name, anna.first_name, anna.patronymic) == ("Белкина", "Анна", "Петровна")
    assert (anna.employer, anna.position, anna.birthday) == ("ООО «Вектор»", "Закупки", None)
    assert anna.phones == ("+79151234567", "+74951234567")
    assert (anna.city, anna.address, anna.tags) == ("Тула", "ул. Мира, 1, Тула, 300000", ("Поставщики",))
    assert anna.note.splitlines() == [
        "Birthday: 29.02", "Звонить после обеда", "Organization 2 - Name: ООО «Заря»",
        "Organization 2 - Title: Совладелец",
    ]  # fmt: skip
    assert {fields[heading] for heading in ("Phone 1 - Type", "Location", "Occupation", "Event 1 - Value")} == {""}


@pytest.mark.parametrize("card", ["client", "contact", "lead"])
def test_every_kind_of_card_takes_both(card: str) -> None:
    for headings, row in ((TODAY, ANNA_TODAY), (BEFORE, ANNA_BEFORE)):
        _, fields = drafted(export(headings, row), card)
        assert fields["Phone 1 - Value"] == "phones" and fields["E-mail 1 - Value"] == "emails"
        assert fields["Address 1 - City"] == "city" and fields["Event 1 - Value"] == ""


def test_an_address_in_pieces_alone_is_put_together() -> None:
    headings = ["First Name", *(f"Address 1 - {part}" for part in _ADDRESS if part != "Formatted")]
    row = {
        "First Name": "Анна", "Address 1 - Street": "ул. Мира, 1", "Address 1 - City": "Тула",
        "Address 1 - Postal Code": "300000", "Address 1 - Country": "RU",
    }  # fmt: skip
    anna, _ = drafted(export(headings, row))
    assert (anna.city, anna.address) == ("Тула", "ул. Мира, 1, 300000, RU")


def test_other_tables_are_not_taken_for_googles() -> None:
    assert google_field("Location", ["Name", "Location"]) is None
    assert google_field("Phone", ["Phone"]) is None
    assert google_field("Photo", ["Name", "Phone 1 - Value"]) == ""


@pytest.mark.parametrize(
    ("label", "tag"),
    [("* myContacts", ""), ("* My Contacts", ""), ("* starred", ""), ("* Friends", "Friends"), ("VIP", "VIP"),
     ("Starred", "Starred")],
)  # fmt: skip
def test_a_label_is_a_tag_unless_everybody_has_it(label: str, tag: str) -> None:
    assert google_group(label) == tag
