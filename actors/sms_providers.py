"""The providers of text messages that are set up: of each its way out, and the reader of what it posts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from actors.dialogs.allowance import May
from actors.settings import Settings
from actors.transport.client import DirectClient
from channels.sms.africastalking.client import AfricasTalking
from channels.sms.africastalking.wire import AfricasTalkingWebhooks
from channels.sms.kannel.client import Kannel
from channels.sms.kannel.wire import KannelWebhooks
from channels.sms.provider import Provider, Webhooks
from channels.sms.twilio.client import TwilioProvider
from channels.sms.twilio.wire import TwilioWebhooks
from runtime.clock import Clock


@dataclass(frozen=True, slots=True)
class End:
    """One provider: out, and in."""

    provider: Provider
    webhooks: Webhooks


def sms_providers(settings: Settings, http: DirectClient, clock: Clock) -> tuple[End, ...]:
    """Every provider that is whole in ``settings`` (without ``problems``)."""
    return tuple(_ENDS[name](settings, http, clock) for name in settings.sms_senders)


def sms_facts(settings: Settings) -> Mapping[str, Any]:
    """For operators: the providers that are set, the one notices go out by, and what may be signed."""
    providers, texting = list(settings.sms_senders), settings.texting()
    facts: dict[str, Any] = {"providers": providers}
    if providers:
        facts |= {"notices": settings.notice_provider, "may": texting.may.value}
        if texting.may is May.LIMITED:
            facts["limits"] = [str(limit) for limit in texting.limits]
    return facts


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


def _africastalking(settings: Settings, http: DirectClient, _clock: Clock) -> End:
    ours = settings.africastalking
    if ours is None:
        raise ValueError("settings with problems cannot be served")
    key, secret = ours.api_key.get_secret_value(), ours.callback_secret.get_secret_value()
    provider = AfricasTalking(http, api_url=ours.api_url, username=ours.username, api_key=key)
    return End(provider, AfricasTalkingWebhooks(secret))


def _kannel(settings: Settings, http: DirectClient, _clock: Clock) -> End:
    ours, public_url = settings.kannel, settings.public_url
    if ours is None or public_url is None:
        raise ValueError("settings with problems cannot be served")
    webhooks = KannelWebhooks(ours.callback_secret.get_secret_value())
    provider = Kannel(
        http,
        sendsms_url=ours.sendsms_url,
        username=ours.username,
        password=ours.password.get_secret_value(),
        reports_url=f"{public_url}{webhooks.path}/status",
    )
    return End(provider, webhooks)


_ENDS: Mapping[str, Callable[[Settings, DirectClient, Clock], End]] = {
    "twilio": _twilio,
    "africastalking": _africastalking,
    "kannel": _kannel,
}
