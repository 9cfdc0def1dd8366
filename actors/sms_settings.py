"""The settings of text messages: three providers, any of which may be there as a whole or not at all.

Whichever is there is answered by; one of them notices go out by as well, which is ``SMS_PROVIDER``'s to say when there
are several. All of them call us, so all need ``PUBLIC_URL``.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from actors.dialogs.allowance import USUAL_LIMITS, May, Texting
from actors.setting_values import PathSecret, Url
from actors.sms_limits import SmsLimits, SmsMay

PROVIDERS: Mapping[str, str] = {
    "twilio": "Twilio SMS",
    "africastalking": "Africa's Talking SMS",
    "kannel": "Kannel SMS",
}
"""Names of providers as in ``SMS_PROVIDER`` and in lines, and as operators are told of them."""

SMS: Mapping[str, tuple[str, ...]] = {
    PROVIDERS["twilio"]: ("twilio_account_sid", "twilio_auth_token", "twilio_from", "twilio_api_url"),
    PROVIDERS["africastalking"]: (
        "africastalking_username",
        "africastalking_api_key",
        "africastalking_from",
        "africastalking_api_url",
        "africastalking_callback_secret",
    ),
    PROVIDERS["kannel"]: (
        "kannel_sendsms_url",
        "kannel_username",
        "kannel_password",
        "kannel_from",
        "kannel_callback_secret",
    ),
}
"""The settings each provider needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Twilio:
    """Everything Twilio needs. ``api_url`` has no slash at its end; ``sender`` is a number or a messaging service."""

    account_sid: str
    auth_tokens: tuple[SecretStr, ...]
    """The current one, then the previous one while it is being replaced."""
    sender: str
    api_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AfricasTalking:
    """Everything Africa's Talking needs. ``api_url`` has no slash at its end; ``sender`` is a short code or a name."""

    username: str
    api_key: SecretStr
    sender: str
    api_url: str
    callback_secret: SecretStr


@dataclass(frozen=True, slots=True, kw_only=True)
class Kannel:
    """Everything a Kannel needs. ``sendsms_url`` is whole, up to and with ``/cgi-bin/sendsms``."""

    sendsms_url: str
    username: str
    password: SecretStr
    sender: str
    callback_secret: SecretStr


def _provider(value: str) -> str:
    if value.lower() not in PROVIDERS:
        raise ValueError(f"{value!r} is no provider: give one of {', '.join(PROVIDERS)}")
    return value.lower()


class SmsSettings(BaseSettings):
    """One field a name; the name in the environment is the same in capitals."""

    model_config = SettingsConfigDict(env_file_encoding="utf-8", extra="ignore", frozen=True, env_ignore_empty=True)

    public_url: Url | None = None
    sms_provider: Annotated[str, AfterValidator(_provider)] | None = None
    sms_may: SmsMay = None
    sms_limits: SmsLimits = USUAL_LIMITS

    twilio_account_sid: str | None = None
    twilio_auth_token: SecretStr | None = None
    twilio_auth_token_previous: SecretStr | None = None
    twilio_from: str | None = None
    twilio_api_url: Url | None = None

    africastalking_username: str | None = None
    africastalking_api_key: SecretStr | None = None
    africastalking_from: str | None = None
    africastalking_api_url: Url | None = None
    africastalking_callback_secret: PathSecret | None = None

    kannel_sendsms_url: Url | None = None
    kannel_username: str | None = None
    kannel_password: SecretStr | None = None
    kannel_from: str | None = None
    kannel_callback_secret: PathSecret | None = None

    def texting(self, *, unless_set: May = May.LIMITED) -> Texting:
        """What may be signed by text message; ``unless_set`` is how far they go where ``SMS_MAY`` is not set."""
        return Texting(may=self.sms_may or unless_set, limits=self.sms_limits)

    @property
    def twilio(self) -> Twilio | None:
        """Twilio, if all of it is there."""
        if (
            self.twilio_account_sid is None
            or self.twilio_auth_token is None
            or self.twilio_from is None
            or self.twilio_api_url is None
        ):
            return None
        previous = self.twilio_auth_token_previous
        return Twilio(
            account_sid=self.twilio_account_sid,
            auth_tokens=(self.twilio_auth_token, *((previous,) if previous else ())),
            sender=self.twilio_from,
            api_url=self.twilio_api_url,
        )

    @property
    def africastalking(self) -> AfricasTalking | None:
        """Africa's Talking, if all of it is there."""
        if (
            self.africastalking_username is None
            or self.africastalking_api_key is None
            or self.africastalking_from is None
            or self.africastalking_api_url is None
            or self.africastalking_callback_secret is None
        ):
            return None
        return AfricasTalking(
            username=self.africastalking_username,
            api_key=self.africastalking_api_key,
            sender=self.africastalking_from,
            api_url=self.africastalking_api_url,
            callback_secret=self.africastalking_callback_secret,
        )

    @property
    def kannel(self) -> Kannel | None:
        """A Kannel, if all of it is there."""
        if (
            self.kannel_sendsms_url is None
            or self.kannel_username is None
            or self.kannel_password is None
            or self.kannel_from is None
            or self.kannel_callback_secret is None
        ):
            return None
        return Kannel(
            sendsms_url=self.kannel_sendsms_url,
            username=self.kannel_username,
            password=self.kannel_password,
            sender=self.kannel_from,
            callback_secret=self.kannel_callback_secret,
        )

    @property
    def sms_senders(self) -> Mapping[str, str]:
        """What we send from, by the provider's name, for those that are there as a whole."""
        there = {"twilio": self.twilio, "africastalking": self.africastalking, "kannel": self.kannel}
        return {name: found.sender for name, found in there.items() if found is not None}

    @property
    def notice_provider(self) -> str | None:
        """The provider that notices go out by: the one that is named, else the only one there is."""
        whole = self.sms_senders
        if self.sms_provider is not None:
            return self.sms_provider if self.sms_provider in whole else None
        return next(iter(whole)) if len(whole) == 1 else None


def sms_problems(settings: SmsSettings, there: Collection[str]) -> Iterable[str]:
    """What is wrong between settings that are right each by itself. ``there`` are the names that are set."""
    whole = [name for name, title in PROVIDERS.items() if set(there).issuperset(SMS[title])]
    if whole and "public_url" not in there:
        yield f"PUBLIC_URL: missing; {' and '.join(PROVIDERS[name] for name in whole)} must know where to call us"
    named = settings.sms_provider
    if named is not None and named not in whole:
        yield f"SMS_PROVIDER: {named} is named, but {PROVIDERS[named]} is not set as a whole"
    if len(whole) > 1 and "sms_provider" not in there:
        yield f"SMS_PROVIDER: missing; there are several, so name the one notices go out by: {', '.join(whole)}"
