"""Settings: right, or every problem named at once, in words an operator can act on; and no secret ever shown."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from actors import settings
from actors.dialogs.allowance import USUAL_LIMITS, May, Texting
from actors.settings import Settings, Unusable

CREDEX = {"MYCREDEX_APP_URL": "https://core.example/v1/", "CLIENT_API_KEY": "core-key-1234"}
WHATSAPP = {
    "WHATSAPP_API_URL": "https://graph.example/v22.0/",
    "WHATSAPP_ACCESS_TOKEN": "graph-token-1234",
    "WHATSAPP_PHONE_NUMBER_ID": "106540352242922",
    "WHATSAPP_BUSINESS_ID": "102290129340398",
    "WHATSAPP_APP_SECRET": "app-secret-1234",
    "WHATSAPP_VERIFY_TOKEN": "verify-token-1234",
}
SERVING = CREDEX | WHATSAPP


@pytest.fixture
def env(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment in which none of our names is set."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


def set_all(env: pytest.MonkeyPatch, values: dict[str, str]) -> None:
    for name, value in values.items():
        env.setenv(name, value)


def read(env: pytest.MonkeyPatch, **values: str) -> Settings:
    set_all(env, values)
    found = settings.read(None)
    assert isinstance(found, Settings), found
    return found


def problems(env: pytest.MonkeyPatch, values: dict[str, str]) -> tuple[str, ...]:
    set_all(env, values)
    found = settings.read_for_serving(None)
    assert isinstance(found, Unusable), found
    return found.problems


def test_with_nothing_set_the_defaults_hold_and_every_channel_is_off(env: pytest.MonkeyPatch) -> None:
    found = read(env)
    assert (found.host, found.port, found.app_log_level) == ("127.0.0.1", 8000, "INFO")
    assert found.store == "sqlite:///var/vimbiso.db"
    assert found.credex is None
    assert found.whatsapp is None


def test_credex_and_one_whole_channel_are_enough_to_serve(env: pytest.MonkeyPatch) -> None:
    set_all(env, SERVING)
    found = settings.read_for_serving(None)
    assert isinstance(found, Settings)
    assert found.credex
    assert found.credex.url == "https://core.example/v1"
    assert found.credex.api_key.get_secret_value() == "core-key-1234"
    assert found.whatsapp
    assert found.whatsapp.api_url == "https://graph.example/v22.0"
    assert [secret.get_secret_value() for secret in found.whatsapp.app_secrets] == ["app-secret-1234"]


def test_while_metas_secret_changes_the_previous_one_is_good_too(env: pytest.MonkeyPatch) -> None:
    found = read(env, **WHATSAPP, WHATSAPP_APP_SECRET_PREVIOUS="older-secret")
    assert found.whatsapp
    assert [secret.get_secret_value() for secret in found.whatsapp.app_secrets] == ["app-secret-1234", "older-secret"]


def test_with_nothing_set_serving_is_refused_and_all_that_is_missing_is_named(env: pytest.MonkeyPatch) -> None:
    said = "\n".join(problems(env, {}))
    assert all(name in said for name in SERVING)
    assert "No channel is set" in said


@pytest.mark.parametrize("absent", sorted(SERVING))
def test_each_setting_serving_needs_is_named_when_it_alone_is_missing(env: pytest.MonkeyPatch, absent: str) -> None:
    (problem,) = problems(env, {name: value for name, value in SERVING.items() if name != absent})
    assert absent in problem
    assert not any(name in problem for name in SERVING if name != absent)


def test_half_a_channel_is_refused_and_the_missing_half_named(env: pytest.MonkeyPatch) -> None:
    (problem,) = problems(env, SERVING | {"KANNEL_USERNAME": "bulk", "KANNEL_FROM": "Vimbiso"})
    assert problem.startswith(
        "Kannel SMS is only half set: KANNEL_SENDSMS_URL, KANNEL_PASSWORD, KANNEL_CALLBACK_SECRET"
    )


TWILIO = {
    "TWILIO_ACCOUNT_SID": "AC00000000000000000000000000007e57",
    "TWILIO_AUTH_TOKEN": "twilio-token-1234",
    "TWILIO_FROM": "+15005550006",
    "TWILIO_API_URL": "https://api.twilio.example/",
}
AFRICASTALKING = {
    "AFRICASTALKING_USERNAME": "sandbox",
    "AFRICASTALKING_API_KEY": "at-key-1234",
    "AFRICASTALKING_FROM": "33333",
    "AFRICASTALKING_API_URL": "https://api.at.example",
    "AFRICASTALKING_CALLBACK_SECRET": "at-callback-0123456789",
}
KANNEL = {
    "KANNEL_SENDSMS_URL": "http://kannel.example:13013/cgi-bin/sendsms",
    "KANNEL_USERNAME": "bulk",
    "KANNEL_PASSWORD": "pass-1234",
    "KANNEL_FROM": "Vimbiso",
    "KANNEL_CALLBACK_SECRET": "kannel-callback-012345",
}
PUBLIC = {"PUBLIC_URL": "https://chat.example/"}


@pytest.mark.parametrize(
    ("given", "name", "sender"),
    [
        (TWILIO, "twilio", "+15005550006"),
        (AFRICASTALKING, "africastalking", "33333"),
        (KANNEL, "kannel", "Vimbiso"),
    ],
    ids=["twilio", "africastalking", "kannel"],
)
def test_one_whole_sms_provider_is_channel_enough_and_notices_go_out_by_it(
    env: pytest.MonkeyPatch, given: dict[str, str], name: str, sender: str
) -> None:
    set_all(env, CREDEX | PUBLIC | given)
    found = settings.read_for_serving(None)
    assert isinstance(found, Settings)
    assert found.whatsapp is None
    assert found.sms_senders == {name: sender}
    assert found.notice_provider == name


@pytest.mark.parametrize("given", [TWILIO, AFRICASTALKING, KANNEL], ids=["twilio", "africastalking", "kannel"])
def test_an_sms_provider_must_know_where_to_call_us(env: pytest.MonkeyPatch, given: dict[str, str]) -> None:
    (problem,) = problems(env, CREDEX | given)
    assert problem.startswith("PUBLIC_URL: missing; ")


def test_half_an_sms_provider_is_no_provider(env: pytest.MonkeyPatch) -> None:
    for given in (TWILIO, AFRICASTALKING, KANNEL):
        for absent in given:
            found = read(env, **{name: value for name, value in given.items() if name != absent})
            assert (found.sms_senders, found.notice_provider) == ({}, None)
            for name in given:
                env.delenv(name, raising=False)


def test_while_twilios_token_changes_the_previous_one_is_good_too(env: pytest.MonkeyPatch) -> None:
    twilio = read(env, **TWILIO, TWILIO_AUTH_TOKEN_PREVIOUS="older-token").twilio
    assert twilio
    assert [token.get_secret_value() for token in twilio.auth_tokens] == ["twilio-token-1234", "older-token"]
    assert (twilio.api_url, twilio.sender) == ("https://api.twilio.example", "+15005550006")


def test_of_several_sms_providers_one_must_be_named_for_notices(env: pytest.MonkeyPatch) -> None:
    (problem,) = problems(env, CREDEX | PUBLIC | TWILIO | KANNEL)
    assert problem == "SMS_PROVIDER: missing; there are several, so name the one notices go out by: twilio, kannel"
    found = read(env, SMS_PROVIDER="Kannel")
    assert found.notice_provider == "kannel"
    assert settings.problems(found) == ()
    assert list(found.sms_senders) == ["twilio", "kannel"]


def test_an_sms_provider_that_is_named_must_be_there(env: pytest.MonkeyPatch) -> None:
    (problem,) = problems(env, SERVING | PUBLIC | TWILIO | {"SMS_PROVIDER": "kannel"})
    assert problem == "SMS_PROVIDER: kannel is named, but Kannel SMS is not set as a whole"
    assert read(env).notice_provider is None


@pytest.mark.parametrize("name", ["AFRICASTALKING_CALLBACK_SECRET", "KANNEL_CALLBACK_SECRET"])
@pytest.mark.parametrize("value", ["hunter2-hunter2-hunte", "hunter2/hunter2/hunter2", "hunter2 hunter2 hunter2?"])
def test_a_secret_in_an_address_must_be_long_and_fit_there(env: pytest.MonkeyPatch, name: str, value: str) -> None:
    (problem,) = problems(env, SERVING | PUBLIC | AFRICASTALKING | KANNEL | {"SMS_PROVIDER": "kannel", name: value})
    assert problem.startswith(f"{name}: ")
    assert "at least 22 random characters (128 bits)" in problem
    assert "hunter2" not in problem


@pytest.mark.parametrize(("given", "on"), [({}, False), ({"RECURRING_PAYMENTS": "true"}, True)], ids=["off", "on"])
def test_recurring_payments_are_off_until_switched_on(
    env: pytest.MonkeyPatch,
    given: dict[str, str],
    on: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    assert read(env, **given).recurring_payments is on


def test_text_messages_are_limited_unless_something_else_is_set(env: pytest.MonkeyPatch) -> None:
    found = read(env)
    assert found.texting() == Texting(may=May.LIMITED, limits=USUAL_LIMITS)
    assert found.texting(unless_set=May.ALL).may is May.ALL
    found = read(env, SMS_MAY=" View ", SMS_LIMITS="1,000 USD,50 ZWG")
    assert found.texting(unless_set=May.ALL).may is May.VIEW
    assert [str(limit) for limit in found.texting().limits] == ["1,000.00 USD", "50.00 ZWG"]
    found = read(env, SMS_MAY=" ", SMS_LIMITS=" ")
    assert found.texting() == Texting()


def test_text_messages_that_lead_to_a_whatsapp_that_is_not_there_are_remarked_on(env: pytest.MonkeyPatch) -> None:
    assert "SMS_MAY is off" in " ".join(settings.remarks(read(env, SMS_MAY="off")))
    assert "SMS_MAY" not in " ".join(settings.remarks(read(env, SMS_MAY="off", **WHATSAPP)))


def test_closed_doors_are_remarked_on(env: pytest.MonkeyPatch) -> None:
    said = " ".join(settings.remarks(read(env)))
    assert "OPERATOR_TOKEN" in said
    assert "NOTIFY_API_KEY" in said
    assert settings.remarks(read(env, OPERATOR_TOKEN="operator-1234", NOTIFY_API_KEY="notify-1234")) == ()


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PORT", "99999", "'99999' is no port: give a number from 0 to 65535"),
        ("PORT", "-1", "'-1' is no port"),
        ("PORT", "http", "'http' is no port"),
        ("CREDEX_CALLS_PER_MINUTE", "0", "greater than 0"),
        ("CREDEX_CALLS_PER_MINUTE", "many", "valid integer"),
        ("RECURRING_PAYMENTS", "perhaps", "valid boolean"),
        ("SMS_MAY", "some", "'some' is none of off, view, limited, all"),
        ("SMS_LIMITS", "20 USD, 5 EUR", "'5 EUR' cannot be read as an amount above zero"),
        ("SMS_LIMITS", "20", "'20' names no denomination: write it as 20 USD"),
        ("SMS_LIMITS", "20 USD, 30 USD", "USD is there twice"),
        ("APP_LOG_LEVEL", "chatty", "'chatty' is no level: give one of DEBUG, INFO"),
        ("STORE_URL", "mysql://db", "mysql:// is no store: give sqlite://, redis://, rediss:// or memory://"),
        ("STORE_URL", "vimbiso.db", "give an address that starts with sqlite://, redis://, rediss:// or memory://"),
        ("STORE_URL", "sqlite:///", "the path of the file is missing"),
        ("REDIS_URL", "redis://:hunter2@redis:6379/cache", "ends with the number of its database"),
        ("MYCREDEX_APP_URL", "core.example", "give an address that starts with https:// or http://"),
        ("MYCREDEX_APP_URL", "ftp://core.example", "give an address that starts with https:// or http://"),
        ("MYCREDEX_APP_URL", "https://core.example:99999", "give an address that starts with https:// or http://"),
        ("SMS_PROVIDER", "nexmo", "'nexmo' is no provider: give one of twilio, africastalking, kannel"),
        ("PUBLIC_URL", "https://user:hunter2@chat.example", "without user, password, ? or #"),
        ("PUBLIC_URL", "https://chat.example/?key=hunter2", "without user, password, ? or #"),
    ],
)
def test_a_bad_value_is_one_clear_line(env: pytest.MonkeyPatch, name: str, value: str, says: str) -> None:
    env.setenv(name, value)
    found = settings.read(None)
    assert isinstance(found, Unusable)
    (line,) = found.problems
    assert line.startswith(f"{name}: ")
    assert says in line
    assert "hunter2" not in line


def test_bad_values_and_missing_ones_are_named_in_one_go(env: pytest.MonkeyPatch) -> None:
    port, url, credex, whatsapp = problems(
        env,
        {name: WHATSAPP[name] for name in WHATSAPP if name != "WHATSAPP_BUSINESS_ID"}
        | {"PORT": "99999", "WHATSAPP_API_URL": "graph", "MYCREDEX_APP_URL": "https://core.example"},
    )
    assert port.startswith("PORT: ")
    assert url.startswith("WHATSAPP_API_URL: ")
    assert credex.startswith("CLIENT_API_KEY: missing")
    assert "WHATSAPP_BUSINESS_ID missing" in whatsapp
    assert "WHATSAPP_API_URL" not in whatsapp


def test_blank_values_count_as_absent(env: pytest.MonkeyPatch) -> None:
    found = read(env, HOST=" ", PORT="", CLIENT_API_KEY="  ", WHATSAPP_API_URL="")
    assert (found.host, found.port) == ("127.0.0.1", 8000)
    assert found.client_api_key is None
    assert found.whatsapp_api_url is None


def test_a_secret_read_with_its_line_end_has_none(env: pytest.MonkeyPatch) -> None:
    key = read(env, CLIENT_API_KEY="core-key-1234\n").client_api_key
    assert key
    assert key.get_secret_value() == "core-key-1234"


def test_redis_url_means_store_url(env: pytest.MonkeyPatch) -> None:
    assert read(env, REDIS_URL="rediss://bot:pw@redis:6379/0").store == "rediss://bot:pw@redis:6379/0"


def test_two_names_for_the_store_that_differ_are_refused(env: pytest.MonkeyPatch) -> None:
    (problem,) = problems(env, SERVING | {"STORE_URL": "sqlite:///a.db", "REDIS_URL": "memory://"})
    assert problem == "STORE_URL and REDIS_URL mean the same and differ: keep one"


def test_the_environment_goes_before_the_file_and_unknown_names_are_let_be(
    env: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / ".env"
    file.write_text("PORT=9000\nHOST=0.0.0.0\nSOMETHING_ELSE=1\n")
    env.setenv("PORT", "9001")
    env.setenv("HOST", "")
    found = settings.read(file)
    assert isinstance(found, Settings)
    assert (found.host, found.port) == ("0.0.0.0", 9001)  # noqa: S104 - a value to read, nothing listens


def test_settings_do_not_change(env: pytest.MonkeyPatch) -> None:
    found = read(env)
    with pytest.raises(ValidationError, match="frozen"):
        found.port = 1


def test_no_secret_shows(env: pytest.MonkeyPatch) -> None:
    secrets = {
        name.upper(): f"hunter2-hunter2-{name}"
        for name in Settings.model_fields
        if name.endswith(("key", "token", "secret", "previous", "password"))
    }
    assert len(secrets) == 13
    found = read(env, **SERVING | secrets | {"STORE_URL": "sqlite:///hunter2"})
    shown = f"{found!r} {found} {found.credex!r} {found.whatsapp!r} {found.model_dump()!r} {found.model_dump_json()}"
    assert "hunter2" not in shown


def test_the_example_file_holds_every_name_and_nothing_but_defaults(env: pytest.MonkeyPatch, tmp_path: Path) -> None:
    example = (Path(__file__).parents[2] / ".env.example").read_text()
    lines = [line.removeprefix("#") for line in example.splitlines() if "=" in line and not line.startswith("# ")]
    assert {line.partition("=")[0] for line in lines} == {name.upper() for name in Settings.model_fields}
    file = tmp_path / ".env"
    file.write_text(example)
    assert settings.read(file) == read(env)
