"""Addresses of public profiles, written one way, so that one person is found again."""

import re
import unicodedata
from urllib.parse import unquote, urlsplit

LONGEST_PROFILE = 300
_LINKEDIN = "linkedin.com"
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,63}")
_PATH = re.compile(r"[\w.~/%!$&'()*+,;=:@-]*", re.ASCII)
_QUICK = "https://www.linkedin.com/in/"


def normalised_profile(text: str) -> str:
    """`linkedin.com/in/dan-dorsey` for any way to write it: without scheme, www, country, query and last slash.

    "" for what is no web address. LinkedIn's own addresses mean the same in capitals and percent-encoded; other
    sites' paths stay as they are.
    """
    slug = text[28:]
    if text[:28] == _QUICK and slug.isascii() and slug.replace("-", "").isalnum() and len(text) <= LONGEST_PROFILE:
        return text[12:].lower()  # behind `https://www.`, as LinkedIn's own files have it: ten times as quick
    text = text.strip()
    if not text.isprintable() or len(text) > 4 * LONGEST_PROFILE:
        return ""
    host, path = _split(text)
    if not _HOST.fullmatch(host) or " " in path:
        return ""
    if host == _LINKEDIN or host.endswith(f".{_LINKEDIN}"):
        host, path = _LINKEDIN, _linkedin_path(path)
    profile = f"{host}{path.rstrip('/')}"
    return profile if len(profile) <= LONGEST_PROFILE and (host == _LINKEDIN or _PATH.fullmatch(path)) else ""


def people_profile(text: str) -> str:
    """The same for the page of a person on a site for work, "" for every other page: a company's own is nobody's."""
    profile = normalised_profile(text)
    is_person = profile.startswith(("linkedin.com/in/", "linkedin.com/pub/", "xing.com/profile/"))
    return profile if is_person else ""


def _split(text: str) -> tuple[str, str]:
    scheme, colon, _ = text.partition("://")
    if colon and scheme.lower() not in ("http", "https"):
        return "", ""
    try:
        parts = urlsplit(text if colon else f"https://{text}")
    except ValueError:
        return "", ""
    return parts.netloc.lower().removeprefix("www."), parts.path


def _linkedin_path(path: str) -> str:
    """`/in/Dan-Dorsey/de` is `/in/dan-dorsey`: what follows the name of a person is the page's language."""
    parts = [_slug(part) for part in path.split("/") if part]
    while parts and parts[0] in ("mwlite", "comm", "m"):
        parts = parts[1:]
    if parts and parts[0] == "in":
        parts = parts[:2]
    return "".join(f"/{part}" for part in parts)


def _slug(part: str) -> str:
    """Decoded where the decoded letters can stand in a path."""
    decoded = unicodedata.normalize("NFC", unquote(part, errors="replace"))
    is_plain = decoded.isprintable() and not re.search(r"[\s/?#%\\\ufffd]", decoded)
    return (decoded if is_plain else part).casefold()
