"""The table: what was measured, beside what, the ratio, the aim, and whether it was met."""

from collections.abc import Iterable
from dataclasses import dataclass, field

_TITLES = ("what", "figure", "beside", "ratio", "aim", "met")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure, as it is printed. Without ``met`` there was nothing to meet."""

    what: str
    figure: str
    beside: str = ""
    ratio: float | None = None
    aim: str = ""
    met: bool | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """What a benchmark found. ``remarks`` say what the figures hold and what they leave out."""

    rows: tuple[Row, ...]
    remarks: tuple[str, ...] = field(default=())


def table(findings: Iterable[Findings]) -> str:
    """All rows in columns, the remarks below."""
    found = list(findings)
    lines = [_TITLES, *(_cells(row) for one in found for row in one.rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, tuple("-" * width for width in widths))
    rows = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines)
    return "\n".join((*rows, "", *(f"- {remark}" for one in found for remark in one.remarks)))


def _cells(row: Row) -> tuple[str, ...]:
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    met = "" if row.met is None else "yes" if row.met else "NO"
    return (row.what, row.figure, row.beside, ratio, row.aim, met)
