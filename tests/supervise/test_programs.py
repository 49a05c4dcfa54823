"""Which programs run, by the settings."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from coachhub.platform.config import Settings
from coachhub.platform.embedded import Layout, lay_out
from coachhub.supervise.programs import application_programs, configuration


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return lay_out(tmp_path / "state")


@pytest.mark.parametrize(
    ("workers", "names"),
    [(1, ["worker-default"]), (3, ["worker-default", "worker-default-2", "worker-default-3"])],
)
def test_it_runs_as_many_workers_of_the_default_queue_as_are_set(
    settings: Settings, layout: Layout, workers: int, names: list[str]
) -> None:
    programs = application_programs(settings.model_copy(update={"workers": workers}), layout)
    bulk = ["worker-bulk", "worker-bulk-2"]
    assert [program.name for program in programs] == ["web", "worker-urgent", *names, *bulk, "scheduler"]
    for name in names:
        assert f"[program:{name}]" in configuration([], programs, layout)


def test_it_runs_as_many_workers_of_the_bulk_queue_as_are_set(settings: Settings, layout: Layout) -> None:
    programs = application_programs(settings.model_copy(update={"bulk_workers": 1}), layout)
    assert [program.name for program in programs if "bulk" in program.name] == ["worker-bulk"]


@pytest.mark.parametrize("crew", ["workers", "bulk_workers"])
def test_it_refuses_to_run_without_a_worker(settings: Settings, crew: str) -> None:
    with pytest.raises(ValidationError, match="workers"):
        Settings(**settings.model_dump() | {crew: 0})
