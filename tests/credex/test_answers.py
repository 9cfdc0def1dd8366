"""HTTP answers as outcomes."""

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from credex.answers import Answer, Trouble, conclude, granted_token, read_answer, refreshed_token, wait_seconds
from credex.commands import Command, leaves_doubt
from credex.model import Account, OfferId
from credex.outcomes import (
    AccountFound,
    LoggedIn,
    NotAMember,
    OfferAccepted,
    OfferCancelled,
    OfferDeclined,
    OfferMade,
    Onboarded,
    Outcome,
    RecurringRead,
    Refusal,
    Refused,
    TierUpgraded,
    Unavailable,
    Unclear,
)
from tests.credex.spoken import (
    ACCEPT,
    CANCEL,
    COMMANDS,
    DECLINE,
    FIND,
    KUDZAI,
    LEDGER,
    LOGIN,
    LOOK_AT_REPEAT,
    MONEY_COMMANDS,
    OFFER,
    ONBOARD,
    PAY,
    PHONE,
    RECURRING,
    TARIRO,
    UPGRADE,
    account,
    created,
    dashboard,
    envelope,
    found,
    offer,
    refusal,
    upgraded,
    welcome,
)


def outcome(command: Command, status: int, body: bytes) -> Outcome:
    return conclude(command, read_answer(command, Answer(status, body)))


def test_a_login_brings_the_member() -> None:
    said = outcome(LOGIN, 200, welcome())
    assert isinstance(said, LoggedIn)
    assert (said.member.first_name, said.member.handle, len(said.member.accounts)) == ("Tariro", PHONE, 1)


def test_an_unknown_phone_is_not_a_member() -> None:
    assert outcome(LOGIN, 404, refusal("ERROR_NOT_FOUND", "NOT_FOUND", "Member not found")) == NotAMember()


@pytest.mark.parametrize(
    "body",
    [b'{"status":"error","statusCode":404,"message":"Not Found"}', b"<html>Not Found</html>", b"", refusal("X", "Y")],
)
def test_a_wrong_address_does_not_make_everybody_a_stranger(body: bytes) -> None:
    assert isinstance(outcome(LOGIN, 404, body), Unavailable)


def test_onboarding_brings_the_new_member() -> None:
    said = outcome(ONBOARD, 201, envelope("MEMBER_ONBOARDED", dashboard=dashboard()))
    assert isinstance(said, Onboarded)
    assert said.member.tier == 1


def test_a_handle_names_an_account() -> None:
    said = outcome(FIND, 200, found())
    assert isinstance(said, AccountFound)
    assert (said.account.id, said.account.name, said.account.handle) == (KUDZAI, "Kudzai Ncube Personal", "kudzai_n")


def test_an_offer_made_brings_its_id_and_the_issuers_account() -> None:
    said = outcome(PAY, 200, created())
    assert isinstance(said, OfferMade)
    assert said.offer == OFFER
    assert said.account is not None
    assert said.account.id == TARIRO


def test_an_offer_made_may_have_its_id_in_the_details_only() -> None:
    assert outcome(PAY, 200, envelope("CREDEX_CREATED", details={"credexID": OFFER})) == OfferMade(OFFER, None)


def test_an_offer_made_without_an_id_is_unclear() -> None:
    assert isinstance(outcome(PAY, 200, envelope("CREDEX_CREATED")), Unclear)


@pytest.mark.parametrize(
    ("command", "kind", "expected"),
    [
        (ACCEPT, "CREDEX_ACCEPTED", OfferAccepted),
        (DECLINE, "CREDEX_DECLINED", OfferDeclined),
        (CANCEL, "CREDEX_CANCELLED", OfferCancelled),
    ],
)
def test_answering_an_offer_brings_the_account_touched(
    command: Command, kind: str, expected: type[OfferAccepted | OfferDeclined | OfferCancelled]
) -> None:
    said = outcome(command, 200, envelope(kind, about=OFFER, dashboard=dashboard()))
    assert isinstance(said, expected)
    assert said.offer == OFFER
    assert isinstance(said.account, Account)
    assert outcome(command, 200, envelope(kind)) == expected(OFFER, None)


