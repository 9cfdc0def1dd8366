"""Typed settings, from the environment or ``.env``; and what is wrong with them, all at once, in plain words.

``read`` parses: every value alone is right or named in ``Unusable``. ``read_for_serving`` also asks for what ``serve``
cannot do without: credex-core and at least one whole channel. A channel none of whose settings are there is off; one
with some of them is a mistake, and is refused before a member meets it. A blank value counts as absent, so a copied
``.env.example`` works before it is filled in. Past this module an optional group is there as a whole
(``settings.whatsapp``) or not at all.

Secrets are ``SecretStr``: they show as stars until somebody asks for ``get_secret_value()``.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    PositiveInt,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from actors.dialogs.allowance import USUAL_LIMITS, May, Texting
from actors.sms_limits import SmsLimits, SmsMay
from runtime.store_url import NoSuchStore, open_store

DEFAULT_STORE = "sqlite:///var/vimbiso.db"
STORES = ("sqlite", "redis", "rediss", "memory")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
HIGHEST_PORT = 65535

CREDEX = ("mycredex_app_url", "client_api_key")
WHATSAPP = (
    "whatsapp_api_url",
    "whatsapp_access_token",
    "whatsapp_phone_number_id",
    "whatsapp_business_id",
    "whatsapp_app_secret",
    "whatsapp_verify_token",
)
TWILIO = ("twilio_account_sid", "twilio_auth_token", "twilio_from", "twilio_api_url")
AFRICASTALKING = (
    "africastalking_username",
    "africastalking_api_key",
    "africastalking_from",
    "africastalking_api_url",
    "africastalking_callback_secret",
)
KANNEL = ("kannel_sendsms_url", "kannel_username", "kannel_password", "kannel_from", "kannel_callback_secret")

CHANNELS: Mapping[str, tuple[str, ...]] = {"WhatsApp": WHATSAPP}
"""Channels of this version, and the settings each needs."""

CHANNELS_TO_COME: Mapping[str, tuple[str, ...]] = {
    "Twilio SMS": TWILIO,
    "Africa's Talking SMS": AFRICASTALKING,
    "Kannel SMS": KANNEL,
}


@dataclass(frozen=True, slots=True)
class Unusable:
    """Settings that cannot be worked with: every problem, one sentence each, fit to be printed."""

    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Credex:
    """Where credex-core is, and the key that lets us in. ``url`` has no slash at its end."""

    url: str
    api_key: SecretStr


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatsApp:
    """Everything the WhatsApp channel needs. ``api_url`` has no slash at its end."""

    api_url: str
    access_token: SecretStr
    phone_number_id: str
    business_id: str
    app_secrets: tuple[SecretStr, ...]
    """The current one, then the previous one while Meta's change of secrets is under way."""
    verify_token: SecretStr


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


Url = Annotated[str, AfterValidator(_url)]
StoreUrl = Annotated[SecretStr, AfterValidator(_store)]


class Settings(BaseSettings):
    """One field a name; the name in the environment is the same in capitals."""

    model_config = SettingsConfigDict(env_file_encoding="utf-8", extra="ignore", frozen=True, env_ignore_empty=True)

    host: str = "127.0.0.1"
    port: Annotated[int, BeforeValidator(_port)] = 8000
    public_url: Url | None = None
    app_log_level: Annotated[str, AfterValidator(_level)] = "INFO"
    store_url: StoreUrl | None = None
    redis_url: StoreUrl | None = None

    mycredex_app_url: Url | None = None
    client_api_key: SecretStr | None = None
    credex_calls_per_minute: PositiveInt | None = None
    recurring_payments: bool = False

    session_seconds: PositiveInt = 900
    money_session_seconds: PositiveInt = 300

    whatsapp_api_url: Url | None = None
    whatsapp_access_token: SecretStr | None = None
    whatsapp_phone_number_id: str | None = None
    whatsapp_business_id: str | None = None
    whatsapp_app_secret: SecretStr | None = None
    whatsapp_app_secret_previous: SecretStr | None = None
    whatsapp_verify_token: SecretStr | None = None

    sms_may: SmsMay = None
    sms_limits: SmsLimits = USUAL_LIMITS

    notify_api_key: SecretStr | None = None
    operator_token: SecretStr | None = None

    twilio_account_sid: str | None = None
    twilio_auth_token: SecretStr | None = None
    twilio_from: str | None = None
    twilio_api_url: Url | None = None

    africastalking_username: str | None = None
    africastalking_api_key: SecretStr | None = None
    africastalking_from: str | None = None
    africastalking_api_url: Url | None = None
    africastalking_callback_secret: SecretStr | None = None

    kannel_sendsms_url: Url | None = None
    kannel_username: str | None = None
    kannel_password: SecretStr | None = None
    kannel_from: str | None = None
    kannel_callback_secret: SecretStr | None = None

    @field_validator("*", mode="before")
    @classmethod
    def _stripped(cls, value: object, info: ValidationInfo) -> object:
        if not isinstance(value, str):
            return value
        return value.strip() or cls.model_fields[str(info.field_name)].default

    @property
    def store(self) -> str:
        """The store's URL, with its password if it has one: not for logs."""
        url = self.store_url or self.redis_url
        return url.get_secret_value() if url else DEFAULT_STORE

    @property
    def credex(self) -> Credex | None:
        """credex-core, if both its settings are there."""
        if self.mycredex_app_url is None or self.client_api_key is None:
            return None
        return Credex(url=self.mycredex_app_url, api_key=self.client_api_key)

    def texting(self, *, unless_set: May = May.LIMITED) -> Texting:
        """What may be signed by text message; ``unless_set`` is how far they go where ``SMS_MAY`` is not set."""
        return Texting(may=self.sms_may or unless_set, limits=self.sms_limits)

    @property
    def whatsapp(self) -> WhatsApp | None:
        """The WhatsApp channel, if all of it is there."""
        if (
            self.whatsapp_api_url is None
            or self.whatsapp_access_token is None
            or self.whatsapp_phone_number_id is None
            or self.whatsapp_business_id is None
            or self.whatsapp_app_secret is None
            or self.whatsapp_verify_token is None
        ):
            return None
        previous = self.whatsapp_app_secret_previous
        return WhatsApp(
            api_url=self.whatsapp_api_url,
            access_token=self.whatsapp_access_token,
            phone_number_id=self.whatsapp_phone_number_id,
            business_id=self.whatsapp_business_id,
            app_secrets=(self.whatsapp_app_secret, *((previous,) if previous else ())),
            verify_token=self.whatsapp_verify_token,
        )


