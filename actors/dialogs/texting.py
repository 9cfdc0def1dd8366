"""Screens as text messages: numbered pages, numbers read back, and the code that signs.

A text message has no buttons whose taps come back with a nonce, and its sender can be forged. So what signs is a code:
``PAY 4821``. It is worked out from the screen's nonce, which nobody can guess, and from the very words of the question
(amount, payee), so it signs this question on this screen and no other, and ends with it. Whoever writes in a member's
name without holding their phone never sees it.
"""

import hashlib
import re
import unicodedata

import msgspec

from actors.dialogs import texts
from actors.dialogs.brief_rows import also_named, row
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.recurring_signing import SigningRecurring
from actors.dialogs.signing import SigningOffer
from actors.dialogs.states import CONSENT, SETTLING, WAITING, AnyState, Position, visit_of
from actors.dialogs.upgrading import SigningUpgrade
from actors.dialogs.words import brief
from channels.message import Choice, OutboundMessage
from channels.plain import heard, read_choice
from channels.sms.menu import Labels, Page, digits_in, fits, in_parts, number_in, pages
from channels.sms.wording import plain

TRIES = 3
"""So many wrong codes end the question."""

LONGEST_REST = 24
"""Hours. Whoever guesses in a member's name has three codes of ten thousand a day, and the member reads of each."""

_CODE_DIGITS, _MENU_DIGITS = 4, 8
_LONGEST_SIGNED = 40
"""Characters: what is longer is no code, and is not searched for one."""

_SIGNS = re.compile(r"(?:pay|ok|sign)\W*(\S[\S ]*?)\W*", re.IGNORECASE)
_PAYING = frozenset({SigningOffer, SigningRecurring, SigningUpgrade})
"""Questions that *pay*; nobody who is asked to accept or decline an offer should read that word."""

_LABELS = Labels(more=texts.SMS_MORE, back=texts.SMS_BACK, row=row)


def rest_after(wrong: int) -> int:
    """Hours for which nothing is signed after so many wrong codes: one after three, and twice as long each time."""
    return min(1 << (wrong // TRIES - 1), LONGEST_REST)


def code_of(screen: str, question: str) -> str:
    """The code that signs this question on the screen with this nonce."""
    number = int.from_bytes(hashlib.sha256(f"{screen}:{question}".encode()).digest()[:8])
    return f"{number % 10**_CODE_DIGITS:0{_CODE_DIGITS}}"


def code_in(typed: str) -> str | None:
    """The digits behind ``PAY``, if that is what the message is."""
    said = heard(unicodedata.normalize("NFKC", typed))
    found = _SIGNS.fullmatch(said) if len(said) <= _LONGEST_SIGNED else None
    digits = digits_in(found[1]) if found else ""
    return digits if len(digits) == _CODE_DIGITS and digits.isdecimal() else None


def page_of(position: Position) -> Page | None:
    """The page that was shown last; ``None`` if its numbers would mean something else by now.

    What is at hand can change without a word here: by another channel, or by a new version of this program.
    """
    page = _page(position, position.state.prompt())
    return page if position.texted.menu in ("", menu_of(page)) else None


def menu_of(page: Page) -> str:
    """What a page's numbers mean, as a short digest: what is remembered of it."""
    meant = "\n".join((*page.keys, str(page.more), str(page.back)))
    return hashlib.sha256(meant.encode()).hexdigest()[:_MENU_DIGITS]


def shown(position: Position, prompt: OutboundMessage) -> Position:
    """The same, with the menu of this prompt shown."""
    texted = msgspec.structs.replace(position.texted, menu=menu_of(_page(position, prompt)))
    return msgspec.structs.replace(position, texted=texted)


def _page(position: Position, prompt: OutboundMessage) -> Page:
    laid = laid_out(position.state, prompt, position.screen)
    return laid[min(position.texted.page, len(laid) - 1)]


def named(state: AnyState, typed: str) -> Choice | None:
    """The choice whose title or word was typed. Numbers are the menu's (``page_of``)."""
    if number_in(typed) is not None:
        return None
    return read_choice(typed, [_with_row(choice) for choice in state.prompt().choices])


def messages(says: tuple[str, ...], prompt: OutboundMessage | None, position: Position) -> tuple[OutboundMessage, ...]:
    """What is said and the page of the screen that follows, in one message if it is not too long for that."""
    told = "\n".join(filter(None, (plain(brief(each)) for each in says)))
    if prompt is None:
        return _told(told)
    screen = OutboundMessage(text=_page(position, prompt).text, screen=position.screen)
    if not told:
        return (screen,)
    together = f"{told}\n{screen.text}"
    if fits(together):
        return (msgspec.structs.replace(screen, text=together),)
    return (*_told(told), screen)


def _told(text: str) -> tuple[OutboundMessage, ...]:
    return tuple(OutboundMessage(text=part) for part in in_parts(text)) if text else ()


def laid_out(state: AnyState, prompt: OutboundMessage, screen: str) -> tuple[Page, ...]:
    """All pages of the screen with this nonce."""
    text, choices, last = brief(prompt.text), prompt.choices, ""
    kind = type(state)
    if kind in CONSENT:
        choices = tuple(choice for choice in choices if choice.key != "confirm")
        ask = texts.SMS_SIGN if kind in _PAYING else texts.SMS_CONFIRM
        last = ask.format(code=code_of(screen, prompt.text))
    inside = visit_of(state) is not None and kind is not AtDashboard and kind not in WAITING and kind not in SETTLING
    return pages(text, choices, _LABELS, leads_back=inside, last=last)


def _with_row(choice: Choice) -> Choice:
    title = also_named(choice.title)
    return msgspec.structs.replace(choice, says=(*choice.says, title)) if title else choice