def test_an_upgrade_brings_the_new_tier_and_nothing_less_proves_it() -> None:
    assert outcome(UPGRADE, 200, upgraded()) == TierUpgraded(3)
    odds: tuple[object, ...] = ("three", 0, None, {})
    for odd in odds:
        assert isinstance(outcome(UPGRADE, 200, upgraded(odd)), Unclear)


@pytest.mark.parametrize(
    "shown",
    [
        {},
        {"member": None, "account": None},
        [],
        "nothing",
        {"accounts": []},
        {"accounts": [account(), account(accountID="another")]},
        {"accounts": [account(defaultDenom="???")]},
        {"success": True, "data": {}, "message": ""},
    ],
)
def test_a_deed_stands_whatever_its_dashboard_looks_like(shown: object) -> None:
    body = envelope("CREDEX_ACCEPTED", about=OFFER, dashboard=shown)
    assert outcome(ACCEPT, 200, body) == OfferAccepted(OFFER, None)


def test_an_offer_made_shows_no_account_but_the_issuers() -> None:
    body = envelope("CREDEX_CREATED", about=OFFER, dashboard=dashboard(account(accountID=KUDZAI)))
    assert outcome(PAY, 200, body) == OfferMade(OFFER, None)


def test_an_answer_about_another_offer_is_unclear() -> None:
    body = envelope("CREDEX_ACCEPTED", about="another-offer")
    assert isinstance(outcome(ACCEPT, 200, body), Unclear)


@pytest.mark.parametrize("command", COMMANDS)
def test_success_needs_the_type_that_belongs_to_the_command(command: Command) -> None:
    said = outcome(command, 200, envelope("LEDGER_RETRIEVED", about=OFFER, dashboard=dashboard()))
    assert isinstance(said, Unclear if leaves_doubt(command) else Unavailable)


@pytest.mark.parametrize("status", [201, 299])
def test_any_2xx_with_the_right_type_is_success(status: int) -> None:
    assert isinstance(outcome(PAY, status, created()), OfferMade)


@pytest.mark.parametrize("status", [100, 302, 400, 403, 409, 500, 502])
def test_the_right_type_under_another_status_is_no_success(status: int) -> None:
    assert isinstance(outcome(PAY, status, created()), Unclear)


@pytest.mark.parametrize(
    ("command", "status", "kind", "code", "expected"),
    [
        (LOGIN, 400, "ERROR_VALIDATION", "INVALID_PHONE", Refusal.INVALID),
        (LOGIN, 400, "ERROR_VALIDATION", "MISSING_PHONE", Refusal.INVALID),
        (ONBOARD, 400, "ERROR_VALIDATION", "VALIDATION_ERROR", Refusal.INVALID),
        (ONBOARD, 400, "ERROR_VALIDATION", "INVALID_DENOMINATION", Refusal.INVALID),
        (ONBOARD, 409, "ERROR_VALIDATION", "DUPLICATE_PHONE", Refusal.DUPLICATE),
        (ONBOARD, 409, "ERROR_VALIDATION", "DUPLICATE_HANDLE", Refusal.DUPLICATE),
        (FIND, 404, "ERROR_NOT_FOUND", "ACCOUNT_NOT_FOUND", Refusal.NOT_FOUND),
        (FIND, 400, "ERROR_VALIDATION", "INVALID_HANDLE", Refusal.INVALID),
        (PAY, 400, "ERROR_VALIDATION", "VALIDATION_ERROR", Refusal.INVALID),
        (PAY, 400, "ERROR_VALIDATION", "INVALID_ACCOUNTS", Refusal.SAME_ACCOUNT),
        (PAY, 400, "ERROR_VALIDATION", "MISSING_DUE_DATE", Refusal.DUE_DATE),
        (PAY, 400, "ERROR_VALIDATION", "INVALID_DUE_DATE", Refusal.DUE_DATE),
        (PAY, 403, "ERROR_UNAUTHORIZED", "TIER_LIMIT_EXCEEDED", Refusal.TIER_LIMIT),
        (PAY, 400, "CREDEX_CREATE_FAILED", "FORBIDDEN", Refusal.NOT_ALLOWED),
        (PAY, 400, "CREDEX_CREATE_FAILED", "INSUFFICIENT_SECURED_BALANCE", Refusal.NO_COVER),
        (ACCEPT, 400, "ERROR_INTERNAL", "ACCEPT_FAILED", Refusal.GONE),
        (DECLINE, 404, "ERROR_NOT_FOUND", "NOT_FOUND", Refusal.GONE),
        (CANCEL, 400, "ERROR_INTERNAL", "CANCEL_FAILED", Refusal.GONE),
        (LEDGER, 403, "ERROR_UNAUTHORIZED", "UNAUTHORIZED_ACCESS", Refusal.NOT_ALLOWED),
        (LEDGER, 400, "ERROR_VALIDATION", "VALIDATION_ERROR", Refusal.INVALID),
        (UPGRADE, 400, "ERROR_VALIDATION", "VALIDATION_ERROR", Refusal.INVALID),
        (UPGRADE, 400, "ERROR_VALIDATION", "MISSING_PARAMS", Refusal.INVALID),
        (UPGRADE, 400, "ERROR_VALIDATION", "INSUFFICIENT_SECURED_BALANCE", Refusal.NO_COVER),
    ],
)
def test_a_refusal_known_to_come_before_the_write_is_a_refusal(
    command: Command, status: int, kind: str, code: str, expected: Refusal
) -> None:
    assert outcome(command, status, refusal(kind, code)) == Refused(expected, "No, because")


