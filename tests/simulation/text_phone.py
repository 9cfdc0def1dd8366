"""A member's phone that only knows text messages: numbers pick rows, a code signs.

Whoever has such a phone has the other one as well, and uses both at once.
"""

import re

from tests.simulation.history import Sent
from tests.simulation.phone import Phone

CODE = re.compile(r"\b(?:PAY|OK) \d{4}\b")
_ROW = re.compile(r"^([1-8]) (.+)$", re.MULTILINE)
_KEEN = {
    "upgrade": re.compile("Upgrade"),
    "manage_account": re.compile("Manage"),
    "rename_account": re.compile("Rename"),
    "offer_secured": re.compile("Offer secured"),
}
_WANTED = re.compile(r"Offer|Accept|Decline|Cancel|Ledger|Upgrade|Switch|Manage|Recurring|Rename")
_NONSENSE = (
    *("hi", "menu", "help", "bal", "what?", "yes", "1", "2", "0", "9", "no", "ok", "5 zwg", "ledger", "offers", "-1"),
    *("5=>rudo", "2.50->tendai", "pay 5,00 to rudo", "STOP", "START", "cancel", "PAY 0000", "OK", "tier", "x" * 300),
)


class TextPhone(Phone):
    """One member's other phone."""

    def act(self) -> None:
        """One message."""
        random = self._random
        last = self._screens[-1].text if self._screens else ""
        codes = CODE.findall(last)
        rows = _ROW.findall(last)
        if not last:
            self._text(random.choice(("hi", "menu", "bal", "5=>rudo", "2.50->tendai")))
        elif random.random() < self._weather.senseless:
            self._be_senseless()
        elif codes and random.random() < 0.85:
            self._text(codes[-1])
            while random.random() < 0.15:
                self._text(codes[-1])
        elif rows and random.random() < 0.85:
            bent = [number for number, title in rows if any(_KEEN[key].search(title) for key in self._keen)]
            wanted = bent or [number for number, title in rows if _WANTED.search(title)]
            self._text(random.choice(wanted or [number for number, _ in rows]))
        else:
            self._text(self._answer_to(last))

    def _be_senseless(self) -> None:
        random = self._random
        codes = [code for shown in self._screens for code in CODE.findall(shown.text)]
        self._text(random.choice(codes[-4:]) if codes and random.random() < 0.5 else random.choice(_NONSENSE))

    def _text(self, text: str) -> None:
        self._count += 1
        name = f"text.{self.number}.{self._count}"
        self._history.note(Sent(name, self.number, "sms", text))
        self._networks.take_text(name, self.number, text, self._now())
