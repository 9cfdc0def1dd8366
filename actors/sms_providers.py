"""The providers of text messages that are set up: of each its way out, and the reader of what it posts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from actors.settings import Settings
from actors.transport.client import DirectClient
from channels.sms.provider import Provider, Webhooks
from channels.sms.twilio.client import TwilioProvider
from channels.sms.twilio.wire import TwilioWebhooks
from runtime.clock import Clock


@dataclass(frozen=True, slots=True)
class End:
    """One provider: out, and in."""

    provider: Provider
    webhooks: Webhooks


class NoSuchProvider(Exception):
    """Settings name a provider that this version has no code for."""


def sms_providers(settings: Settings, http: DirectClient, clock: Clock) -> tuple[End, ...]:
    """Every provider that is whole in ``settings`` (without ``problems``). Raises ``NoSuchProvider``."""
    missing = [name for name in settings.sms_senders if name not in _ENDS]
    if missing:
        raise NoSuchProvider(f"not in this version: {', '.join(missing)}")
    return tuple(_ENDS[name](settings, http, clock) for name in settings.sms_senders)


def _twilio(settings: Settings, http: DirectClient, clock: Clock) -> End:
    twilio, public_url = settings.twilio, settings.public_url
    if twilio is None or public_url is None:
        raise ValueError("settings with problems cannot be served")
    tokens = [token.get_secret_value() for token in twilio.auth_tokens]
    provider = TwilioProvider(
        http,
        api_url=twilio.api_url,
        account_sid=twilio.account_sid,
        auth_token=tokens[0],
        public_url=public_url,
        now=clock.now,
    )
    return End(provider, TwilioWebhooks(public_url=public_url, tokens=tokens))


_ENDS: Mapping[str, Callable[[Settings, DirectClient, Clock], End]] = {"twilio": _twilio}
