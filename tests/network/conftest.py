"""Ben at work in his own network: one transaction as Ben, with his owner in hand."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from coachhub.network.service.owner import Owner, owner_of
from coachhub.platform.tenancy import as_practice
from tests.cast import Cast
from tests.factories import Person

Acting = Callable[..., AbstractContextManager[Owner]]


@pytest.fixture
def acting(cast: Cast) -> Acting:
    """`with acting() as ben:` is one transaction as Ben; another person may be named, seen by themselves."""

    @contextmanager
    def act(person: Person | None = None, reader: Person | None = None) -> Iterator[Owner]:
        somebody = person or cast.ben
        by = reader or somebody
        with cast.app.app_context(), as_practice(by.practice_id, by.user_id):
            yield owner_of(somebody.client_id)

    return act
