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
from typing import Any

from pydantic import PositiveInt, SecretStr, ValidationError, ValidationInfo, field_validator

from actors.dialogs.allowance import May
from actors.setting_values import DEFAULT_STORE, Level, Port, StoreUrl, Url
from actors.sms_settings import SMS, SmsSettings, sms_problems

CREDEX = ("mycredex_app_url", "client_api_key")
WHATSAPP = (
    "whatsapp_api_url",
    "whatsapp_access_token",
    "whatsapp_phone_number_id",
    "whatsapp_business_id",
    "whatsapp_app_secret",
    "whatsapp_verify_token",
)
CHANNELS: Mapping[str, tuple[str, ...]] = {"WhatsApp": WHATSAPP, **SMS}
"""Every channel, by its name for operators, and the settings it needs."""


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


class Settings(SmsSettings):
    """One field a name; the name in the environment is the same in capitals."""

    host: str = "127.0.0.1"
    port: Port = 8000
    app_log_level: Level = "INFO"
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

    notify_api_key: SecretStr | None = None
    operator_token: SecretStr | None = None

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
        *sms_problems(settings, there),
        *_store_problems(settings),
    )


def remarks(settings: Settings) -> tuple[str, ...]:
    """What is allowed and may surprise, for the log at start."""
    return (
        *(("OPERATOR_TOKEN is not set: the operator endpoints are closed",) if settings.operator_token is None else ()),
        *(("NOTIFY_API_KEY is not set: /bot/notify is closed",) if settings.notify_api_key is None else ()),
        *(
            ("SMS_MAY is off and WhatsApp is not set: whoever writes is answered with the way to WhatsApp alone",)
            if settings.sms_may is May.OFF and settings.whatsapp is None
            else ()
        ),
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
