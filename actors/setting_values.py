"""Kinds of settings that are more than a string: each right, or refused in words an operator can act on.

No refusal shows a value that may hold a secret.
"""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr

from runtime.store_url import NoSuchStore, open_store

DEFAULT_STORE = "sqlite:///var/vimbiso.db"
STORES = ("sqlite", "redis", "rediss", "memory")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
HIGHEST_PORT = 65535

SHORTEST_SECRET = 22
"""Characters of a secret in a path, which alone proves who calls: 128 bits in base64's alphabet."""

_SECRET = re.compile(rf"[A-Za-z0-9_-]{{{SHORTEST_SECRET},200}}")


def _port(value: object) -> int:
    text = str(value)
    if not (text.isascii() and text.isdigit() and int(text) <= HIGHEST_PORT):
        raise ValueError(f"{text!r} is no port: give a number from 0 to {HIGHEST_PORT} (0 takes any that is free)")
    return int(text)


def _level(value: str) -> str:
    if value.upper() not in LEVELS:
        raise ValueError(f"{value!r} is no level: give one of {', '.join(LEVELS)}")
    return value.upper()


def _url(value: str) -> str:
    wrong = "give an address that starts with https:// or http:// and names a host"
    try:
        parts = urlsplit(value)
        whole = bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise ValueError(wrong) from error
    if not whole or parts.scheme not in {"http", "https"}:
        raise ValueError(wrong)
    if parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError("give the address alone, without user, password, ? or #")
    return value.rstrip("/")


def _store(value: SecretStr) -> SecretStr:
    scheme, separator, rest = value.get_secret_value().partition("://")
    known = f"{', '.join(f'{name}://' for name in STORES[:-1])} or {STORES[-1]}://"
    if not separator:
        raise ValueError(f"give an address that starts with {known}, for example {DEFAULT_STORE}")
    if scheme not in STORES:
        raise ValueError(f"{scheme}:// is no store: give {known}, for example {DEFAULT_STORE}")
    if scheme == "sqlite" and not rest.removeprefix("/"):
        raise ValueError(f"the path of the file is missing: for example {DEFAULT_STORE}")
    try:
        open_store(value.get_secret_value())  # nothing is opened yet
    except NoSuchStore as error:
        raise ValueError(str(error)) from error
    return value


def _secret(value: SecretStr) -> SecretStr:
    if not _SECRET.fullmatch(value.get_secret_value()):
        raise ValueError(
            f"it stands in an address and keeps strangers out: give at least {SHORTEST_SECRET} random characters "
            "(128 bits), letters, digits, - or _"
        )
    return value


Port = Annotated[int, BeforeValidator(_port)]
Level = Annotated[str, AfterValidator(_level)]
PathSecret = Annotated[SecretStr, AfterValidator(_secret)]
Url = Annotated[str, AfterValidator(_url)]
StoreUrl = Annotated[SecretStr, AfterValidator(_store)]
