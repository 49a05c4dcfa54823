"""The edge: one request is one transaction as one person, with strict headers around it."""

import gzip
import hashlib
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask, Request, Response, abort, current_app, g, has_request_context, request
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from flask_login import LoginManager
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.http import parse_cookie
from werkzeug.middleware.proxy_fix import ProxyFix

from coachhub.platform import statements, tenancy
from coachhub.platform.alike_addresses import Addresses
from coachhub.platform.along import keep_along
from coachhub.platform.answer_headers import YEAR, AnswerHeaders
from coachhub.platform.answered import Answered, tell
from coachhub.platform.config import ROOT, Settings
from coachhub.platform.environment import TemplateEnvironment, keep_compiled
from coachhub.platform.errors import NotFound
from coachhub.platform.form_session import FormSessions
from coachhub.platform.guards import SAFE_METHODS, Guard, guard_of, refuse_entry
from coachhub.platform.identity import SIGN_IN_LASTS, Identify, IdentifyAlong, Identity, identity
from coachhub.platform.request_log import HEADER, REHEARSED, name_request, named
from coachhub.platform.retries import Result, until_it_fits
from coachhub.platform.route import Route
from coachhub.platform.same_again import UNCHANGED, Same, SameAgain, all_told
from coachhub.platform.whole_answer import WholeAnswer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_LAST_PAGE = 10_000
_TEXT_FILES = (".css", ".js", ".svg")
_NOT_MODIFIED = "304 NOT MODIFIED"
# A form of ours may end at a page of Stripe's: browsers hold each step of a redirect against `form-action`. Links that
# fill in an account of Accounts v2 begin at `accounts`.
_STRIPE_PAGES = (
    "https://checkout.stripe.com",
    "https://accounts.stripe.com",
    "https://connect.stripe.com",
    "https://billing.stripe.com",
)
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)


def templates_folder() -> Path:
    """`templates/` of the checkout, or its copy in an installed wheel."""
    checkout = ROOT / "templates"
    return checkout if checkout.is_dir() else Path(__file__).resolve().parents[1] / "_templates"


