"""Twilio's webhooks: what each becomes, and that none is too odd to be answered."""

from base64 import b64encode
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.message import Content, DeliveryStatus, InboundMessage, Media, Peer, Preference, Text, Trouble
from channels.sms.provider import Posted, Received, Refused, Webhooks
from channels.sms.twilio.wire import TwilioWebhooks, status_url
from tests.support import twilio
from tests.support.twilio import MESSAGES, PREVIOUS, PUBLIC, REPORTS, TOKEN

RUDO = "263770000301"
NOW = datetime(2026, 9, 20, 10, 0, tzinfo=UTC)
SUBJECT: Webhooks = TwilioWebhooks(public_url=PUBLIC, tokens=[TOKEN, PREVIOUS])
Form = dict[str, str] | list[tuple[str, str]]


def posted(form: Form, target: str = MESSAGES, *, method: str = "POST") -> Posted:
    headers, body = twilio.signed(form, target)
    lower = {name.lower(): value for name, value in headers.items()}
    return Posted(method=method, target=target, headers=lower, body=body)


def received(form: Form) -> Received:
    found = SUBJECT.messages(posted(form), now=NOW)
    assert isinstance(found, Received)
    return found


def message(form: Form) -> InboundMessage:
    [found] = received(form).messages
    return found


def content(body: str, **fields: str) -> Content:
    return message(twilio.text(RUDO, body, **fields)).content


def reported(target: str = REPORTS, **form: str) -> Received:
    found = SUBJECT.reports(posted(form, target), now=NOW)
    assert isinstance(found, Received)
    return found


def test_a_text_is_a_message_of_its_sender_to_our_number() -> None:
    form = twilio.text(RUDO, "hello")
    assert message(form) == InboundMessage(
        id=f"twilio:{form['MessageSid']}",
        peer=Peer("sms", f"twilio:{twilio.OURS}", RUDO),
        at=NOW,
        content=Text("hello"),
    )
    assert message(form | {"NewParameter": "x", "Zebra": "1"}) == message(form)


def test_the_answer_has_twilio_send_nothing() -> None:
    kind, body = SUBJECT.answer
    assert (kind, body.endswith(b"<Response/>"), body.startswith(b"<?xml")) == ("text/xml", True, True)
    assert (SUBJECT.name, SUBJECT.path) == ("twilio", "/sms/twilio")


@pytest.mark.parametrize(
    "body",
    [" 2. ", "2)", "\uff12", "\u0662", "YES", "CANCEL", " Stop. ", "please stop sending money", "5 to ★"],
)
def test_words_are_handed_on_as_typed_and_mean_nothing_here(body: str) -> None:
    assert content(body) == Text(body.strip())


def test_an_empty_text_is_a_text() -> None:
    assert content(" ") == Text("")


@pytest.mark.parametrize("sender", ["+263 77 000 0301", "263770000301", "+263-77-000-(0301)", " +263.770000301 "])
def test_a_sender_is_its_digits_however_they_are_written(sender: str) -> None:
    assert message(twilio.text(RUDO, "hi", From=sender)).peer.name == RUDO


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("From", "whatsapp:+263770000301", "whatsapp"),
        ("From", "whatsapp:ZW.8842017735501942", "whatsapp"),
        ("From", "messenger:8842", "sender"),
        ("From", "NETCELL", "sender"),
        ("From", "33333", "sender"),
        ("From", "+0263770000301", "sender"),
        ("From", "", "malformed"),
        ("To", "", "malformed"),
        ("To", "x" * 33, "line"),
        ("To", "caf\u00e9", "line"),
        ("OptOutType", "HELP", "help"),
        ("OptOutType", "help", "help"),
    ],
)
def test_what_is_no_text_of_a_person_to_us_is_counted_and_left_alone(field: str, value: str, reason: str) -> None:
    found = received(twilio.text(RUDO, "hello") | {field: value})
    assert (found.messages, found.ignored) == ((), {reason: 1})


@pytest.mark.parametrize(
    ("to", "line"), [("+1 500 555 0006", "+15005550006"), ("33333", "33333"), ("Vimbiso", "Vimbiso")]
)
def test_our_end_is_named_as_it_is_sent_from_again(to: str, line: str) -> None:
    assert message(twilio.text(RUDO, "hi", To=to)).peer.line == f"twilio:{line}"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"NumMedia": "1", "MediaContentType0": "image/jpeg"}, Media("image")),
        ({"NumMedia": "2", "MediaContentType0": "Audio/amr"}, Media("audio")),
        ({"NumMedia": "1", "MediaContentType0": "text/vcard"}, Media("document")),
        ({"NumMedia": "1"}, Media("document")),
        ({"NumMedia": "0"}, Text("")),
        ({"NumMedia": "x"}, Text("")),
        ({"NumMedia": "9" * 5000}, Text("")),
    ],
)
def test_a_picture_without_words_is_media(fields: dict[str, str], expected: Content) -> None:
    assert content("", **fields) == expected


