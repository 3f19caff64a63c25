"""The pages of clients."""

from crm_app.access.screens.base import Page
from crm_app.clients.screens.card_page import client_page
from crm_app.clients.screens.card_state import OneClient
from crm_app.clients.screens.import_page import import_page
from crm_app.clients.screens.import_state import ClientImporting
from crm_app.clients.screens.list_page import clients_page
from crm_app.clients.screens.list_state import Clients
from crm_app.ui.menu import Creation, MenuEntry, add_creation, add_entry

PAGES = [
    Page("/clients", clients_page, Clients.opened, "clients.title"),
    Page("/clients/import", import_page, ClientImporting.opened, "clients.import.title"),
    Page("/clients/[client_id]", client_page, OneClient.opened, "clients.title"),
]

add_entry(MenuEntry("clients.title", "users", "/clients", "client.see"))
add_entry(MenuEntry("clients.import.title", "upload", "/clients/import", "client.import", is_main=False))
add_creation(Creation("clients.new", "users", "/clients?new=1", "client.create"))
