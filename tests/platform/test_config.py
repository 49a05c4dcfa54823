"""Settings that cannot be used are told in a line that says which, without what they were set to."""

import subprocess
import sys
from pathlib import Path

import pytest

from coachhub.platform.config import ROOT, Settings
from tests.workers.processes import environment


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SECRET_KEY", "hidden", "SECRET_KEY must have"),
        ("SENTRY_DSN", "somebody:hidden@host", "SENTRY_DSN must begin with"),
        ("STRIPE_WEBHOOK_SECRETS", "whsec_hidden", "STRIPE_WEBHOOK_SECRETS is no JSON list"),
        ("STRIPE_WEBHOOK_SECRETS_FILE", "whsec_hidden", "STRIPE_WEBHOOK_SECRETS is no JSON list"),
        ("SECRET_KEY_FILE", None, "/secret cannot be read: No such file or directory."),
    ],
)
def test_it_says_which_setting_is_of_no_use(
    settings: Settings, tmp_path: Path, name: str, value: str | None, words: str
) -> None:
    if name.endswith("_FILE"):
        path = tmp_path / "secret"
        value is None or path.write_text(value)
        value = str(path)
    argv = [sys.executable, "-c", "from coachhub.cli import main; main()", "env"]
    done = subprocess.run(
        argv, env=environment(settings) | {name: str(value)}, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.startswith("coachhub: settings are incomplete\n")
    assert words in done.stderr
    assert ("hidden" in done.stdout + done.stderr, "Traceback" in done.stderr) == (False, False)
