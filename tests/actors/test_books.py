"""The books: payments and the trail in lines, nobody's number in them unasked, and settling beside a running server."""

from datetime import date, timedelta
from functools import partial
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from actors import books, cli, logs
from actors.audit import Facts, Step, digest, entry, entry_of_member, facts_of
from actors.books import NOT_ENDED, NotParked, described
from actors.payments import PaymentRecord, PaymentState, reference
from credex.commands import AcceptOffer, CancelOffer, DeclineOffer, MoneyCommand, OfferCredex, UpgradeTier
from credex.model import AccountId, OfferId
from runtime.address import Address, partition_of
from runtime.errors import StoreUnavailable
from runtime.memory_store import MemoryStore
from runtime.sqlite_store import SqliteStore
from runtime.store import AuditEntry, Claim, Commit, Payment, Payments, PaymentsIn, Store, Trail, Verdict
from tests.actors.dialogs.people import NOON, PHONE, RUDO, account, usd
from tests.support import operators

MEMBER = Address(f"member:{PHONE}")
OTHER = Address("member:263770000002")
OFFER = OfferCredex(phone=PHONE, issuer=account().id, receiver=RUDO.id, amount=usd("12.30"))
PARKED = f"{MEMBER}/7#1"
NAME = reference(PARKED)


def payment(id_: str = PARKED, state: str = "parked", ended: str = "unsure", address: Address = MEMBER) -> Payment:
    record = PaymentRecord(command=OFFER, consented_in=f"{address}/7", at=NOON, ended=ended)
    return Payment(id=id_, address=address, state=state, body=msgspec.msgpack.encode(record))


def traces(id_: str = PARKED, address: Address = MEMBER) -> tuple[AuditEntry, ...]:
    facts = Facts(payment=id_, command=OFFER, turn=f"{address}/7", account=OFFER.issuer)
    consented = msgspec.structs.replace(
        facts, tap="whatsapp:wamid.HBgMMjYzNzcwMDAwMDAx.0123456789", screen="abcd1234", shown=digest("Please check")
    )
    answered = msgspec.structs.replace(facts, said="Unclear timeout")
    return (
        entry(Step.CONSENTED, consented, address=address, at=NOON),
        entry(Step.ANSWERED, answered, address=address, at=NOON + timedelta(seconds=31)),
    )


def fill(store: Store, *payments: Payment, address: Address = MEMBER, audit: tuple[AuditEntry, ...] = ()) -> int:
    """What a server has committed; its epoch."""
    store.open()
    partition = partition_of(address)
    [epoch] = store.run([Claim(partition, "a server")])
    commit = Commit(
        partition=partition, epoch=epoch, address=address, version=1, snapshot=b"", payments=payments, audit=audit
    )
    assert store.run([commit]) == [Verdict.DONE]
    return int(epoch)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def test_payments_that_have_not_ended_are_listed_the_parked_first_and_give_no_number_away(store: MemoryStore) -> None:
    fill(store, payment("a", "done"), payment("b", "unknown", ""), payment(), payment("c", "settled"))
    lines = list(books.payment_lines(store, NOT_ENDED, 10))
    common = f"  2026-03-04 10:00:00Z  {logs.masked(MEMBER)}  offer 12.30 USD, secured, from acc-tariro to acc-rudo"
    assert lines == [f"{NAME}  parked{common}  unsure", f"{reference('b')}  unknown{common}"]
    assert PHONE not in "".join(lines)


def test_a_payment_from_before_its_time_was_kept_is_listed_too(store: MemoryStore) -> None:
    record = PaymentRecord(command=OFFER, consented_in="t")
    old = Payment(id="a", address=MEMBER, state="sent", body=msgspec.msgpack.encode(record))
    fill(store, old)
    [line] = books.payment_lines(store, [PaymentState.SENT], 10)
    assert "  sent  -  " in line


def test_the_trail_of_all_masks_numbers_and_the_message_ids_that_hold_them(store: MemoryStore) -> None:
    fill(store, audit=traces())
    answered, consented = books.trail_lines(store, None, 10)
    assert answered.startswith(f"2026-03-04 10:00:31Z  answered   {NAME}  {logs.masked(MEMBER)}  offer 12.30 USD")
    assert answered.endswith("Unclear timeout")
    assert f"screen abcd1234 ({digest('Please check')[:8]}), tap ...23456789" in consented
    for line in (answered, consented):
        assert PHONE not in line
        assert "MjYzNzcw" not in line


def test_the_trail_tells_that_money_is_held_after_a_change_of_identity(store: MemoryStore) -> None:
    held = entry_of_member(Step.FROZEN, f"{MEMBER}/3", "user_changed_number", address=MEMBER, at=NOON)
    fill(store, audit=(held,))
    assert list(books.trail_lines(store, None, 10)) == [
        f"2026-03-04 10:00:00Z  frozen     {logs.masked(MEMBER)}  user_changed_number"
    ]


def test_the_trail_of_one_member_is_theirs_alone_and_whole(store: MemoryStore) -> None:
    fill(store, audit=traces())
    fill(store, audit=traces("other", OTHER), address=OTHER)
    lines = list(books.trail_lines(store, PHONE, 10))
    assert len(lines) == 2
    assert all(MEMBER in line for line in lines)
    assert "tap whatsapp:wamid.HBgMMjYzNzcwMDAwMDAx.0123456789" in lines[1]
    assert len(list(books.trail_lines(store, None, 3))) == 3


