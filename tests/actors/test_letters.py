"""Dead letters in lines, and back into the intake beside a running server: once, and never as an old consent."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from actors import effects, letters
from actors.dialogs import frame
from actors.effects import Say
from actors.letters import NotReplayed, Replayed
from actors.logs import masked
from actors.member import address_of, envelope_of
from actors.notifications import QUARANTINE, held
from actors.payments import reference
from channels.message import InboundMessage, OutboundMessage, Peer, Text
from runtime.memory_store import MemoryStore
from runtime.sqlite_store import SqliteStore
from runtime.store import Count, DeadLetter, Deliveries, History, Letters, Load, Quarantine, Store
from tests.actors.dialogs.people import NOON, PHONE
from tests.support import operators, webhooks
from tests.support.embedded import START, Embedded, embedded
from tests.support.graph import LINE
from tests.support.people import TENDAI, confirm_screen, rudo_and_tendai, say
from tests.support.redis_server import RedisProcess

PEER = Peer("whatsapp", LINE, PHONE)
MEMBER = address_of(PEER)
SAID = InboundMessage(id=f"wa:{LINE}:wamid.HBgMMjYzNzcwMDAwMDAx", peer=PEER, at=NOON, content=Text("secret words"))
LINES = frozenset({LINE})


def message(id_: str = SAID.id) -> DeadLetter:
    body = envelope_of(SAID, accepted_at=NOON).body
    return DeadLetter(id=id_, address=MEMBER, at=NOON, cause="KeyError", body=body)


def effect() -> DeadLetter:
    body = effects.encode(Say(PEER, OutboundMessage(text="secret words")))
    return DeadLetter(id=f"{MEMBER}/7#0", address=MEMBER, at=NOON, cause="whatsapp refused it, code 131026", body=body)


def webhook(body: bytes) -> DeadLetter:
    return DeadLetter(id="whatsapp:0123", address=QUARANTINE, at=NOON, cause="no object named", body=body)


@pytest.fixture(params=["memory", "sqlite", "redis"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    opened: Store
    match request.param:
        case "memory":
            opened = MemoryStore()
        case "sqlite":
            opened = SqliteStore(tmp_path / "store.db")
        case _:
            server: RedisProcess = request.getfixturevalue("redis_server")
            server.client().flushdb()
            opened = server.store()
    opened.open()
    yield opened
    opened.close()


def keep(store: Store, *kept: DeadLetter) -> None:
    store.run([Quarantine(letter) for letter in kept])


def replayed(store: Store, letter: DeadLetter, *, lines: frozenset[str] = LINES, now: datetime = NOON) -> Replayed:
    return letters.replay(store, reference(letter.id), lines=lines, now=now)


def waiting(store: Store) -> list[str]:
    [loaded] = store.run([Load(address=MEMBER, limit=9)])
    return [envelope.id for envelope in loaded.envelopes]


def test_letters_are_listed_newest_first_with_whose_and_why_and_nothing_that_was_said(store: Store) -> None:
    keep(store, message(), effect(), webhook(b"{}"))
    lines = list(letters.letter_lines(store, 9))
    assert [line.split("  ")[2:] for line in lines] == [
        ["channel:whatsapp", "webhook", "no object named"],
        [masked(MEMBER), "effect", "whatsapp refused it, code 131026"],
        [masked(MEMBER), "message", "KeyError"],
    ]
    assert lines[2].startswith(f"{reference(SAID.id)}  2026-03-04 10:00:00Z")
    for secret in (PHONE, "secret words", "MjYzNzcw"):
        assert secret not in "".join(lines)
    assert len(list(letters.letter_lines(store, 1))) == 1


def test_a_message_goes_back_into_the_intake_as_a_new_one_of_its_member(store: Store) -> None:
    keep(store, message())
    assert replayed(store, message(), now=NOON + timedelta(days=2)) == Replayed(1, 0)
    [[loaded], [left]] = store.run([Load(address=MEMBER, limit=9)]), store.run([Letters(9)])
    [envelope] = loaded.envelopes
    assert (envelope.id, envelope.body) == (f"{SAID.id}~replay1", message().body)
    assert envelope.accepted_at == NOON + timedelta(days=2)
    assert left == ()


def test_replaying_again_finds_no_letter_and_changes_nothing(store: Store) -> None:
    keep(store, message())
    replayed(store, message())
    with pytest.raises(NotReplayed, match="It may have been replayed"):
        replayed(store, message())
    assert len(waiting(store)) == 1


def test_a_replay_that_was_cut_short_is_made_whole_by_the_next(store: Store) -> None:
    keep(store, message())
    replayed(store, message())
    keep(store, message())  # as if the process had died before it was discarded
    assert replayed(store, message()) == Replayed(0, 1)
    assert len(waiting(store)) == 1
    assert store.run([Letters(9)]) == [()]


@pytest.mark.parametrize(
    ("id_", "following"),
    [
        ("a", "a~replay1"),
        ("a~replay1", "a~replay2"),
        ("a~replay9", "a~replay10"),
        ("a~replay1~replay3", "a~replay1~replay4"),
        ("~replay", "~replay~replay1"),
    ],
)
def test_each_replay_has_an_id_of_its_own(id_: str, following: str) -> None:
    assert letters.next_id(id_) == following


def test_what_holds_no_message_is_not_replayed(store: Store) -> None:
    keep(store, effect())
    with pytest.raises(NotReplayed, match="holds no message of a member"):
        replayed(store, effect())
    assert len(store.run([Letters(9)])[0]) == 1


def test_a_body_that_is_understood_by_now_is_read_again(store: Store) -> None:
    sent = webhooks.status("wamid.1", "sent", PHONE, at=NOON)
    nonsense = {"from": PHONE, "id": ""}
    notification = webhooks.notification(webhooks.text(PHONE, "hi", at=NOON), nonsense, statuses=(sent,))
    keep(store, webhook(notification))
    assert replayed(store, webhook(notification)) == Replayed(1, 0)
    assert len(waiting(store)) == 1
    [left] = store.run([Letters(9)])
    assert [letter.cause for letter in left] == ["poison items"]
    assert len(store.run([Deliveries(("wamid.1",))])[0]) == 1


@pytest.mark.parametrize(
    ("body", "lines"),
    [(b"{}", LINES), (webhooks.notification(webhooks.text(PHONE, "hi", at=NOON)), frozenset())],
    ids=["still nonsense", "no line of ours"],
)
def test_a_body_that_still_makes_no_sense_stays_where_it_is(body: bytes, lines: frozenset[str], store: Store) -> None:
    keep(store, webhook(body))
    with pytest.raises(NotReplayed, match="still makes no sense"):
        replayed(store, webhook(body), lines=lines)
    assert store.run([Letters(9)]) == [(webhook(body),)]


def test_what_a_webhook_keeps_is_what_an_operator_finds() -> None:
    [kept] = held(b"no JSON", lines=LINES, now=NOON).letters
    assert kept.address == QUARANTINE


@pytest.fixture
def mendable(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """A bug whoever says ``5`` or ``yes`` meets, until it is mended."""
    hear: Callable[..., Any] = frame.hear
    broken = True

    def buggy(position: object, said: InboundMessage, *rest: object, **more: object) -> object:
        if broken and said.content in (Text("5"), Text("yes")):
            raise ValueError("a bug")
        return hear(position, said, *rest, **more)

    def mend() -> None:
        nonlocal broken
        broken = False

    monkeypatch.setattr(frame, "hear", buggy)
    return mend


async def _beside(server: Embedded, path: Path) -> Replayed:
    """Replay the only letter from another process, and wait for the sweep."""
    other = SqliteStore(path)
    other.open()
    [[letter]] = other.run([Letters(9)])
    done = letters.replay(other, reference(letter.id), lines=LINES, now=server.now())
    other.close()
    await trio.sleep(40)
    await server.application.system.settled()
    return done


async def test_a_running_server_takes_up_what_was_replayed_beside_it(
    mendable: Callable[[], None], tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with embedded(store=SqliteStore(tmp_path / "store.db")) as server:
        await rudo_and_tendai(server)
        shown = await say(server, TENDAI, "hi", "Offer Secured Credex", "5")
        assert "Sorry, something went wrong" in shown[-1].text
        await say(server, TENDAI, "Offer Secured Credex")
        mendable()
        assert await _beside(server, tmp_path / "store.db") == Replayed(1, 0)
        assert "Who do you want to offer 5.00 USD to?" in server.graph.sent[TENDAI][-1].text
        [history] = server.store.run([History(address_of(Peer("whatsapp", LINE, TENDAI)))])
        assert history[-1].id.endswith("~replay1")
        [count] = server.store.run([Count()])
        assert (count.dead, count.waiting) == (0, 0)


async def test_an_old_consent_signs_nothing_when_it_is_replayed(
    mendable: Callable[[], None], tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with embedded(store=SqliteStore(tmp_path / "store.db")) as server:
        await rudo_and_tendai(server)
        await say(server, TENDAI, "hi", "Offer Secured Credex", "6", "rudo", "yes")
        await trio.sleep(1200)
        mendable()
        await confirm_screen(server)
        await _beside(server, tmp_path / "store.db")
        assert "reached me late" in server.graph.sent[TENDAI][-1].text
        assert server.core.calls_to("/createCredex") == []
        assert server.now() > START


class Beside:
    """The command beside a store."""

    def __init__(self, path: Path) -> None:
        self.store = SqliteStore(path)
        self.store.open()
        self.vimbiso = partial(operators.vimbiso, path)


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Beside:
    operators.forget_settings(tmp_path, monkeypatch)
    return Beside(tmp_path / "vimbiso.db")


def test_the_command_lists_and_replays(beside: Beside) -> None:
    keep(beside.store, message())
    name = reference(SAID.id)
    assert beside.vimbiso("letters").stdout.startswith(f"{name}  2026-03-04 10:00:00Z")
    done = beside.vimbiso("letters", "replay", name)
    assert (done.exit_code, done.stdout) == (0, f"{name} is replayed: 1 accepted, 0 known before.\n")
    again = beside.vimbiso("letters", "replay", name)
    assert again.exit_code == 1
    assert again.stderr == f"Error: No dead letter has the reference {name}. It may have been replayed.\n"
    none = beside.vimbiso("letters")
    assert (none.stdout, none.stderr) == ("", "No dead letters.\n")


def test_the_command_reads_a_webhook_again_with_the_line_that_is_set(beside: Beside) -> None:
    letter = webhook(webhooks.notification(webhooks.text(PHONE, "hi", at=NOON)))
    keep(beside.store, letter)
    assert beside.vimbiso("letters", "replay", reference(letter.id)).exit_code == 1
    assert beside.vimbiso("letters", "replay", reference(letter.id), WHATSAPP_PHONE_NUMBER_ID=LINE).exit_code == 0
    assert len(waiting(beside.store)) == 1
