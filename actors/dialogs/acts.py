"""The three things one can do to an open offer, and how each is put into words."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from actors.dialogs import texts
from credex.commands import AcceptOffer, CancelOffer, DeclineOffer
from credex.model import Account, Offer, OfferId, Phone

AnswerOffer = AcceptOffer | DeclineOffer | CancelOffer


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The sentences of one act."""

    pick: str
    sure: str
    yes: str
    says: tuple[str, ...] = ()
    doing: str
    done: str
    not_done: str
    unclear: str
    settled: str


class Act(StrEnum):
    """What is done to an offer."""

    ACCEPT = "accept"
    DECLINE = "decline"
    CANCEL = "cancel"

    @classmethod
    def of(cls, command: AnswerOffer) -> "Act":
        """The act a command carries out."""
        match command:
            case AcceptOffer():
                return cls.ACCEPT
            case DeclineOffer():
                return cls.DECLINE
            case CancelOffer():
                return cls.CANCEL

    @property
    def outgoing(self) -> bool:
        """Whether it is done to offers the account made, not to those it got."""
        return self is Act.CANCEL

    @property
    def wording(self) -> Wording:
        """How it is put into words."""
        return _WORDINGS[self]

    def offers(self, account: Account) -> Sequence[Offer]:
        """The offers of an account it can be done to."""
        return account.outgoing if self.outgoing else account.incoming

    def command(self, phone: Phone, offer: OfferId) -> AnswerOffer:
        """The command that carries it out."""
        match self:
            case Act.ACCEPT:
                return AcceptOffer(phone, offer)
            case Act.DECLINE:
                return DeclineOffer(phone, offer)
            case Act.CANCEL:
                return CancelOffer(phone, offer)


_WORDINGS = {
    Act.ACCEPT: Wording(
        pick=texts.PICK_ACCEPT,
        sure=texts.SURE_ACCEPT,
        yes=texts.YES_ACCEPT,
        says=("accept",),
        doing=texts.ACCEPTING,
        done=texts.ACCEPTED,
        not_done=texts.NOT_ACCEPTED,
        unclear=texts.ACCEPT_UNCLEAR,
        settled=texts.ACCEPT_SETTLED,
    ),
    Act.DECLINE: Wording(
        pick=texts.PICK_DECLINE,
        sure=texts.SURE_DECLINE,
        yes=texts.YES_DECLINE,
        says=("decline",),
        doing=texts.DECLINING,
        done=texts.DECLINED,
        not_done=texts.NOT_DECLINED,
        unclear=texts.DECLINE_UNCLEAR,
        settled=texts.DECLINE_SETTLED,
    ),
    # "cancel" is not among the words of its yes: everywhere else it means to leave without doing anything.
    Act.CANCEL: Wording(
        pick=texts.PICK_CANCEL,
        sure=texts.SURE_CANCEL,
        yes=texts.YES_CANCEL,
        doing=texts.CANCELLING,
        done=texts.CANCELLED,
        not_done=texts.NOT_CANCELLED,
        unclear=texts.CANCEL_UNCLEAR,
        settled=texts.CANCEL_SETTLED,
    ),
}