@pytest.mark.parametrize(("done", "ended"), [(True, "done"), (False, "not done")])
def test_an_operator_settles_what_is_parked_and_leaves_a_trace(store: MemoryStore, done: bool, ended: str) -> None:  # noqa: FBT001
    fill(store, payment())
    books.settle(store, NAME, done=done, by="tsitsi", now=NOON)
    [[settled], [trace]] = store.run([Payments(MEMBER), Trail(None, 9)])
    assert settled.state == "settled"
    assert msgspec.msgpack.decode(settled.body, type=PaymentRecord).ended == ended
    assert (trace.id, trace.step, trace.at) == (f"{PARKED}:operator", "operator", NOON)
    assert (facts_of(trace).said, facts_of(trace).ended) == ("operator tsitsi", ended)


@pytest.mark.parametrize("state", ["intent", "sent", "unknown", "done", "refused", "settled"])
def test_an_operator_settles_nothing_that_is_not_parked(store: MemoryStore, state: str) -> None:
    fill(store, payment(state=state))
    before = store.run([Payments(MEMBER), Trail(None, 9)])
    with pytest.raises(NotParked, match=f"No parked payment has the reference {NAME}"):
        books.settle(store, NAME, done=True, by="tsitsi", now=NOON)
    assert store.run([Payments(MEMBER), Trail(None, 9)]) == before


def test_of_two_operators_one_settles(store: MemoryStore) -> None:
    fill(store, payment())

    class Late(MemoryStore):
        def run(self, operations):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            if isinstance(operations[0], PaymentsIn):
                return [(payment(),)]
            return store.run(operations)

    books.settle(store, NAME, done=True, by="tsitsi", now=NOON)
    with pytest.raises(NotParked, match="Somebody else"):
        books.settle(Late(), NAME, done=False, by="farai", now=NOON)
    [[settled]] = store.run([Payments(MEMBER)])
    assert msgspec.msgpack.decode(settled.body, type=PaymentRecord).ended == "done"


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (OFFER, "offer 12.30 USD, secured, from acc-tariro to acc-rudo"),
        (msgspec.structs.replace(OFFER, due=date(2026, 3, 20)), "offer 12.30 USD, due 2026-03-20, from"),
        (AcceptOffer(PHONE, OfferId("o")), "accept offer o"),
        (DeclineOffer(PHONE, OfferId("o")), "decline offer o"),
        (CancelOffer(PHONE, OfferId("o")), "cancel offer o"),
        (UpgradeTier(PHONE, AccountId("a")), "upgrade, paid from a"),
    ],
)
def test_every_command_is_put_into_words_without_a_number(command: MoneyCommand, words: str) -> None:
    assert words in described(command)
    assert PHONE not in described(command)


class Beside:
    """The command beside a server that has this file open and its partitions claimed."""

    def __init__(self, path: Path) -> None:
        self.store = SqliteStore(path)
        self.epoch = fill(self.store, payment(), audit=traces())
        self.vimbiso = partial(operators.vimbiso, path)


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Beside:
    operators.forget_settings(tmp_path, monkeypatch)
    return Beside(tmp_path / "vimbiso.db")


def test_the_command_lists_payments(beside: Beside) -> None:
    assert beside.vimbiso("payments").stdout.startswith(f"{NAME}  parked")
    assert beside.vimbiso("payments", "--state", "settled").stdout == ""


def test_the_command_prints_the_trail_of_all_and_of_one(beside: Beside) -> None:
    everybody = beside.vimbiso("audit")
    assert (everybody.exit_code, len(everybody.stdout.splitlines())) == (0, 2)
    assert PHONE not in everybody.stdout
    assert PHONE in beside.vimbiso("audit", "--member", f"+{PHONE}", "--limit", "1").stdout
    assert beside.vimbiso("audit", "--member", "263770000002").stdout == ""
    assert beside.vimbiso("audit", "--member", "nobody").exit_code == 2


def test_the_command_settles_beside_a_running_server_which_loses_nothing_by_it(beside: Beside) -> None:
    done = beside.vimbiso("payments", "settle", NAME, "--as", "not-done", "--by", "tsitsi")
    assert (done.exit_code, done.stdout) == (0, f"{NAME} is settled as not-done. Please tell the member.\n")
    [[settled]] = beside.store.run([Payments(MEMBER)])
    assert settled.state == "settled"
    turn = Commit(partition=partition_of(MEMBER), epoch=beside.epoch, address=MEMBER, version=2, snapshot=b"")
    assert beside.store.run([turn]) == [Verdict.DONE]
    again = beside.vimbiso("payments", "settle", NAME, "--as", "done")
    assert (again.exit_code, again.stderr) == (1, f"Error: No parked payment has the reference {NAME}.\n")


def test_the_command_does_not_look_into_the_memory_of_another_process(beside: Beside) -> None:
    result = CliRunner().invoke(cli.main, ["payments"], env={"STORE_URL": "memory://"})
    assert (result.exit_code, result.stdout) == (1, "")
    assert "/status" in result.stderr


def test_the_command_says_in_one_line_when_the_store_is_away(beside: Beside, tmp_path: Path) -> None:
    beside.store.close()
    (tmp_path / "vimbiso.db").write_bytes(b"no database" * 99)
    away = beside.vimbiso("audit")
    assert away.exit_code == 1
    assert len(away.stderr.splitlines()) == 1
    with pytest.raises(StoreUnavailable):
        beside.store.run([])
