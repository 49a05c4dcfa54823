"""What a start costs: libraries that few requests and jobs need are imported by those, and not by every process.

Names here only ever become more. Each costs every process of every start some hundredths of a second and megabytes.
"""

import json
import subprocess
import sys

import pytest

from coachhub.platform.config import ROOT, Settings
from tests.workers.processes import environment

_LATE = [
    "PIL",
    "alembic",
    "argon2",
    "cryptography",
    "email.policy",
    "email_validator",
    "icalendar",
    "idna",
    "limits.aio",
    "markdown_it",
    "mjml",
    "nh3",
    "opentelemetry.sdk.metrics",
    "phonenumbers",
    "prometheus_client",
    "psutil",
    "pygments",
    "redis.asyncio",
    "requests",
    "rich",
    "sendgrid",
    "stripe",
    "supervisor",
    "typst",
    "valkey",
    "vobject",
]
_OF_PAGES_ALONE = ["flask_limiter", "flask_wtf", "limits", "whitenoise", "wtforms"]
_OF_THE_APPLICATION = ["babel", "flask_sqlalchemy", "jinja2.ext", "psycopg", "sqlalchemy"]

_WEB = "import coachhub.wsgi"
_SERVER = "import coachhub.serving"
_WORKER = (
    "import sys; sys.argv = ['boot']; from workers import boot; settings = boot.load_settings_or_exit()\n"
    "from coachhub.app import create_worker_app; create_worker_app(settings); import workers.working"
)
_SCHEDULER = "import workers.boot"
_AS_IN_PRODUCTION = {"MAILER": "sendgrid", "SENDGRID_API_KEY": "SG.a-key"}
_TELL = "\nimport json, sys; print(json.dumps(sorted(sys.modules)))"


@pytest.mark.parametrize(
    ("start", "late"),
    [
        (_WEB, _LATE),
        (_SERVER, _LATE),
        (_WORKER, _LATE + _OF_PAGES_ALONE),
        (_SCHEDULER, _LATE + _OF_PAGES_ALONE + _OF_THE_APPLICATION),
    ],
    ids=["web", "server", "worker", "scheduler"],
)
def test_it_starts_without_what_few_need(settings: Settings, start: str, late: list[str]) -> None:
    asked = environment(settings) | _AS_IN_PRODUCTION
    told = subprocess.run([sys.executable, "-c", start + _TELL], cwd=ROOT, env=asked, capture_output=True, check=True)
    loaded = set(json.loads(told.stdout))
    assert loaded.intersection(late) == set()
