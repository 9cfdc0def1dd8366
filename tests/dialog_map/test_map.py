"""The map of the dialogs: true to the code, and the code without corners nobody can get to."""

from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.doubts import Doubting
from actors.dialogs.offer import AskingRecipient, LookingUpRecipient
from actors.dialogs.outside import Outside
from actors.dialogs.signing import SettlingOffer, SigningOffer, SubmittingOffer
from tests.dialog_map.drawing import drawn
from tests.dialog_map.place import MAP
from tests.dialog_map.reading import STATES, Way, ways


def test_the_map_shows_the_dialogs_as_they_are() -> None:
    assert MAP.read_text("utf-8") == drawn(ways()), "draw it anew: make map"


def test_every_state_can_be_got_to_and_left() -> None:
    found = ways()
    above = {Outside, Doubting}  # reached by words above all dialogs
    assert {way.target for way in found} | above == set(STATES)
    assert {way.source for way in found} | {Outside} == set(STATES)


def test_the_way_of_an_offer_is_on_it() -> None:
    found = set(ways())
    assert Way(AskingRecipient, "typed", LookingUpRecipient) in found
    assert Way(LookingUpRecipient, "AccountFound", SigningOffer) in found
    assert Way(SigningOffer, "confirm", SubmittingOffer) in found
    assert Way(SettlingOffer, "done", AtDashboard) in found
    doubtful = [way.on for way in found if (way.source, way.target) == (SubmittingOffer, SettlingOffer)]
    assert any("Unclear" in on for on in doubtful)


def test_only_a_signing_screen_leads_to_a_submission_of_an_offer() -> None:
    assert {way.source for way in ways() if way.target is SubmittingOffer} == {SigningOffer}
