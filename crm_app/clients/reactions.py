"""What follows from what happened to clients: those who follow them are told."""

from __future__ import annotations

from crm_app.cards.followed import of_change, of_removal
from crm_app.cards.reactions import tell_followers_of
from crm_app.clients.events import ClientChanged, ClientRemoved

tell_followers_of("client", {ClientChanged: of_change, ClientRemoved: of_removal})
