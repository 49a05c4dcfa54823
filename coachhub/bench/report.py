"""The figures as lines for people, and as one object for programs."""

import json
import os
from collections.abc import Sequence
from typing import Any

from coachhub.bench.figures import Contest, Count, Figure, Limit, is_calm, medians
from coachhub.bench.machine import machine


def as_text(figures: Sequence[Figure], rounds: int) -> str:
    """A few lines a figure: medians, ratio, limit, steps; at the end whether every limit is kept."""
    load = f"load {os.getloadavg()[0]:.1f}"
    lines = [f"Medians of {rounds} paired rounds, in milliseconds; {load}", f"On {machine()}", ""]
    for figure in figures:
        lines += [*_lines(figure), ""]
    if not is_calm(figures):
        lines.append("The floors took very different times: something else is busy here. Close it and measure again.")
    broken = [figure.name for figure in figures if not figure.is_kept]
    lines.append(f"Broken: {', '.join(broken)}." if broken else "Every limit is kept.")
    return "\n".join(lines)


def to_json(figures: Sequence[Figure], rounds: int, **more: Any) -> str:
    """Everything that was measured, on one line."""
    found: dict[str, Any] = {"rounds": rounds, "cores": os.cpu_count(), "machine": machine()}
    found["calm"] = is_calm(figures)
    return json.dumps(found | more | {"figures": [_plain(figure) for figure in figures], "kept": are_kept(figures)})


def are_kept(figures: Sequence[Figure]) -> bool:
    """Whether no limit is broken."""
    return all(figure.is_kept for figure in figures)


def _lines(figure: Figure) -> list[str]:
    if isinstance(figure, Contest):
        return _contest(figure)
    return _count(figure) if isinstance(figure, Count) else _limit(figure)


def _limit(figure: Limit) -> list[str]:
    goal = f", goal {figure.goal:g}" if figure.goal is not None else ""
    bound = "at most" if figure.most is not None else "at least"
    limit = figure.most if figure.most is not None else figure.least
    verdict = "" if limit is None else f" ({bound} {limit:g}{goal}): {'kept' if figure.is_kept else 'BROKEN'}"
    return [figure.name, f"  {figure.value:,.2f} {figure.unit}{verdict}"]


def _contest(figure: Contest) -> list[str]:
    goal = f", goal {figure.goal:g} x" if figure.goal else ""
    kept = "kept" if figure.is_kept else "BROKEN"
    verdict = "" if figure.most is None else f" (at most {figure.most:g} x{goal}): {kept}"
    return [
        figure.name,
        f"  {figure.ratio:.2f} x the floor{verdict}",
        f"  ours  {figure.our_median:9.1f}   {_steps(medians(figure.ours))}",
        f"  floor {figure.floor_median:9.1f}   {_steps(medians(figure.floor))}   ({figure.floor_is})",
    ]


def _steps(steps: dict[str, float]) -> str:
    return ", ".join(f"{name} {milliseconds:.1f}" for name, milliseconds in steps.items())


def _count(figure: Count) -> list[str]:
    limit = "" if figure.most is None else f" (at most {figure.most}): {'kept' if figure.is_kept else 'BROKEN'}"
    return [figure.name, f"  {figure.value} {figure.unit}{limit}, {figure.our_median:.1f} ms"]


def _plain(figure: Figure) -> dict[str, Any]:
    if isinstance(figure, Limit):
        found: dict[str, Any] = {"value": round(figure.value, 3), "unit": figure.unit, "most": figure.most}
        found |= {"least": figure.least, "goal": figure.goal}
    elif isinstance(figure, Count):
        found = {figure.unit: figure.value, "most": figure.most, "ms": round(figure.our_median, 2)}
    else:
        found = {
            "ratio": round(figure.ratio, 3),
            "most": figure.most,
            "goal": figure.goal,
            "ms": round(figure.our_median, 2),
            "floor_ms": round(figure.floor_median, 2),
            "steps": _rounded(medians(figure.ours)),
            "floor_steps": _rounded(medians(figure.floor)),
        }
    return {"name": figure.name, "kept": figure.is_kept} | found


def _rounded(steps: dict[str, float]) -> dict[str, float]:
    return {name: round(milliseconds, 2) for name, milliseconds in steps.items()}
