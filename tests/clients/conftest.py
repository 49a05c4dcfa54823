"""Clients who have been asked, and the links they were sent."""

from collections.abc import Callable
from urllib.parse import urlsplit
from uuid import UUID

import pytest

from coachhub.clients.service.adding import ClientEntry, add_client
from coachhub.clients.service.inviting import invite, link_to, open_invites
from coachhub.platform.tenancy import as_practice
from tests.cast import Cast

AddInvited = Callable[..., UUID]
LinkOf = Callable[..., str]


@pytest.fixture
def add_invited(cast: Cast) -> AddInvited:
    """Adds a client of Ana's and invites them."""

    def add(email: str = "eva@example.com", name: str = "Eva Ek", by_mail: bool = True) -> UUID:
        with cast.app.app_context(), as_practice(cast.ana.practice_id, cast.ana.user_id):
            client_id = add_client(ClientEntry(name, email, cast.ana.user_id, "Europe/London"))
            invite([client_id], by_mail=by_mail)
        return client_id

    return add


@pytest.fixture
def link_of(cast: Cast) -> LinkOf:
    """The path of a client's newest link; `mailed` as the mail has it, else as the coach copies it."""

    def find(client_id: UUID, mailed: bool = False) -> str:
        with cast.app.app_context(), as_practice(cast.ana.practice_id, cast.ana.user_id):
            invite_id = open_invites([client_id])[0].invite_id
            return urlsplit(link_to(invite_id, mailed=mailed)).path

    return find
