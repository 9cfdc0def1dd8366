"""Text messages in a world: a process's way in and out by a Kannel gateway, and what the gateway fetches from it."""

from datetime import datetime
from urllib.parse import urlencode

import httpx

from actors.application import Application
from actors.web.sms import SmsDoor
from channels.sms.kannel.client import Kannel
from channels.sms.kannel.wire import KannelWebhooks
from runtime.clock import Clock
from tests.support import kannel

_SECRET = "path-secret-for-tests-0123456789"
_OURS = "40404"
LINE = f"kannel:{_OURS}"
"""Our end of conversations by text message."""
_WEBHOOKS = KannelWebhooks(_SECRET)


def gateway(http: httpx.AsyncClient) -> Kannel:
    """Our way out."""
    return Kannel(
        http,
        sendsms_url="http://gateway.test/cgi-bin/sendsms",
        username=kannel.USERNAME,
        password=kannel.PASSWORD,
        reports_url=f"https://chat.test{_WEBHOOKS.path}/status",
    )


def door(application: Application, clock: Clock) -> SmsDoor:
    """Our way in."""
    return SmsDoor(
        intake=application.intake,
        clock=clock,
        webhooks=[_WEBHOOKS],
        counts=application.counts,
        undelivered=application.returned,
    )


def fetched(message: str, phone: str, text: str, at: datetime) -> str:
    """The address the gateway fetches to hand on a member's message with this id."""
    fields = {
        "id": message,
        "sender": f"+{phone}",
        "to": _OURS,
        "ts": str(int(at.timestamp())),
        "charset": "UTF-8",
        "coding": "0",
        "text": text,
    }
    return f"{_WEBHOOKS.path}?{urlencode(fields)}"


def reported(reference: str, bit: int) -> str:
    """The address it fetches to tell what became of a message of ours."""
    return f"{_WEBHOOKS.path}/status?{urlencode({'ours': reference, 'status': str(bit)})}"
