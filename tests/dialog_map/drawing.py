"""The map as Markdown with Mermaid in it: one picture of all dialogs, then one of each."""

from collections.abc import Iterable, Sequence

from tests.dialog_map.reading import HOME, STATES, Way

_TITLE = """# Every dialog and its transitions

Made from the code by `make map`; a test sees to it that it is up to date. A box is a state, an arrow what leads from it
to another: the key of a choice, `typed` for words, a capital for what credex-core answered. Rounded boxes belong to
another dialog.

Above every dialog, and not drawn: the first word leads from `Outside` to `LoggingIn`; `menu` and greetings lead to the
dashboard, or to `Doubting` where they might be an answer; `cancel` leaves a dialog; a dialog left alone expires; and an
old screen moves nothing.
"""


def drawn(ways: Sequence[Way]) -> str:
    """The whole document."""
    dialogs = list(dict.fromkeys(_dialog(state) for state in STATES))
    parts = [_TITLE, "## How the dialogs hang together\n", _overview(ways)]
    for dialog in dialogs:
        mine = [way for way in ways if _dialog(way.source) == dialog]
        parts += [f"## {dialog}\n", _picture(dialog, mine)]
    return "\n".join(parts)


def _overview(ways: Iterable[Way]) -> str:
    pairs = dict.fromkeys((_dialog(way.source), _dialog(way.target)) for way in ways)
    return _mermaid(f"  {source} --> {target}" for source, target in pairs if source != target)


def _picture(dialog: str, ways: Sequence[Way]) -> str:
    states = [state for state in STATES if _dialog(state) == dialog]
    lines = [f"  {state.__name__}" for state in states]
    targets = dict.fromkeys(way.target for way in ways)
    lines += [f"  {target.__name__}({target.__name__})" for target in targets if target not in states]
    arrows: dict[tuple[str, str], list[str]] = {}
    for way in ways:
        arrows.setdefault((way.source.__name__, way.target.__name__), []).append(way.on)
    for (source, target), on in arrows.items():
        label = ", ".join(dict.fromkeys(filter(None, on)))
        lines.append(f'  {source} -- "{label}" --> {target}' if label else f"  {source} --> {target}")
    return _mermaid(lines)


def _mermaid(lines: Iterable[str]) -> str:
    return "\n".join(("```mermaid", "flowchart LR", *lines, "```", ""))


def _dialog(state: type) -> str:
    return state.__module__.removeprefix(f"{HOME}.")