@pytest.mark.parametrize(
    ("command", "status", "kind", "code"),
    [
        (PAY, 400, "CREDEX_CREATE_FAILED", "DB_ERROR"),
        (PAY, 400, "CREDEX_CREATE_FAILED", "INTERNAL_ERROR"),
        (PAY, 400, "CREDEX_CREATE_FAILED", "SECURED_AUTH_FAILED"),
        (PAY, 400, "CREDEX_CREATE_FAILED", "TIER_LIMIT_EXCEEDED"),
        (PAY, 500, "ERROR_INTERNAL", "INTERNAL_ERROR"),
        (PAY, 500, "CREDEX_CREATE_FAILED", "INSUFFICIENT_SECURED_BALANCE"),
        (PAY, 404, "ERROR_NOT_FOUND", "NOT_FOUND"),
        (PAY, 400, "ERROR_INTERNAL", "ACCEPT_FAILED"),
        (ACCEPT, 404, "ERROR_NOT_FOUND", "NOT_FOUND"),
        (ACCEPT, 500, "ERROR_INTERNAL", "ACCEPT_FAILED"),
        (DECLINE, 400, "ERROR_INTERNAL", "CANCEL_FAILED"),
        (CANCEL, 404, "ERROR_NOT_FOUND", "NOT_FOUND"),
        *(
            (UPGRADE, 500, "ERROR_INTERNAL", code)
            for code in (
                "GREATSUN_ACCOUNT_NOT_FOUND",
                "GREATSUN_MEMBER_NOT_FOUND",
                "CREDEX_CREATE_FAILED",
                "CREDEX_ACCEPT_FAILED",
                "TIER_UPDATE_FAILED",
                "ENROLLMENT_FAILED",
                "INTERNAL_ERROR",
            )
        ),
    ],
)
def test_any_other_refusal_of_money_is_unclear(command: Command, status: int, kind: str, code: str) -> None:
    assert outcome(command, status, refusal(kind, code)) == Unclear(f"HTTP {status} {code}", alive=status < 500)


@pytest.mark.parametrize("command", MONEY_COMMANDS)
@pytest.mark.parametrize("status", [200, 400, 403, 404, 409, 422, 500, 502, 503, 504])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"<html>Bad Gateway</html>",
        b'{"status":"error","statusCode":500,"message":"oops"}',
        b'{"message":"oops"}',
        created()[:-20],
        b'{"message":"","data":{"action":{"type":5}}}',
        b'{"message":"","data":{"action":{"type":"ERROR_VALIDATION","details":"VALIDATION_ERROR"}}}',
        b"[" * 100_000,
        b'{"data":' + b"[" * 100_000,
        b'{"unknown":' + b"[" * 100_000,
        b'{"data":{"action":{"type":"CREDEX_CREATED","details":' + b"[" * 100_000,
        b'{"data":{"action":{"type":"\xff"}}}',
    ],
)
def test_a_body_that_is_no_envelope_leaves_money_unclear(command: Command, status: int, body: bytes) -> None:
    assert isinstance(outcome(command, status, body), Unclear)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("status", [401, 413, 429])