def test_a_picture_with_words_is_its_words() -> None:
    assert content("my ID", NumMedia="1", MediaContentType0="image/jpeg") == Text("my ID")


@pytest.mark.parametrize(
    ("opted", "expected"),
    [("STOP", Preference(wanted=False, source="carrier")), ("START", Preference(wanted=True, source="carrier"))],
)
def test_an_opt_out_that_twilio_has_kept_is_a_preference(opted: str, expected: Preference) -> None:
    assert content(opted, OptOutType=opted, MessagingServiceSid=twilio.SERVICE) == expected
    assert content(opted) == Text(opted)
    assert content(opted, OptOutType="SOMETHING") == Text(opted)


LONG = "A long text that a carrier handed over as base64. Please send 5 USD."


def packed(words: str | bytes) -> str:
    return b64encode(words if isinstance(words, bytes) else words.encode()).decode()


@pytest.mark.parametrize(
    "body", [packed(LONG), packed(LONG)[:40] + "\r\n" + packed(LONG)[40:], f" {packed(LONG)}\n", packed(LONG + "!")]
)
def test_a_long_text_in_base64_is_unpacked(body: str) -> None:
    assert content(body) in (Text(LONG), Text(LONG + "!"))


@pytest.mark.parametrize(
    "body",
    [
        packed("Send 5 USD."),
        packed(LONG)[:-1],
        packed(LONG)[:-4] + "====",
        packed(LONG).replace("=", "") + "!",
        packed(LONG)[:30] + " " + packed(LONG)[30:],
        "a" * 60,
        "Mwaswera" * 10,
        packed(bytes(range(128, 200))),
        packed(LONG + "\0" * 3),
        packed("\u0416" * 40),
        packed(LONG)[:-2] + "\u00e9=",
    ],
)
def test_what_only_looks_like_base64_stays_as_it_is(body: str) -> None:
    assert content(body) == Text(body)


def test_a_parameter_with_two_values_has_none() -> None:
    form = list(twilio.text(RUDO, "hello").items())
    assert message([*form, ("MediaUrl0", "a"), ("MediaUrl0", "b"), ("Body", "hello")]).content == Text("hello")
    assert message([*form, ("Body", "other words")]).content == Text("")
    assert received([*form, ("From", "+263770000302")]).ignored == {"malformed": 1}


@pytest.mark.parametrize("name", ["MessageSid", "SmsMessageSid", "SmsSid"])
def test_any_of_the_three_names_of_an_id_will_do(name: str) -> None:
    form = {"From": f"+{RUDO}", "To": twilio.OURS, "Body": "hi", name: "SM12"}
    assert message(form).id == "twilio:SM12"
    assert received(form | {name: "SM 12"}).ignored == {"malformed": 1}
    assert received(form | {name: "S" * 65}).ignored == {"malformed": 1}


@pytest.mark.parametrize("read", [SUBJECT.messages, SUBJECT.reports])
def test_what_is_not_proven_to_be_twilios_is_refused(read: object) -> None:
    good = posted(twilio.text(RUDO, "hello"))
    unsigned = {name: value for name, value in good.headers.items() if name != "x-twilio-signature"}
    missing = Posted(method="POST", target=good.target, headers=unsigned, body=good.body)
    changed = Posted(method="POST", target=good.target, headers=good.headers, body=good.body + b"&Body=more")
    elsewhere = Posted(method="POST", target=f"{good.target}/", headers=good.headers, body=good.body)
    assert callable(read)
    assert read(missing, now=NOW) == Refused(403, "no signature")
    assert read(changed, now=NOW) == Refused(403, "wrong signature")
    assert read(elsewhere, now=NOW) == Refused(403, "wrong signature")


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT"])
def test_only_what_is_posted_is_taken(method: str) -> None:
    assert SUBJECT.messages(posted(twilio.text(RUDO, "hi"), method=method), now=NOW) == Refused(405, "not a POST")


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ("sent", DeliveryStatus.SENT),
        ("delivered", DeliveryStatus.DELIVERED),
        ("read", DeliveryStatus.READ),
        ("undelivered", DeliveryStatus.FAILED),
        ("failed", DeliveryStatus.FAILED),
        ("canceled", DeliveryStatus.FAILED),
    ],
)
def test_a_status_is_a_report_on_our_message(value: str, status: DeliveryStatus) -> None:
    form = twilio.status("SM12", value, RawDlrDoneDate="2609201200")
    [report] = reported(f"{REPORTS}?ours=m%3A1%2F2%230", **form).reports
    assert (report.id, report.status, report.at, report.ours) == ("twilio:SM12", status, NOW, "m:1/2#0")
    assert (report.error, report.trouble) == (None, None)


