"""A world in which anything may happen, and a till."""

from tests.payments.conftest import till  # noqa: F401 (a fixture)
from tests.reports.test_standings import new_world  # noqa: F401 (a fixture)
