"""The filters that the owner of the demo has kept above the list of clients."""

from datetime import datetime
from uuid import UUID

from coachhub.demo.sheets import Sheets
from coachhub.reports.models import SavedFilter

_KEPT = (
    ("Weakest first", "status=at_risk&sort=strength"),
    ("Met long ago, nobody chosen", "stage=not_chosen&sort=met"),
)


def keep_filters(sheets: Sheets, practice_id: UUID, owner_id: UUID, now: datetime) -> None:
    """Two of them; they hold what an address of the list asks for."""
    for name, query in _KEPT:
        sheets.add(SavedFilter, practice_id=practice_id, user_id=owner_id, name=name, query=query, created_at=now)