class CoachHub(Flask):
    """Flask, with each request inside one transaction that is bound to who is asking."""

    jinja_environment = TemplateEnvironment
    session_interface = FormSessions()
    response_class = WholeAnswer
    url_rule_class = Route
    identify: Identify
    identify_along: IdentifyAlong
    is_operator: Callable[[UUID], bool]
    answers_in_short = True
    """Whether an unchanged list may be answered before Flask makes a request of it."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._addresses = Addresses(super().url_for)
        self._same_again = SameAgain()

    def select_jinja_autoescape(self, filename: str | None) -> bool:
        """Flask's rule, and the mails' MJML, which is XML."""
        return super().select_jinja_autoescape(filename) or (filename or "").endswith(".mjml")

    def wsgi_app(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Count what the request asks the database, but for what a body asks that is made as it is sent."""
        with statements.counted():
            same = self._same_again.find(environ) if self.answers_in_short else None
            if same is None or not self._holds(same, environ):
                return super().wsgi_app(environ, start_response)
            start_response(_NOT_MODIFIED, [*same.headers, (HEADER, named(environ))])
            tell(self, Answered(same.endpoint, "GET", UNCHANGED))
            return []  # a list, as of any answer that is known as a whole

    def _holds(self, same: Same, environ: "WSGIEnvironment") -> bool:
        """Whether it would be given again. Where the database is at fault the usual way waits, or tells of it."""
        token = parse_cookie(environ).get(self.config["SIGN_IN_COOKIE"], "")
        with suppress(SQLAlchemyError), self.app_context(), tenancy.as_visitor():
            name_request(environ, same.endpoint)
            guard = guard_of(self.view_functions[same.endpoint]) or Guard()
            person, version = self.identify_along(token, same.asks(), guard.roles)
            return person is not None and all_told(person, version) == same.told
        return False

    def process_response(self, response: Response) -> Response:
        """Flask's; whoever keeps count is told of the answer, and what may be answered again in short is kept."""
        answer = super().process_response(response)
        self._same_again.keep(answer)
        asked = request_ctx.request
        if REHEARSED not in asked.environ:
            tell(self, Answered(asked.endpoint, asked.method, answer.status_code))
        return answer

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """As it is: nothing of ours is asynchronous, so nobody need ask of each function whether it is."""
        return func

    def url_for(self, /, endpoint: str, **how: Any) -> str:
        """Flask's; within a request one that is like another is made of that."""
        if endpoint.startswith(".") or not has_request_context():
            return super().url_for(endpoint, **how)
        return self._addresses.of(request.root_path, endpoint, how)

    def dispatch_request(self) -> ResponseReturnValue:
        """Open the transaction, find out who asks, ask the guard, then let the view answer inside it."""
        asked = request_ctx.request  # itself, once: through its proxy each name costs as much as a small call
        if asked.routing_exception is not None:
            self.raise_routing_exception(asked)
        guard = guard_of(self.view_functions.get(asked.endpoint or ""))
        if guard is not None and guard.is_bare:
            return super().dispatch_request()
        answer = self._whole(asked, lambda: self._answer(asked, guard))
        return self._whole(asked, super().dispatch_request) if answer is None else answer

    def _whole(self, asked: Request, work: Callable[[], Result]) -> Result:
        """Do it, again if the database is at fault. Only once with a file, which has been read then."""
        only_looks = asked.method in SAFE_METHODS
        return work() if not only_looks and asked.files else until_it_fits(work, only_looks=only_looks)

    def _answer(self, asked: Request, guard: Guard | None) -> Response | None:
        """One transaction. None where the view is let in and wants none around it."""
        with tenancy.as_visitor():
            g.identity = person = self._who_asks(asked, guard)
            refused = refuse_entry(guard, person, self.is_operator)
            if refused is None and guard is not None and guard.is_outside:
                return None
            return self.make_response(refused or super().dispatch_request())

    def _who_asks(self, asked: Request, guard: Guard | None) -> Identity | None:
        """Together with what the view reads, where that may be: it takes it only once the guard has let them in."""
        token = asked.cookies.get(self.config["SIGN_IN_COOKIE"])
        if not token:
            return None
        along = guard.along() if guard is not None and guard.along is not None else None
        if guard is None or along is None:
            return self.identify(token)
        person, answer = self.identify_along(token, along, guard.roles)
        keep_along(along, answer)
        return person


class _LoginManager(LoginManager):  # type: ignore[misc]  # Flask-Login ships no types
    """Whoever asks Flask-Login hears of our identity. It keeps no cookie of its own, so it need not look at answers."""

    def init_app(self, app: Flask) -> None:
        app.login_manager = self  # type: ignore[attr-defined]  # where the library looks for it
        self.request_loader(lambda _request: identity())


def configure(app: Flask, settings: Settings) -> None:
    """Cookies, limits, proxies and keys."""
    prefix = "__Host-" if settings.secure else ""
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        SECRET_KEY_FALLBACKS=[key.get_secret_value() for key in settings.secret_key_fallbacks],
        SESSION_COOKIE_NAME=f"{prefix}form",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SIGN_IN_COOKIE=f"{prefix}coachhub",
        PERMANENT_SESSION_LIFETIME=SIGN_IN_LASTS,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # Sec-Fetch-Site and SameSite do this; privacy tools strip the referrer
        MAX_CONTENT_LENGTH=21 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=5000,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    keep_compiled(app.jinja_env, settings.data / "templates")
    app.config["CONTENT_POLICY"] = content_policy(settings)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def content_policy(settings: Settings) -> str:
    """Our pages' policy: what comes from us alone, and forms that may lead to Stripe, or to what is tested against."""
    base = urlsplit(settings.stripe_api_base or "")
    tested = (f"{base.scheme}://{base.netloc}",) if base.netloc and not settings.is_production else ()
    return CONTENT_POLICY.replace("form-action 'self'", " ".join(("form-action 'self'", *_STRIPE_PAGES, *tested)))


