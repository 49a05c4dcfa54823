"""All documents of a batch as one zip, written while it is read: at no time is more than one of them in memory."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from coachhub.platform.errors import NotFound
from coachhub.platform.tenancy import as_practice
from coachhub.reports.models import ReportKind
from coachhub.reports.service.shelf.reading import ShelvedReport, file_of


class _Outlet:
    """Where the zip is written to: what is there is taken out, and the zip never looks back."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def write(self, piece: bytes, /) -> int:
        self._written.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """There is nothing to close."""

    def taken(self) -> bytes:
        """What was written since the last time."""
        taken = b"".join(self._written)
        self._written.clear()
        return taken


def in_zip(reports: Sequence[ShelvedReport]) -> Sequence[ShelvedReport]:
    """The order of the files: by name; where they name nobody, for sponsors, one that tells nobody who is who."""
    if any(each.kind is not ReportKind.SPONSOR for each in reports):
        return reports
    return sorted(reports, key=lambda each: each.id.bytes[8:])


def zip_of(practice_id: UUID, user_id: UUID, entries: Sequence[tuple[UUID, str, datetime]]) -> Iterator[bytes]:
    """The zip, piece by piece, of reports by id with the name and the local time of each file.

    Each document is read in a transaction of its own, so a slow reader holds none open. One that was deleted meanwhile
    is left out. Documents are packed already, so they are only put together.
    """
    outlet = _Outlet()
    with ZipFile(outlet, "w", ZIP_STORED) as archive:
        for report_id, name, at in entries:
            pdf = _document(practice_id, user_id, report_id)
            if pdf is not None:
                archive.writestr(ZipInfo(name, at.timetuple()[:6]), pdf)
                yield outlet.taken()
    yield outlet.taken()


def _document(practice_id: UUID, user_id: UUID, report_id: UUID) -> bytes | None:
    try:
        with as_practice(practice_id, user_id):
            return file_of(report_id)
    except NotFound:
        return None
