"""Ana's practice, open to visitors."""

import psycopg
import pytest

from tests.booking.visited import Shop, an_offer, open_shop
from tests.cast import Cast


@pytest.fixture
def shop(cast: Cast, admin: psycopg.Connection) -> Shop:
    """Ana's practice with its page, and a free intro at `intro`."""
    made = open_shop(cast, admin)
    an_offer(cast.app, "intro", cast.ana)
    return made