def protect(app: Flask) -> None:
    """CSRF tokens, the check of where a request comes from, sign-in, and the headers of every answer."""
    from coachhub.platform.forgery import csrf, form_token

    csrf.init_app(app)
    _LoginManager().init_app(app)
    app.before_request(_refuse_what_nobody_sends)
    app.wsgi_app = AnswerHeaders(app.wsgi_app, app)  # type: ignore[method-assign]
    app.add_template_global(static_url)
    app.add_template_global(form_token)


def serve_static(app: Flask) -> None:
    """Serve our few files by WhiteNoise; their address carries their hash, so they may be kept for a year."""
    from whitenoise import WhiteNoise

    folder = Path(app.root_path) / "static"
    _pack(folder)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app, root=str(folder), prefix="static/", max_age=YEAR, autorefresh=app.debug
    )


def _pack(folder: Path) -> None:
    """Lay a compressed copy beside each text file, for WhiteNoise to send; where we may not write there is none."""
    for path in [path for path in folder.rglob("*") if path.suffix in _TEXT_FILES]:
        packed = path.with_name(f"{path.name}.gz")
        if packed.exists() and packed.stat().st_mtime >= path.stat().st_mtime:
            continue
        with suppress(OSError):
            written = path.with_name(f"{path.name}.{os.getpid()}.part")
            written.write_bytes(gzip.compress(path.read_bytes(), mtime=0))
            written.replace(packed)


def _refuse_what_nobody_sends() -> None:
    """No page of ours sends a form from another site. And nobody types NUL, the one character that PostgreSQL cannot
    keep; only machines send it.
    """
    asked = request_ctx.request
    if asked.method not in SAFE_METHODS and asked.headers.get("Sec-Fetch-Site") == "cross-site":
        abort(403)
    if asked.method == "GET" and not asked.query_string:
        return
    if any("\0" in text for _name, texts in asked.values.lists() for text in texts):
        abort(400)


def static_url(name: str) -> str:
    """The address of one of our static files, with its content's hash."""
    return f"{request.script_root}{current_app.static_url_path}/{name}?v={_hash_of(name)}"


@cache
def _hash_of(name: str) -> str:
    path = Path(__file__).resolve().parents[1] / "static" / name
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def asked_next(otherwise: str) -> str:
    """Where this request wants to go on to, as `next` in its address or form says; only to an address of ours."""
    return safe_next(request.values.get("next"), otherwise)


def safe_next(target: str | None, otherwise: str) -> str:
    """The target where it is an address of ours, beginning with one slash.

    Browsers skip tabs and line ends in an address, so one that has any is nobody's.
    """
    wanted = target or ""
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return wanted if is_ours else otherwise


def as_download(content: bytes, file_name: str, content_type: str) -> Response:
    """An answer that the browser keeps as a file; `file_name` is ours, in plain letters."""
    headers = {"Content-Type": content_type, "Content-Disposition": f'attachment; filename="{file_name}"'}
    return Response(content, headers=headers)


def id_asked(field: str) -> UUID:
    """The id that a form names. Raises NotFound for anything else: a list to choose from holds only ids."""
    try:
        return UUID(request.form.get(field, ""))
    except ValueError:
        raise NotFound from None


def asked_page() -> int:
    """`?page=` of a list, from 1; so far down that the database would choke on it is nowhere."""
    return min(max(request.args.get("page", 1, type=int), 1), _LAST_PAGE)


def template_globals(app: Flask, **more: Any) -> None:
    """Names that every template may use."""
    for name, value in more.items():
        app.jinja_env.globals[name] = value
