"""What people type as a name of a person or an account and as a handle, read by credex-core's own rules.

credex-core drops every character of a name but A-Z, a-z, space and hyphen (and digits, in an account's) and wants 3 to
50 of what is left, so ``Ünal`` would be stored as ``nal``. Here accents are first taken off their letters, and what
will be stored is shown before it is sent. A handle is 3 to 30 of a-z, 0-9 and underscore.
"""

import re
import unicodedata

_DROPPED = re.compile(r"[^A-Za-z \-]")
_DROPPED_OF_ACCOUNTS = re.compile(r"[^A-Za-z0-9 \-]")
_PHONE_SIGN = re.compile(r"\+(?=\d)", re.ASCII)
_HANDLE = re.compile(r"[a-z0-9_]{3,30}", re.ASCII)
_SHORTEST, _LONGEST = 3, 50


def clean_name(text: str) -> str:
    """The name as it would be stored; may be too short or too long."""
    return _cleaned(text, _DROPPED)


def read_name(text: str) -> str | None:
    """The name as it will be stored, or ``None`` if credex-core would refuse it."""
    return _fitting(clean_name(text))


def clean_account_name(text: str) -> str:
    """The account's name as it would be stored; may be too short or too long."""
    return _cleaned(text, _DROPPED_OF_ACCOUNTS)


def read_account_name(text: str) -> str | None:
    """The account's name as it will be stored, or ``None`` if credex-core would refuse it."""
    return _fitting(clean_account_name(text))


def read_handle(text: str) -> str | None:
    """Read ``rudo``, ``@Rudo``, ``+263771234567`` and the pasted ``rudo#<account id>``; ``None`` if it is no handle."""
    typed = "".join(unicodedata.normalize("NFKC", text).split()).partition("#")[0]
    handle = _PHONE_SIGN.sub("", typed.lstrip("@")).rstrip(".,!?").lower()
    return handle if _HANDLE.fullmatch(handle) else None


def _cleaned(text: str, dropped: re.Pattern[str]) -> str:
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join(dropped.sub("", plain.replace("\n", " ")).split()).strip(" -")


def _fitting(name: str) -> str | None:
    return name if _SHORTEST <= len(name) <= _LONGEST else None
