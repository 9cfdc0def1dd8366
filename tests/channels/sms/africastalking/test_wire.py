"""What Africa's Talking posts, read: messages, reports, opt-outs, and what is none of them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.message import DeliveryStatus, Peer, Preference, Text, Trouble
from channels.sms.africastalking.wire import AfricasTalkingWebhooks
from channels.sms.provider import Posted, Received, Refused, Webhooks
from tests.channels.sms.requests import NOW, PHONE, form, message, posted, report

SECRET = "7c2f9e41d0b84a63a5d0c3b1e6f70912"
PATH = f"/sms/africastalking/{SECRET}"
STATUS = f"{PATH}/status"
HOOKS: Webhooks = AfricasTalkingWebhooks(SECRET)
BALANCE = {
    "linkId": "",
    "text": "BAL",
    "to": "33333",
    "id": "a1b2c3d4-0001",
    "date": "2026-09-20T09:59:55Z",
    "from": f"+{PHONE}",
    "networkCode": "64804",
}
OPT_OUT = {"phoneNumber": f"+{PHONE}", "senderId": "Credex"}
SENT = datetime(2026, 9, 20, 9, 59, 55, tzinfo=UTC)


def heard(fields: dict[str, str], **more: str) -> Received | Refused:
    return HOOKS.messages(form(PATH, {**fields, **more}), now=NOW)


def told(**fields: str) -> Received | Refused:
    return HOOKS.reports(form(STATUS, {"id": "ATXid_80", "phoneNumber": f"+{PHONE}", **fields}), now=NOW)


def test_a_message_is_read_whole() -> None:
    came = message(heard(BALANCE))
    assert came.id == "africastalking:a1b2c3d4-0001"
    assert came.peer == Peer("sms", "africastalking:33333", PHONE)
    assert (came.at, came.content) == (SENT, Text("BAL"))


def test_a_message_as_it_stands_on_the_wire_is_read() -> None:
    body = (
        b"linkId=&text=Mhoro+%F0%9F%99%8F&to=33333&id=a1b2c3d4-0002&date=2026-09-20+09%3A59%3A55"
        b"&from=%2B263772123456&networkCode=64804"
    )
    came = message(HOOKS.messages(posted(PATH, body), now=NOW))
    assert (came.id, came.at, came.content) == ("africastalking:a1b2c3d4-0002", SENT, Text("Mhoro 🙏"))


@pytest.mark.parametrize(
    ("date", "at"),
    [
        ("2026-09-20T09:59:55Z", SENT),
        ("2026-09-20 09:59:55", SENT),
        ("2026-09-20T11:59:55+02:00", SENT),
        ("2026-09-20 11:59:55", NOW),  # no zone is UTC, and UTC is not there yet
        ("2026-09-20 10:00:00", NOW),
        ("20 September", NOW),
        ("1970-01-01 00:00:00", NOW),
        ("0001-01-01T00:00:00+14:00", NOW),
        ("9999-12-31T23:59:59-14:00", NOW),
        ("", NOW),
    ],
)
def test_a_message_is_as_old_as_its_date_and_never_later_than_now(date: str, at: datetime) -> None:
    assert message(heard(BALANCE, date=date)).at == at


def test_a_message_without_words_is_one_all_the_same() -> None:
    assert message(heard(BALANCE, text="")).content == Text("")
    without = {name: value for name, value in BALANCE.items() if name not in ("text", "date", "linkId")}
    assert message(heard(without)).content == Text("")


def test_a_message_that_comes_twice_has_one_id() -> None:
    assert message(heard(BALANCE)).id == message(heard(BALANCE)).id


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("CREDEX BAL", "BAL"),
        ("credex   pay 5", "pay 5"),
        ("Credex", ""),
        (" credex\nBAL", "BAL"),
        ("credexBAL", "credexBAL"),
        ("BAL credex", "BAL credex"),
        ("credex credex", "credex"),
        ("BAL", "BAL"),
    ],
)
def test_the_keyword_of_a_shared_code_is_taken_off_the_front(text: str, kept: str) -> None:
    shared = AfricasTalkingWebhooks(SECRET, keyword="credex")
    assert message(shared.messages(form(PATH, BALANCE | {"text": text}), now=NOW)).content == Text(kept)
    assert message(heard(BALANCE, text=text)).content == Text(text.strip())


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("id", "", "id"),
        ("id", "é", "id"),
        ("id", "x" * 201, "id"),
        ("from", "Carrier", "sender"),
        ("from", "0772123456", "sender"),
        ("to", "", "line"),
    ],
)
def test_what_has_no_id_no_sender_or_no_line_is_counted(field: str, value: str, reason: str) -> None:
    assert heard(BALANCE, **{field: value}) == Received(ignored={reason: 1})


@pytest.mark.parametrize("target", ["/sms/africastalking/guess", "/sms/africastalking/", f"{PATH}x", STATUS])
def test_a_message_with_a_forged_secret_is_refused(target: str) -> None:
    refused = HOOKS.messages(form(target, BALANCE), now=NOW)
    assert refused == Refused(404, "path")
    assert SECRET not in repr(refused)


@pytest.mark.parametrize("target", ["/sms/africastalking/guess/status", PATH, f"{STATUS}/"])
def test_a_report_with_a_forged_secret_is_refused(target: str) -> None:
    assert HOOKS.reports(form(target, {"id": "ATXid_80", "status": "Success"}), now=NOW) == Refused(404, "path")


def test_without_a_secret_everybody_is_refused() -> None:
    hooks = AfricasTalkingWebhooks("")
    assert hooks.messages(form("/sms/africastalking/", BALANCE), now=NOW) == Refused(404, "path")


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Sent", DeliveryStatus.SENT),
        ("Submitted", DeliveryStatus.SENT),
        ("Success", DeliveryStatus.DELIVERED),
        ("success", DeliveryStatus.DELIVERED),
    ],
)
def test_a_report_says_how_far_a_message_got(word: str, status: DeliveryStatus) -> None:
    came = report(told(status=word, networkCode="64804", retryCount="0"))
    assert (came.id, came.status, came.at) == ("africastalking:ATXid_80", status, NOW)
    assert (came.ours, came.trouble) == (None, None)


@pytest.mark.parametrize(
    ("word", "reason", "trouble"),
    [
        ("Failed", "UserInBlackList", Trouble.UNWANTED),
        ("Failed", "UserDoesNotExist", Trouble.UNREACHABLE),
        ("Failed", "UserIsInactive", Trouble.UNREACHABLE),
        ("Failed", "UserAccountSuspended", Trouble.UNREACHABLE),
        ("Failed", "NotNetworkSubscriber", Trouble.UNREACHABLE),
        ("Failed", "NotNetworkSubcriber", Trouble.UNREACHABLE),
        ("Failed", "UserNotSubscribedToProduct", Trouble.FINAL),
        ("Failed", "InsufficientCredit", Trouble.FINAL),
        ("Failed", "InvalidLinkId", Trouble.FINAL),
        ("Failed", "DeliveryFailure", Trouble.ODD),
        ("Failed", "AbsentSubscriber", Trouble.PASSING),
        ("Failed", "SomethingNew", Trouble.ODD),
        ("Failed", "", Trouble.ODD),
        ("Rejected", "", Trouble.ODD),
        ("Rejected", "DoNotDisturbRejection", Trouble.PASSING),
        ("Rejected", "InvalidSenderId", Trouble.FINAL),
        ("AbsentSubscriber", "", Trouble.PASSING),
        ("AbsentSubscriber", "UserDoesNotExist", Trouble.UNREACHABLE),
        ("Expired", "", Trouble.ODD),
        ("UserInBlacklist", "", Trouble.UNWANTED),
    ],
)
def test_a_failed_message_is_told_by_what_helps(word: str, reason: str, trouble: Trouble) -> None:
    came = report(told(status=word, failureReason=reason))
    assert (came.status, came.trouble) == (DeliveryStatus.FAILED, trouble)


@pytest.mark.parametrize(
    ("word", "reason"),
    [("Buffered", "underway"), ("Queued", "underway"), ("Teleported", "status"), ("", "status")],
)
def test_a_report_that_tells_nothing_new_is_counted(word: str, reason: str) -> None:
    assert told(status=word) == Received(ignored={reason: 1})


def test_a_report_on_no_message_is_counted() -> None:
    assert HOOKS.reports(form(STATUS, {"status": "Success"}), now=NOW) == Received(ignored={"id": 1})


@pytest.mark.parametrize("is_at_status", [True, False])
def test_an_opt_out_is_known_by_its_fields_at_either_address(*, is_at_status: bool) -> None:
    request = form(STATUS if is_at_status else PATH, OPT_OUT)
    came = message(HOOKS.reports(request, now=NOW) if is_at_status else HOOKS.messages(request, now=NOW))
    assert came.peer == Peer("sms", "africastalking:Credex", PHONE)
    assert (came.content, came.at) == (Preference(wanted=False, source="carrier"), NOW)
    assert came.id == f"africastalking:optout:Credex:{PHONE}:2026-09-20"


def test_an_opt_out_is_the_same_all_day_and_another_the_next_day() -> None:
    def id_at(now: datetime) -> str:
        return message(HOOKS.reports(form(STATUS, OPT_OUT), now=now)).id

    assert id_at(NOW) == id_at(NOW + timedelta(hours=13))
    assert id_at(NOW) != id_at(NOW + timedelta(hours=14))


@pytest.mark.parametrize(
    ("fields", "reason"),
    [({"phoneNumber": "nobody"}, "sender"), ({"senderId": ""}, "line")],
)
def test_an_opt_out_of_nobody_or_from_nothing_is_counted(fields: dict[str, str], reason: str) -> None:
    assert HOOKS.reports(form(STATUS, OPT_OUT | fields), now=NOW) == Received(ignored={reason: 1})


def test_a_message_that_names_a_sender_id_is_no_opt_out() -> None:
    assert message(heard(BALANCE, **OPT_OUT)).content == Text("BAL")
    assert report(told(status="Success", senderId="Credex")).status is DeliveryStatus.DELIVERED


@given(target=st.sampled_from([PATH, STATUS]) | st.text(max_size=80), body=st.binary(max_size=200))
def test_no_request_whatever_raises(target: str, body: bytes) -> None:
    request = Posted(method="POST", target=target, headers={}, body=body)
    for read in (HOOKS.messages(request, now=NOW), HOOKS.reports(request, now=NOW)):
        assert isinstance(read, Received | Refused)


@given(st.dictionaries(st.sampled_from([*BALANCE, *OPT_OUT, "status", "failureReason"]), st.binary(max_size=30)))
def test_no_form_whatever_raises_or_comes_from_the_future(fields: dict[str, bytes]) -> None:
    received = [HOOKS.messages(form(PATH, fields), now=NOW), HOOKS.reports(form(STATUS, fields), now=NOW)]
    for read in received:
        assert isinstance(read, Received)
        times = [came.at for came in read.messages] + [told_of.at for told_of in read.reports]
        assert all(at <= NOW for at in times)
        assert read.messages or read.reports or read.ignored


def test_its_answer_is_empty_and_its_repr_tells_no_secret() -> None:
    assert HOOKS.answer == ("text/plain; charset=utf-8", b"")
    assert (HOOKS.name, HOOKS.path) == ("africastalking", PATH)
    assert SECRET not in repr(HOOKS)
