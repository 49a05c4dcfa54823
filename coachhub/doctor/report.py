"""How the doctor's findings are printed."""

import json

from coachhub.operations.service.checks import Check


def as_text(checks: list[Check]) -> str:
    """One line a check, and below what is not fine, what to do."""
    return "\n".join(_lines(check) for check in checks)


def _lines(check: Check) -> str:
    line = f"{'ok  ' if check.is_fine else 'BAD '} {check.name:14} {check.found}"
    return f"{line}\n{'':20}-> {check.to_do}" if check.to_do else line


def to_json(checks: list[Check]) -> str:
    """One object: whether all is well, and the checks by name."""
    by_name = {
        check.name.replace(" ", "_"): {"ok": check.is_fine, "found": check.found, "to_do": check.to_do}
        for check in checks
    }
    return json.dumps({"ok": all(check.is_fine for check in checks), "checks": by_name})
