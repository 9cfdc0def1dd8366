"""What is on and what is off, beside the channels: data that is handed to whoever decides by it."""

from dataclasses import dataclass

from actors.dialogs.allowance import CAREFUL, Texting


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """``recurring_payments`` is off until credex-core's contract for them is confirmed.

    ``texting`` is what may be signed by text message.
    """

    recurring_payments: bool = False
    texting: Texting = CAREFUL


EVERYTHING_SURE = Features()
"""Only what is sure to work with every credex-core."""
