"""A world in which anything may happen."""

from tests.reports.test_standings import new_world  # noqa: F401 (a fixture)
