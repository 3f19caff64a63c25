"""The pages of contacts, and their panel on a client's card."""

from crm_app.access.screens.base import Page
from crm_app.cards.screens.bulk_state import BulkAtWork
from crm_app.cards.screens.custom_state import CustomFields
from crm_app.cards.screens.filter_state import ListFilter
from crm_app.cards.screens.followers_state import CardFollowers
from crm_app.cards.screens.groups import CardGroups
from crm_app.cards.screens.history import shape_fields
from crm_app.cards.screens.links_state import CardLinks
from crm_app.cards.screens.panels_state import CardPanels
from crm_app.cards.screens.shelf_state import ListShelf
from crm_app.cards.screens.values import phones_label
from crm_app.contacts.screens.adding_state import AddingContact
from crm_app.contacts.screens.card_page import contact_page
from crm_app.contacts.screens.card_state import OneContact
from crm_app.contacts.screens.contact_importing import ContactImporting, contact_import_page
from crm_app.contacts.screens.list_page import contacts_page
from crm_app.contacts.screens.list_state import Contacts
from crm_app.contacts.screens.places_panel import client_contacts_panel
from crm_app.ui.menu import Creation, MenuEntry, add_creation, add_entry
from crm_app.ui.panels import add_panel

PAGES = [
    Page(
        "/contacts",
        contacts_page,
        [Contacts.opened, ListFilter.opened, ListShelf.opened, BulkAtWork.opened, AddingContact.opened],
        "contacts.title",
    ),
    Page("/contacts/import", contact_import_page, ContactImporting.opened, "contacts.import.title"),
    Page(
        "/contacts/[contact_id]",
        contact_page,
        [
            OneContact.opened,
            CustomFields.opened,
            CardPanels.opened,
            CardGroups.opened,
            CardFollowers.opened,
            CardLinks.opened,
        ],
        "contacts.title",
    ),
]

shape_fields(
    "contact", phones=phones_label, responsible_id="employee", birthday="day", since="day", until="day",
    picture="picture",
)  # fmt: skip
add_entry(MenuEntry("contacts.title", "user", "/contacts", "contact.see"))
add_entry(MenuEntry("contacts.import.title", "upload", "/contacts/import", "contact.import", is_main=False))
add_creation(Creation("contacts.new", "user", "/contacts?new=1", "contact.create"))
add_panel("client", client_contacts_panel)
