"""What was measured as lines of text: the dearest first, and a last line that sums up."""

from collections.abc import Iterable, Sequence

from channels.sms.segments import Measured
from tests.segments.measuring import Row


def table(screens: Sequence[Row], sentences: Sequence[Row]) -> str:
    """The whole."""
    width = max(len(row.name) for row in (*screens, *sentences))
    heading = f"{'':{width}}  usual: segments, characters, encoding   worst: pages, segments of each"
    lines = [heading]
    for title, rows in (("Screens", screens), ("Sentences", sentences)):
        lines += ["", f"{title}:", *(_line(row, width) for row in sorted(rows, key=_dearness))]
    lines += ["", f"{_summed('screens', screens)}; {_summed('sentences', sentences)}."]
    return "\n".join(lines) + "\n"


def _dearness(row: Row) -> tuple[int, int, int, str]:
    return -len(row.usual), -row.segments, -max(page.units for page in row.usual), row.name


def _line(row: Row, width: int) -> str:
    pages = " + ".join(f"{page.segments} {page.units:3} {page.encoding}" for page in row.usual)
    return f"{row.name:{width}}  {pages:38}   {len(row.worst):3}: {_segments(row.worst)}"


def _segments(pages: Iterable[Measured]) -> str:
    return " ".join(str(page.segments) for page in pages)


def _summed(what: str, rows: Sequence[Row]) -> str:
    taken = [sum(page.segments for page in row.usual) for row in rows]
    one, two = taken.count(1), taken.count(2)
    return f"{len(rows)} {what}: usually {one} of one segment, {two} of two, {len(taken) - one - two} of more"