@pytest.mark.parametrize("value", ["queued", "sending", "accepted", "scheduled"])
def test_a_message_under_way_is_no_news(value: str) -> None:
    assert reported(**twilio.status("SM12", value)) == Received()


@pytest.mark.parametrize("value", ["partially_delivered", "receiving", "Sent"])
def test_a_status_nobody_knows_is_counted(value: str) -> None:
    assert reported(**twilio.status("SM12", value)) == Received(ignored={"status": 1})


def test_an_older_callback_has_its_status_under_the_older_name() -> None:
    [report] = reported(SmsSid="SM12", SmsStatus="sent").reports
    assert report.status is DeliveryStatus.SENT


@pytest.mark.parametrize("lost", ["MessageSid", "MessageStatus"])
def test_a_report_on_nothing_is_counted(lost: str) -> None:
    form = {"MessageSid": "SM12", "MessageStatus": "sent"}
    assert reported(**form | {lost: ""}) == Received(ignored={"malformed": 1})


@pytest.mark.parametrize(
    ("code", "error", "trouble"),
    [
        ("30003", 30003, Trouble.PASSING),
        ("21610", 21610, Trouble.UNWANTED),
        ("30008", 30008, Trouble.ODD),
        ("99999", 99999, None),
        ("0", None, None),
        ("x", None, None),
        ("9" * 5000, None, None),
    ],
)
def test_a_failure_tells_its_code_and_what_would_help(code: str, error: int | None, trouble: Trouble | None) -> None:
    [report] = reported(**twilio.status("SM12", "undelivered", ErrorCode=code)).reports
    assert (report.status, report.error, report.trouble) == (DeliveryStatus.FAILED, error, trouble)


def test_a_message_that_arrived_has_no_trouble_whatever_code_comes_with_it() -> None:
    [report] = reported(**twilio.status("SM12", "delivered", ErrorCode="30003")).reports
    assert (report.error, report.trouble) == (30003, None)


@pytest.mark.parametrize(
    "query", ["", "?", "?ours=", "?other=1", "?ours=caf%C3%A9", "?ours=a%00", "?ours=a&ours=b", f"?ours={'a' * 201}"]
)
def test_without_a_reference_of_ours_a_report_goes_by_its_id(query: str) -> None:
    [report] = reported(REPORTS + query, **twilio.status("SM12", "sent")).reports
    assert (report.id, report.ours) == ("twilio:SM12", None)


references = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=200)


@given(reference=references)
def test_whatever_reference_is_sent_comes_back(reference: str) -> None:
    target = status_url(PUBLIC, reference).removeprefix(PUBLIC)
    [report] = reported(target, **twilio.status("SM12", "sent")).reports
    assert report.ours == reference


names = st.sampled_from(
    ["MessageSid", "From", "To", "Body", "NumMedia", "OptOutType", "MessageStatus", "ErrorCode", "MediaContentType0"]
)


@given(form=st.lists(st.tuples(names, st.text(st.characters(codec="utf-8"), max_size=80)), max_size=12))
def test_no_signed_form_is_too_odd_to_be_read(form: list[tuple[str, str]]) -> None:
    for read in (SUBJECT.messages, SUBJECT.reports):
        assert isinstance(read(posted(form), now=NOW), Received)


@given(body=st.binary(max_size=80), target=st.text(max_size=20), headers=st.dictionaries(st.text(), st.text()))
def test_no_bytes_are_too_odd_to_be_refused(body: bytes, target: str, headers: dict[str, str]) -> None:
    given = Posted(method="POST", target=target, headers=headers, body=body)
    for read in (SUBJECT.messages, SUBJECT.reports):
        assert isinstance(read(given, now=NOW), Refused)


def test_its_repr_tells_no_secret() -> None:
    assert TOKEN not in repr(SUBJECT)