@pytest.mark.parametrize("body", [b'{"message":"Token expired"}', b"Too many requests", b"", welcome(), created()])
def test_what_is_turned_away_before_any_work_did_nothing(command: Command, status: int, body: bytes) -> None:
    assert outcome(command, status, body) == Unavailable(f"HTTP {status}", alive=True)


@pytest.mark.parametrize("command", [LOGIN, ONBOARD, FIND])
@pytest.mark.parametrize("status", [200, 400, 500])
def test_a_broken_answer_to_a_question_is_unavailable(command: Command, status: int) -> None:
    assert isinstance(outcome(command, status, b"{"), Unavailable)


def test_keys_nobody_knows_do_no_harm() -> None:
    strange = envelope(
        "MEMBER_LOGIN",
        about=OFFER,
        details={"token": "t", "nested": [{"x": [1.5, None]}]},
        dashboard=dashboard(account(denomination="USD", pendingInData=[offer(extra={})]), extra=[]),
    )
    assert isinstance(outcome(LOGIN, 200, strange), LoggedIn)


@pytest.mark.parametrize(
    ("reason", "shown"),
    [
        ("Two\nlines\r\n\tand  blanks ", "Two lines and blanks"),
        ("zero\x00width\u202eturned", "zero width turned"),
        ("x" * 400, "x" * 300),
        ("x" * 299 + " y", "x" * 299),
        ("", "said for people"),
    ],
)
def test_a_reason_is_one_line_that_can_be_shown(reason: str, shown: str) -> None:
    said = outcome(CANCEL, 400, refusal("ERROR_INTERNAL", "CANCEL_FAILED", reason))
    assert said == Refused(Refusal.GONE, shown)


def test_a_refusal_may_have_no_words_at_all() -> None:
    action = {"type": "ERROR_INTERNAL", "details": {"code": "CANCEL_FAILED"}}
    body = msgspec.json.encode({"message": {"not": "text"}, "data": {"action": action}})
    assert outcome(CANCEL, 400, body) == Refused(Refusal.GONE, "")


def test_a_cause_is_for_logs_and_repeats_no_content() -> None:
    body = refusal("ERROR_INTERNAL", f"call {PHONE}", f"the member {PHONE} failed")
    assert outcome(PAY, 500, body) == Unclear("HTTP 500")
    assert PHONE not in repr(outcome(LOGIN, 200, envelope("MEMBER_LOGIN", dashboard={"member": {"memberTier": PHONE}})))


def test_an_answer_shown_in_a_log_or_a_traceback_shows_no_token() -> None:
    assert "secret" not in repr(Answer(200, b"secret", token="secret.token"))


@pytest.mark.parametrize("kind", ["MEMBER_LOGIN", "MEMBER_ONBOARDED"])
def test_a_login_grants_a_token_even_with_a_dashboard_nobody_can_read(kind: str) -> None:
    body = envelope(kind, details={"token": "a.b-c_d"}, dashboard="?")
    assert granted_token(Answer(200, body)) == "a.b-c_d"


@pytest.mark.parametrize(
    ("status", "body"),
    [(200, found()), (200, b"?"), (200, envelope("MEMBER_LOGIN")), (200, welcome("no token")), (400, welcome())],
)
def test_without_a_granted_token_the_refreshed_one_counts(status: int, body: bytes) -> None:
    assert granted_token(Answer(status, body, token="refreshed")) == "refreshed"
    assert granted_token(Answer(status, body)) is None


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("Bearer a.b.c", "a.b.c"),
        (" bearer  a.b.c== ", "a.b.c=="),
        (None, None),
        ("", None),
        ("Bearer", None),
        ("Bearer ", None),
        ("Bearer a b", None),
        ("Bearer a\r\nX: y", None),
        ("Bearer t\u00f6ken", None),
        ("Bearer " + "a" * 5000, None),
    ],
)
def test_a_refreshed_token_is_taken_only_if_it_can_be_one(header: str | None, token: str | None) -> None:
    assert refreshed_token(header) == token


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("12", 12.0),
        ("0", 0.0),
        (None, None),
        ("", None),
        ("-1", None),
        ("1e9", None),
        ("9" * 9, None),
        ("\u0665", None),
    ],
)
def test_a_wait_is_read_in_seconds(header: str | None, seconds: float | None) -> None:
    assert wait_seconds(header) == seconds


