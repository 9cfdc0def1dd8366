"""Sessions and members: login, onboarding, look-ups, the allowance and the upgrade to tier 3."""

from dataclasses import replace
from decimal import Decimal

from credex.money import Denomination
from credex.simulator import rules
from credex.simulator.asking import Ask, SignedAsk
from credex.simulator.endpoints.charging import charge_subscription
from credex.simulator.envelope import Failure, Outcome, Success
from credex.simulator.figures import formatted, number
from credex.simulator.records import MemberRecord


def login(ask: Ask) -> Outcome:
    """A token and the whole dashboard; an unknown phone is the sign to onboard."""
    phone = ask.fields.text("phone")
    member = ask.world.member_by_phone(phone)
    if member is None:
        return Failure(404, "ERROR_NOT_FOUND", "NOT_FOUND", "Member not found", actor="system")
    token = ask.tokens.issue(member.id, now=ask.now)
    return Success(
        type="MEMBER_LOGIN",
        subject=member.id,
        actor=member.id,
        message="Login succeeded",
        details={"memberID": member.id, "phone": phone, "token": token},
        dashboard=ask.views.whole(member, now=ask.now),
    )


def onboard_member(ask: Ask) -> Outcome:
    """A member of tier 1 with one personal account, both with the phone's digits as handle."""
    phone = ask.fields.text("phone")
    if ask.world.member_by_phone(phone):
        return _duplicate("DUPLICATE_PHONE", "This phone already belongs to a member")
    if ask.world.member_by_handle(phone) or ask.world.account_by_handle(phone):
        return _duplicate("DUPLICATE_HANDLE", "This handle already belongs to somebody")
    member = MemberRecord(
        id=ask.world.ids.next(),
        phone=phone,
        first_name=ask.fields.text("firstname"),
        last_name=ask.fields.text("lastname"),
        handle=phone,
        tier=1,
        default_denomination=ask.fields.denomination("defaultDenom"),
    )
    ask.world.enrol(member)
    account = ask.world.personal_account(member)
    return Success(
        status=201,
        type="MEMBER_ONBOARDED",
        subject=member.id,
        actor=member.id,
        message=f"Personal account opened in {member.default_denomination} for {member.name}",
        details={
            "memberID": member.id,
            "firstname": member.first_name,
            "lastname": member.last_name,
            "memberHandle": member.handle,
            "defaultDenom": member.default_denomination,
            "token": ask.tokens.issue(member.id, now=ask.now),
            "defaultAccountID": account.id,
        },
        dashboard=ask.views.whole(member, now=ask.now),
    )


def get_member_dashboard_by_phone(ask: SignedAsk) -> Outcome:
    """Any member's dashboard, in its older and flatter shape."""
    member = ask.world.member_by_phone(ask.fields.text("phone"))
    if member is None:
        return _no_such_member()
    details = ask.views.member(member, now=ask.now)
    return Success(
        type="DASHBOARD_RETRIEVED",
        subject=member.id,
        message="Dashboard read",
        details=details,
        dashboard={
            "memberTier": details["memberTier"],
            "remainingAvailableUSD": details["remainingAvailableUSD"],
            "accounts": ask.views.accounts(member, now=ask.now),
        },
    )


def get_member_by_handle(ask: SignedAsk) -> Outcome:
    """The name behind a member's handle."""
    member = ask.world.member_by_handle(ask.fields.text("memberHandle"))
    if member is None:
        return _no_such_member()
    return Success(
        type="MEMBER_FOUND",
        subject=member.id,
        message="Member found",
        details={"memberID": member.id, "memberName": member.name, "memberHandle": member.handle},
    )


def auth_for_tier_spend_limit(ask: SignedAsk) -> Outcome:
    """Whether the tier of the account's owner allows one more credex of this size today."""
    fields = ask.fields
    account = ask.world.accounts.get(fields.text("issuerAccountID"))
    owner = ask.world.members[account.owner] if account else None
    amount, denomination = fields.amount("Amount"), fields.denomination("Denomination")
    if owner is None or not rules.within_limit(ask.world, owner, amount, denomination):
        return over_limit(ask, owner)
    remaining, limit = rules.remaining_today(ask.world, owner), rules.daily_limit(owner.tier)
    return Success(
        type="SPEND_AUTHORIZED",
        subject=owner.id,
        message="Within limit",
        details={
            "memberID": owner.id,
            "isAuthorized": True,
            "availableAmount": None if remaining is None else number(remaining),
            "memberTier": owner.tier,
            "amount": number(amount),
            "denomination": denomination,
            "securedCredex": fields.flag("securedCredex"),
            "currentSpendUSD": number(rules.issued_today(ask.world, owner.id)),
            "tierLimitUSD": None if limit is None else number(limit),
        },
    )


def hustler10k(ask: SignedAsk) -> Outcome:
    """Charge 1 USD and set tier 3, each time it is called and whatever the tier was."""
    account_id = ask.fields.raw("personalAccountID")
    if not isinstance(account_id, str) or not account_id:
        return Failure(400, "ERROR_VALIDATION", "MISSING_PARAMS", "The personal account is missing")
    charged = charge_subscription(ask, account_id)
    if isinstance(charged, Failure):
        return charged
    ask.world.enrol(replace(ask.world.members[ask.member.id], tier=3))
    return Success(
        type="HUSTLER_10K_ENROLLED",
        subject=charged.id,
        message="Tier 3 active",
        details={"memberID": ask.member.id, "credexID": charged.id, "newTier": 3},
    )


def over_limit(ask: SignedAsk, owner: MemberRecord | None) -> Failure:
    """The denial of a tier; an unknown account has no owner and ends here too."""
    remaining = rules.remaining_today(ask.world, owner) if owner else None
    left = formatted(remaining or Decimal(0), Denomination.USD)
    reason = f"Only {left} can still be issued today; limits renew at midnight UTC"
    return Failure(403, "ERROR_UNAUTHORIZED", "TIER_LIMIT_EXCEEDED", reason, blamed="securedCredex")


def _duplicate(code: str, reason: str) -> Failure:
    return Failure(409, "ERROR_VALIDATION", code, reason, blamed="phone", actor="system")


def _no_such_member() -> Failure:
    return Failure(404, "ERROR_NOT_FOUND", "NOT_FOUND", "No such member")
