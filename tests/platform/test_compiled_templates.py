"""Templates are compiled once for all processes of a machine."""

from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from coachhub.app import create_app
from coachhub.platform.config import Settings
from coachhub.platform.environment import keep_compiled
from tests.fakes import KeptQueue, OutboxMailer


def _environment(folder: Path, **templates: str) -> Environment:
    environment = Environment(loader=DictLoader(templates), autoescape=True)
    keep_compiled(environment, folder)
    return environment


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """The names of what is compiled from here on."""
    names: list[str | None] = []
    compile_it = Environment.compile

    def note(self: Environment, source: str, name: str | None = None, *more: object, **named: object) -> object:
        names.append(name)
        return compile_it(self, source, name, *more, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(Environment, "compile", note)
    return names


def test_it_loads_what_another_process_has_compiled(tmp_path: Path, compiled: list[str | None]) -> None:
    for _ in range(2):
        assert _environment(tmp_path / "kept", page="{{ 6 * 7 }}").get_template("page").render() == "42"
    assert compiled == ["page"]


def test_it_compiles_a_template_anew_that_says_something_else(tmp_path: Path) -> None:
    for said in ("once", "twice"):
        assert _environment(tmp_path / "kept", page=said).get_template("page").render() == said


def test_it_compiles_anew_what_it_cannot_read(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    for _ in range(2):
        assert _environment(folder, page="said").get_template("page").render() == "said"
        for path in folder.iterdir():
            path.write_bytes(path.read_bytes()[:-5])


def test_it_keeps_them_in_a_folder_of_its_own(settings: Settings, tmp_path: Path) -> None:
    app = create_app(settings.model_copy(update={"data": tmp_path}), mailer=OutboxMailer(), queue=KeptQueue())
    assert app.test_client().get("/sign-in").status_code == 200
    folder = tmp_path / "templates"
    assert (folder.stat().st_mode & 0o777, any(folder.iterdir())) == (0o700, True)


@pytest.mark.parametrize("place", ["no/such/folder", "a file"])
def test_it_does_without_where_there_can_be_no_folder(tmp_path: Path, place: str) -> None:
    (tmp_path / "a file").touch()
    assert _environment(tmp_path / place, page="said").get_template("page").render() == "said"


def test_it_does_without_where_nothing_can_be_written(tmp_path: Path) -> None:
    environment = _environment(tmp_path / "kept", page="said")
    (tmp_path / "kept").rmdir()
    assert environment.get_template("page").render() == "said"


def test_it_runs_nothing_out_of_a_folder_that_others_may_change(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o770)
    (tmp_path / "own").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "own")
    kept = [_environment(tmp_path / name, page="said").bytecode_cache for name in ("open", "link", "own")]
    assert [each is None for each in kept] == [True, True, False]
