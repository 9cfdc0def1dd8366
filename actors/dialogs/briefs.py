"""What is said in fewer words by text message, in English, under the names of ``texts``.

A screen is one segment (160 characters) wherever its facts fit, two at most. A sentence that is not here is said in its
full form; an empty one is left out. The same placeholders are filled in; a party comes as its handle, somebody else's
with the name in front.
"""

ROWS = {
    "OFFER_SECURED": "Offer secured",
    "ROW_OFFER_UNSECURED": "Offer unsecured",
    "ACCEPT": "Accept offers",
    "DECLINE": "Decline offers",
    "CANCEL": "Cancel offers",
    "ACCOUNT_LEDGER": "Ledger",
    "SWITCH": "Switch account",
    "MANAGE": "Manage account",
    "UPGRADE": "Upgrade",
    "HELP_ROW": "Help",
    "ROW_PREVIOUS": "Previous",
}
"""Rows of menus, by the name of their title: they are shown without a description."""

HELP = "Credex by SMS. Reply a number or a word: MENU, OFFERS, LEDGER, TIER. 0 goes back. To pay in one line: 5=>rudo"