@pytest.mark.parametrize(("status", "passing"), [(200, False), (400, False), (401, False), (429, True), (500, True)])
def test_what_may_pass_is_the_servers_own_fault_or_its_wish_for_quiet(status: int, *, passing: bool) -> None:
    assert Answer(status, b"").passing is passing


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@st.composite
def envelopes(draw: st.DrawFn) -> object:
    """Envelopes that are right but for one or two places, so that reading goes deep before it fails."""
    kinds = ["MEMBER_LOGIN", "ACCOUNT_FOUND", "CREDEX_CREATED", "CREDEX_ACCEPTED", "ERROR_VALIDATION", "ERROR_INTERNAL"]
    whole = envelope(draw(st.sampled_from(kinds)), about=OFFER, details={"token": "t"}, dashboard=dashboard())
    root = msgspec.json.decode(whole)
    for _ in range(draw(st.integers(0, 2))):
        branch = root
        while True:
            key = draw(st.sampled_from(sorted(branch) if isinstance(branch, dict) else range(len(branch))))
            if not branch[key] or not isinstance(branch[key], dict | list) or draw(st.integers(0, 3)) == 0:
                break
            branch = branch[key]
        branch[key] = draw(ANY_JSON)
        if not isinstance(root["data"], dict):
            break
    return root


def check_reads(command: Command, status: int, body: bytes) -> None:
    answer = Answer(status, body)
    granted_token(answer)
    reading = read_answer(command, answer)
    assert isinstance(reading, Trouble | Outcome)
    repr(conclude(command, reading))
    if isinstance(reading, LoggedIn):
        for balance in (money for kept in reading.member.accounts for money in kept.balances.secured):
            str(balance)


STATUSES = st.sampled_from([200, 201, 302, 400, 401, 403, 404, 409, 413, 429, 500, 503])


@given(st.sampled_from(COMMANDS), STATUSES, ANY_JSON)
def test_reading_any_json_raises_nothing(command: Command, status: int, body: object) -> None:
    check_reads(command, status, msgspec.json.encode(body))


@given(st.sampled_from(COMMANDS), STATUSES, envelopes())
def test_reading_an_envelope_with_something_wrong_raises_nothing(command: Command, status: int, body: object) -> None:
    check_reads(command, status, msgspec.json.encode(body))


@given(st.sampled_from(COMMANDS), STATUSES, st.binary())
@example(PAY, 200, b'{"data":{"action":{"type":"CREDEX_CREATED","id":' + b"[" * 5000)
@example(LOGIN, 200, b'"\\ud800"')
def test_reading_any_bytes_raises_nothing(command: Command, status: int, body: bytes) -> None:
    check_reads(command, status, body)


@given(st.sampled_from(MONEY_COMMANDS), STATUSES, envelopes())
def test_money_is_never_said_to_have_moved_or_not_without_the_right_words(
    command: Command, status: int, body: object
) -> None:
    said = outcome(command, status, msgspec.json.encode(body))
    assert isinstance(said, OfferMade | OfferAccepted | Refused | TierUpgraded | Unavailable | Unclear)
    if isinstance(said, OfferMade | OfferAccepted):
        assert status in {200, 201}
        assert said.offer == OfferId(said.offer) != ""
    if isinstance(said, Refused):
        assert 400 <= status < 500
    if isinstance(said, Unavailable):
        assert status in {401, 413, 429}


@pytest.mark.parametrize(("told", "said"), [(RECURRING, RecurringRead), ("another", Unavailable)])
def test_a_reading_of_another_recurring_payment_than_asked_for_is_none(told: str, said: type[Outcome]) -> None:
    details = {
        "recurringID": told,
        "scheduleInfo": {
            "payFrequency": 7,
            "nextRunDate": "2025-03-01",
            "amount": "5.00",
            "denomination": "USD",
            "status": "ACTIVE",
        },
        "participants": {"sourceAccountID": TARIRO, "targetAccountID": "acc-2"},
    }
    assert type(outcome(LOOK_AT_REPEAT, 200, envelope("RECURRING_RETRIEVED", details=details))) is said
