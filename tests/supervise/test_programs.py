"""Which programs run, by the settings."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from coachhub.platform.config import Settings
from coachhub.platform.embedded import Layout, lay_out
from coachhub.supervise.programs import application_programs, configuration, posts


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return lay_out(tmp_path / "state")


@pytest.mark.parametrize(
    ("workers", "names"),
    [(1, ["default"]), (3, ["default", "default-2", "default-3"])],
)
def test_it_runs_as_many_workers_of_the_default_queue_as_are_set(
    settings: Settings, layout: Layout, workers: int, names: list[str]
) -> None:
    programs = application_programs(settings.model_copy(update={"workers": workers}), layout)
    assert [program.name for program in programs] == ["web", "workers", "scheduler"]
    told = f"workers.boot crew {layout.pids} {' '.join(['urgent', *names, 'bulk', 'bulk-2'])}\n"
    assert told in configuration([], programs, layout)


def test_it_runs_as_many_workers_of_the_bulk_queue_as_are_set(settings: Settings) -> None:
    found = posts(settings.model_copy(update={"bulk_workers": 1}))
    assert [post for post in found if "bulk" in post] == ["bulk"]


def test_it_gives_workers_time_to_finish_a_job(settings: Settings, layout: Layout) -> None:
    text = configuration([], application_programs(settings, layout), layout)
    assert "stopwaitsecs=60" in text[text.index("[program:workers]") : text.index("[program:scheduler]")]


@pytest.mark.parametrize("crew", ["workers", "bulk_workers"])
def test_it_refuses_to_run_without_a_worker(settings: Settings, crew: str) -> None:
    with pytest.raises(ValidationError, match="workers"):
        Settings(**settings.model_dump() | {crew: 0})
