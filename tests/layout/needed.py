"""What the layout is made of beside what comes as packages."""

import os
import shutil

import pytest


def need_pooler() -> None:
    """Skip the running test where pgbouncer is not installed, and fail it where CI is true."""
    if shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin") is None:
        no = "no pgbouncer here: install it"
        pytest.fail(no) if os.environ.get("CI") == "true" else pytest.skip(f"!!! {no}")
