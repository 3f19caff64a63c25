"""The pages of clients."""

from functools import partial

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
from crm_app.clients import rules
from crm_app.clients.screens.adding_state import AddingClient
from crm_app.clients.screens.card_page import client_page
from crm_app.clients.screens.card_state import OneClient
from crm_app.clients.screens.client_importing import ClientImporting, client_import_page
from crm_app.clients.screens.lines import kind_label
from crm_app.clients.screens.list_page import clients_page
from crm_app.clients.screens.list_state import Clients
from crm_app.ui.menu import Creation, MenuEntry, add_creation, add_entry

PAGES = [
    Page(
        "/clients",
        clients_page,
        [Clients.opened, ListFilter.opened, ListShelf.opened, BulkAtWork.opened, AddingClient.opened],
        "clients.title",
    ),
    Page("/clients/import", client_import_page, ClientImporting.opened, "clients.import.title"),
    Page(
        "/clients/[client_id]",
        client_page,
        [
            OneClient.opened,
            CustomFields.opened,
            CardPanels.opened,
            CardGroups.opened,
            CardFollowers.opened,
            CardLinks.opened,
        ],
        "clients.title",
    ),
]

shape_fields(
    "client",
    kind=kind_label,
    type=partial(rules.word_label, "type"),
    status=partial(rules.word_label, "status"),
    phones=phones_label,
    responsible_id="employee",
    first_contact="day",
    birthday="day",
    revenue="money",
    picture="picture",
)
add_entry(MenuEntry("clients.title", "users", "/clients", "client.see"))
add_entry(MenuEntry("clients.import.title", "upload", "/clients/import", "client.import", is_main=False))
add_creation(Creation("clients.new", "users", "/clients?new=1", "client.create"))