def read(env_file: Path | None = Path(".env")) -> Settings | Unusable:
    """The settings, if each that is set can be understood. The environment goes before the file."""
    try:
        return _settings(env_file)
    except ValidationError as error:
        return Unusable(tuple(_lines(error).values()))


def read_for_serving(env_file: Path | None = Path(".env")) -> Settings | Unusable:
    """The settings, if ``serve`` can work with them; else all that must be put right, in one go."""
    try:
        settings = _settings(env_file)
    except ValidationError as error:
        lines = _lines(error)
        rest = _settings(env_file, **{name: Settings.model_fields[name].default for name in lines})
        return Unusable((*lines.values(), *problems(rest, given=lines)))
    wrong = problems(settings)
    return Unusable(wrong) if wrong else settings


def problems(settings: Settings, *, given: Collection[str] = ()) -> tuple[str, ...]:
    """What keeps ``serve`` from starting. ``given`` are names that were set, to values reported elsewhere."""
    there = _there(settings) | set(given)
    return (
        *(f"{name.upper()}: missing; without it there is no credex-core" for name in CREDEX if name not in there),
        *_channel_problems(there),
        *_halves(CHANNELS_TO_COME, there),
        *_store_problems(settings),
    )


def remarks(settings: Settings) -> tuple[str, ...]:
    """What is allowed and may surprise, for the log at start."""
    there = _there(settings)
    whole = [channel for channel, names in CHANNELS_TO_COME.items() if there.issuperset(names)]
    return (
        *(f"{name} is set, but not in this version: it stays off" for name in whole),
        *(("OPERATOR_TOKEN is not set: the operator endpoints are closed",) if settings.operator_token is None else ()),
        *(("NOTIFY_API_KEY is not set: /bot/notify is closed",) if settings.notify_api_key is None else ()),
    )


def _settings(env_file: Path | None, **values: Any) -> Settings:  # noqa: ANN401 - as BaseSettings takes them
    return Settings(_env_file=env_file, **values)  # type: ignore[call-arg]  # BaseSettings takes it


def _there(settings: Settings) -> set[str]:
    return {name for name in Settings.model_fields if getattr(settings, name) is not None}


def _lines(error: ValidationError) -> dict[str, str]:
    """By field name; a value is in a line only where its validator put it there."""
    return {
        str(wrong["loc"][0]): f"{str(wrong['loc'][0]).upper()}: {wrong.get('ctx', {}).get('error', wrong['msg'])}"
        for wrong in error.errors(include_input=False, include_url=False)
    }


def _channel_problems(there: Collection[str]) -> tuple[str, ...]:
    if any(name in there for names in CHANNELS.values() for name in names):
        return _halves(CHANNELS, there)
    ways = "; or ".join(f"for {channel} set {_names(names)}" for channel, names in CHANNELS.items())
    return (f"No channel is set, so there is nobody to talk to: {ways}",)


def _halves(channels: Mapping[str, tuple[str, ...]], there: Collection[str]) -> tuple[str, ...]:
    missing = {channel: [name for name in names if name not in there] for channel, names in channels.items()}
    return tuple(
        f"{channel} is only half set: {_names(names)} missing. Set them, or remove the others to turn it off"
        for channel, names in missing.items()
        if 0 < len(names) < len(channels[channel])
    )


def _store_problems(settings: Settings) -> tuple[str, ...]:
    if settings.store_url and settings.redis_url and settings.store_url != settings.redis_url:
        return ("STORE_URL and REDIS_URL mean the same and differ: keep one",)
    return ()


def _names(names: Collection[str]) -> str:
    return ", ".join(name.upper() for name in names)
