"""What is said in fewer words by text message, in English, under the names of ``texts``.

A screen is one segment (160 characters) wherever its facts fit, two at most. A sentence that is not here is said in its
full form; an empty one is left out. The same placeholders are filled in; a party comes as its handle, somebody else's
with the name in front.
"""

from actors.dialogs.due_dates import DueFault
from credex.money import AmountFault

ROWS = {
    "OFFER_SECURED": "Offer secured",
    "ROW_OFFER_UNSECURED": "Offer unsecured",
    "ACCEPT": "Accept offers",
    "DECLINE": "Decline offers",
    "CANCEL": "Cancel offers",
    "ACCEPT_ALL": "Accept all",
    "ACCOUNT_LEDGER": "Ledger",
    "SWITCH": "Switch account",
    "MANAGE": "Manage",
    "UPGRADE": "Upgrade",
    "HELP_ROW": "Help",
    "RENAME": "Rename",
    "CREATE": "New account",
    "ADD_MEMBER": "Add member",
    "REMOVE_MEMBER": "Remove member",
    "HEARS": "Who hears of offers",
    "RECURRING": "Recurring",
    "SET_UP": "Set up a payment",
    "LOOK_AT": "Your payments",
    "OTHER_RHYTHM": "Another rhythm",
    "MYSELF": "Myself",
    "ANOTHER_MEMBER": "Another member",
    "JOIN_LEAVE": "Not now",
    "ROW_BACK": "Menu",
    "ROW_PREVIOUS": "Previous",
}
"""Rows of menus, by the name of their title: they are shown without a description."""

BARE_SECTIONS = ("SECTION_DUE", "SECTION_DENOMINATIONS", "SECTION_KINDS", "SECTION_READINGS")
"""Sections, by name, whose rows are shown without their descriptions."""

SHORT_PLACES = frozenset(
    {"account", "issuer", "receiver", "counterparty", "person", "hearer", "opened", "details", "payment", "source"}
    | {"told", "terms", "ledger", "reason", "message", "waiting", "at"}
)
"""What may be filled in with something that has a brief form: a sentence with such a place keeps that form."""

HINTS = frozenset({"OFFER_FROM", "OFFER_TO", "ENTRY_FROM", "ENTRY_TO", "NEXT_PAYMENT_HINT", "NOT_AGREED_HINT"})
"""Descriptions of rows, which a channel gets as they are: they have no brief form."""

# Everywhere
GREETING = ""  # by itself it would cost as much as the screen that follows
HELP = "Credex by SMS. Reply a number or a word: MENU, OFFERS, LEDGER, TIER. 0 goes back. To pay in one line: 5=>rudo"
ONLY_TEXT = "I can read text, but nothing else. Please type your answer."
PICK_ONE = "I did not understand that. Please choose one of the numbers."
FORWARDED = "A forwarded message cannot sign for you. Please type the answer yourself."
PAGE = "Page {page}"  # there it takes several text messages, so their count would be wrong
NEED_NUMBER = "I cannot see your phone number. Please write from a number that is visible."
SORRY_SENDING = (
    "Sorry, something went wrong. Your last request may or may not have gone through. "
    "Do not send it again before you have looked: send MENU."
)
DOUBT_LEAVING = 'You wrote "{word}". Is that your answer, or do you want to go there?'
SLOW = "The ledger is slow. I am still trying, and will tell you as soon as it answers."
SLOW_SIGNED = "The ledger is slow. I will tell you how it ended. Please do not send it again."
LEDGER_AWAY = "The ledger cannot be reached."
LEDGER_BUSY = "The ledger is very busy."
LOGIN_REFUSED = "I could not open your account: {reason}"
NO_ACCOUNT = "You are a member, but have no account I can open. Please ask credex support."
OUTSIDE = "Send HI to open your account, or MENU at any time to see it."

# Becoming a member
WELCOME = (
    "With credex, members pay each other from what they hold, or promise to pay by a day. An account is free. Join?"
)
NAME_RULE = 'A name needs 3 to 50 letters A to Z, spaces and hyphens, so "{typed}" would become "{kept}".'
NAME_RULE_PLAIN = "A name needs 3 to 50 letters A to Z. If yours is shorter, add another of your names."
CONFIRM_NAMES = "Your account:\n{first_name} {last_name}, {denomination}\nIs that right?"
JOIN_REFUSED = "Your account could not be opened: {reason}\nYour names are kept, try again."
JOIN_STILL_UNCLEAR = "I do not know yet whether your account was opened. Please try again in a few minutes."

# Choosing and managing an account
CHOOSE_ACCOUNT = "Which account would you like to use?"
SWITCHED_ELSEWHERE = "You chose {account} in your other chat, so it is used here too. Nothing else was done."
MANAGING = "Account {account}\n{hearer}"
HEARER = "Told of its offers: {person}."
NO_HEARER = ""
STILL_CHANGING = "I am still working on it, and will tell you as soon as it is done."
CHANGE_UNSENT = "{ledger} Nothing was changed. Please try again in a few minutes."

# Creating and renaming an account
ACCOUNT_NAME_RULE = 'A name needs 3 to 50 of A to Z, 0 to 9, spaces, hyphens, so "{typed}" would become "{kept}".'
ACCOUNT_NAME_RULE_PLAIN = "An account's name needs 3 to 50 of A to Z, 0 to 9, spaces and hyphens."
ASK_ACCOUNT_HANDLE = (
    "It will be called {name}.\nWhich handle? 3 to 30 letters a to z, numbers and underscores, like moyo_store"
)
ASK_DENOMINATION = "{opened} is free. Which currency should it use?"
OPENED_DETAILS = "{denomination}, {kind}"
SURE_OPEN = "New account:\n{opened}\n{details}\nIs that right?"
OPENED = "The account {opened} is open. Choose Switch account to use it."
HANDLE_JUST_TAKEN = "Its handle was just taken. You can create it with another one."
OPEN_NOT_SEEN = (
    "The ledger does not show {opened} so far. It may still come. You can try again: it is not created twice."
)
OPEN_UNKNOWN = "I could not find out whether {opened} was created. You can try again later: it is not created twice."
ASK_NEW_NAME = "What would you like to call {account} from now on?"
SURE_RENAME = "{account} will be called:\n{name}\nIs that right?"
RENAME_NOT_SEEN = "The ledger does not show the name {name} so far. You can try again: it does no harm."
RENAME_UNKNOWN = "I do not know whether the account is called {name} now. You can try again: it does no harm."

# Who may act for an account
FIVE_AT_MOST = "At most five members can act for one account. Remove one to add another."
ASK_MEMBER_TO_ADD = (
    "Who should be able to act for {account}? "
    "Please type the member's handle, often the phone number like 263771234567."
)
ASK_MEMBER_TO_REMOVE = "Who should no longer act for {account}? Please type the member's handle."
ASK_MEMBER_TO_HEAR = (
    "Who should be told of the offers to {account}? Please type the handle of a member who acts for it."
)
WHO_TO_REMOVE = "{hearer}\nWho should no longer act for {account}?"
WHO_HEARS = "{hearer}\nWho should be told of the offers to {account}?"
CANNOT_LOOK_UP = "The ledger cannot tell me at the moment who @{handle} is, and without that I cannot do it."
SURE_AUTHORIZE = "Let {person} act for {account}? They could do all that you can, and give away its money."
AUTHORIZE_UNKNOWN = (
    "I do not know whether {person} can act for {account} now. Confirm it again, which does no harm, or remove them."
)
SURE_REVOKE = "Shall {person} no longer act for {account}, nor be told of its offers?"
CANNOT_ACT_NOW = "They cannot act for {account} now, or they own it."
REVOKE_UNKNOWN = "I do not know whether {person} can still act for {account}. Confirm it again, which does no harm."
SURE_ROUTE = "Shall {person} be told of the offers to {account} from now on?"
ROUTE_NOT_SEEN = "The ledger does not show so far that {person} is told. You can confirm it again: it does no harm."
ROUTE_UNKNOWN = "I do not know whether {person} is told of offers to {account}. Confirm it again, it does no harm."

# Recurring payments
AT_RECURRING = "Recurring payments from {account}, as far as they were set up here."
ASK_RECURRING_AMOUNT = (
    "How much to pay each time from {account}? Type 5 or 5 ZWG. Without a currency it is {denomination}."
)
ASK_RECURRING_HANDLE = "Who do you want to pay {amount} to each time? Please type the handle of their account."
ASK_START = "When should the first payment be? Choose a day or type one, like 5 March."
START_RULE = "I cannot take that day. Please type one from today to a year from now, like 5 March."
START_SLIPPED = "The first day is past by now, so I have put today in its place."
SIGN_RECURRING = "{amount}, secured, {every}, until you end it\nFirst on: {start}\nFrom: {source}\nTo: {receiver}"
STILL_SETTING_UP = "I am still setting up the payment of {amount} to {receiver}."
RECURRING_SET_UP = "Set up: {amount}, secured, from {source} to {receiver}, {every}, first on {start}."
RECURRING_NOT_SET_UP = "The recurring payment of {amount} to {receiver} was not set up."
RECURRING_UNSENT = "The recurring payment of {amount} to {receiver} was not sent. {ledger} Try again later."
CHECKING_RECURRING = (
    "I do not know yet whether {amount} to {receiver}, {every}, was set up. I am checking and will tell you. "
    "Do not set it up again."
)
STILL_CHECKING_RECURRING = "I am still checking whether {amount} to {receiver} was set up, and will tell you."
RECURRING_PARKED = (
    "I could not find out whether {amount} to {receiver}, {every}, was set up. Our team looks into it. "
    "Do not set it up again. Ref {reference}"
)
NO_RECURRING = "I know of no recurring payment set up here from {account}."
PICK_RECURRING = "Recurring payments from {account}. Choose one to end it."
RECURRING_UNREAD = "{ledger} I could not read your payments. Please try again in a few minutes."
RECURRING_PAYMENT = "{amount}, secured, {every}\nNext on: {start}\nTo: {receiver}"
SURE_END = "{payment}\nFrom: {account}\nEnd this recurring payment?"
END_NOT_SEEN = "The recurring payment goes on so far. You can confirm again that it is to end."
END_UNKNOWN = "I could not find out whether the payment has ended. You can confirm again: it does no harm."

# Offering
ASK_AMOUNT = "How much do you want to offer from {account}? Like 5 or 5 ZWG. Without a currency it is {denomination}."
OFFERING_UNSECURED = "Unsecured: a promise to pay."
AMOUNT_RULES = {
    AmountFault.NOT_AN_AMOUNT: "That does not look like an amount. Please type a number, like 5, 5 USD or ZWG 5.",
    AmountFault.NO_NUMBER: "That does not look like an amount: it has no number. Like 5, 5 USD or ZWG 5.",
    AmountFault.SEVERAL_NUMBERS: "That does not look like an amount: it has several numbers. Like 1234.50 or 5 USD.",
    AmountFault.EXPONENT: "That does not look like an amount. Please write the number out: 1000 and not 1e3.",
    AmountFault.UNDERSCORE: "That does not look like an amount. Please write it without underscores: 1000.",
    AmountFault.OTHER_DIGITS: "That does not look like an amount. Please use the digits 0 to 9 only.",
}
UNSECURED_NEEDS_TIER = "Members of tier 1 cannot offer unsecured credex. With tier 3 you can: send UPGRADE."
OVER_ALLOWANCE = "You can offer {left} more today, so {amount} is too much. The limit renews at midnight UTC."
OVER_BALANCE = "{account} has {available} secured, so it cannot offer {amount}."
ASK_HANDLE = (
    "Who do you want to offer {amount} to? Please type their handle, often their phone number like 263771234567."
)
HANDLE_RULE = "A handle has 3 to 30 characters: letters a to z, numbers and underscores, like tariro_m"
LOOK_UP_REFUSED = "I could not look up @{handle}: {reason}"
LOOK_UP_FAILED = "{ledger} Nothing was sent. Please type the handle again in a few minutes."
CONFIRM_OFFER = "Please check your offer.\n{amount}, {terms}\nFrom: {issuer}\nTo: {receiver}"
TERMS_PROMISED = "unsecured, due {day}"
CONFIRM_PROMISE = "Please check your offer.\n{amount}, {terms}\nFrom: {issuer}\nTo: {receiver}"
STILL_SENDING = "I am still sending your offer of {amount} to {receiver}."
OFFER_UNSENT = "Your offer of {amount} to {receiver} was not sent. {ledger} Try again in a few minutes."
CHECKING_OFFER = (
    "I do not know yet whether your offer of {amount} to {receiver} went through. "
    "I am checking and will tell you. Do not send it again."
)
STILL_CHECKING_OFFER = (
    "I am still checking whether your offer of {amount} to {receiver} went through, and will tell you."
)
OFFER_SETTLED = "Your offer went through: {amount}, {terms}, from {issuer} to {receiver}."
OFFER_NOT_FOUND = "Your offer of {amount} to {receiver} was not made, and nothing was taken. You can sign it again now."
OFFER_UNKNOWN = "I could not find out whether your offer of {amount} to {receiver} went through."
OFFER_PARKED = "{told} Our team looks into it. Do not send it again. Ref {reference}"

# The day an unsecured offer is due
ASK_DUE = "When will you pay {amount} to {receiver}? Any day {earliest} to {latest}, like {words}"
DUE_RULES = {
    DueFault.NOT_A_DATE: "I do not know what day that is. It is to be 7 to 34 days from today.",
    DueFault.NO_SUCH_DAY: "There is no such day. The day comes before the month, 7 to 34 days from today.",
    DueFault.PAST: "{day} is past. It is to be 7 to 34 days from today.",
    DueFault.TOO_SOON: "{day} is too soon. It is to be 7 to 34 days from today.",
    DueFault.TOO_LATE: "{day} is too late. It is to be 7 to 34 days from today.",
}

# Why the ledger refused
REFUSED_TIER_LIMIT = "It is over your limit for today, which renews at midnight UTC."
REFUSED_OTHER = "Ledger: {reason}"

# Accepting, declining, cancelling
PICK_ACCEPT = "Which offer to {account} do you want to accept?"
PICK_DECLINE = "Which offer to {account} do you want to decline?"
PICK_CANCEL = "Which offer from {account} do you want to cancel?"
STILL_ANSWERING = "I am still working on the offer of {amount}."
ANSWER_UNSENT = "The offer of {amount} was left as it was. {ledger} Please try again in a few minutes."
ACCEPT_UNCLEAR = "I do not know yet whether the offer of {amount} was accepted. I am checking and will tell you."
DECLINE_UNCLEAR = "I do not know yet whether the offer of {amount} was declined. I am checking and will tell you."
CANCEL_UNCLEAR = "I do not know yet whether the offer of {amount} was cancelled. I am checking and will tell you."
STILL_CHECKING_ANSWER = "I am still checking what became of the offer of {amount}, and will tell you."
ACCEPT_SETTLED = "I have checked: {account} accepted the offer of {amount} from {counterparty}."
ANSWER_PARKED = "{told} Our team looks into it. Ref {reference}"
BROWSE_OFFERS = "Open offers of {account}. Which one?"
NO_OPEN_OFFERS = "There are no open offers of {account} at the moment."

# Accepting several offers at once
CONFIRM_ALL = "Accept all for {account}:"
THE_OLDEST = "the {count} oldest of {waiting}:"
TOTAL = "{amount}"
OF_THEM_SECURED = "{offers} secured"
OF_THEM_DUE = "{offers} unsecured, due {day}"
OF_THEM_DUE_WITHIN = "{offers} unsecured, due {first} to {last}"
OF_THEM_UNDATED = "{offers} unsecured, no date"
SURE_ALL = ""
STILL_ACCEPTING_ALL = "I am still accepting {offers} for {account}."
NOT_AMONG_THEM = "Not accepted, perhaps taken back or expired:"
GONE_AMONG_THEM = "No longer open:"
ALL_GONE = "None of the {offers} was accepted, and none is open any more."
ALL_UNSENT = "All offers were left as they were. {ledger} Please try again in a few minutes."
ALL_UNCLEAR = "I do not know yet which of the {offers} were accepted. I am checking and will tell you."
STILL_CHECKING_ALL = "I am still checking which of the {offers} were accepted, and will tell you."
ALL_NOT_DONE = "None of them was accepted. If you still want to, you can accept them now."

# The account's ledger
ENTRIES_OF = "Ledger of {account}"
NO_ENTRIES = "The ledger of {account} is empty."
ENTRIES_MOVED = "Much was added meanwhile, so I begin again with the newest page."
ENTRIES_UNREAD = "I could not read the ledger. {ledger} Please try again in a few minutes."
CREDEX_OFFERED = "Offered, not answered yet"
CREDEX_REQUESTED = "Requested, not answered yet"
CREDEX_OWED, CREDEX_DECLINED, CREDEX_CANCELLED = "", "", ""
CREDEX_CLEARED = "Cleared"
REDEEMED = "Cleared so far: {amount}"
DEFAULTED = "Not paid when due: {amount}"
IN_HARARE = "{at}"

# Tiers and upgrading
TIER, TIER_NAMED = "Tier {tier}.", "Tier {tier} ({name})."
TIER_RIGHTS = {
    1: "Secured offers only.",
    2: "Secured and unsecured offers.",
    3: "Secured and unsecured offers, more accounts.",
    4: "Secured and unsecured offers, more accounts, and others may act for them.",
}
TIER_DAILY = "Daily limit {daily}"
TIER_LEFT = "Left today: {left}"
TIER_UNLIMITED = "No daily limit."
TIER_OFFERED = "Tier 3: unsecured, no limit, {price} for 28 days."
TIER_NOT_PAYABLE = "An upgrade is paid from a personal account of your own. Please ask credex support."
CONFIRM_UPGRADE = "Please check your upgrade.\n{price}, secured, for 28 days of tier 3\nFrom: {account}"
STILL_UPGRADING = "I am still upgrading your membership for {price} from {account}."
UPGRADE_NO_COVER = (
    "The secured balance of {account} does not cover {price}. Ask a member who holds USD to offer you some."
)
UPGRADED_SINCE = "You have signed an upgrade since I read your figures, so nothing was paid now."
UPGRADE_UNSENT = "Your upgrade was not sent, and nothing was paid. {ledger} Try again in a few minutes."
UPGRADE_UNCLEAR = (
    "I do not know yet whether your upgrade for {price} went through. I am checking and will tell you. "
    "Do not send it again."
)
STILL_CHECKING_UPGRADE = "I am still checking whether your upgrade for {price} went through, and will tell you."
UPGRADE_SETTLED = "I have checked: your upgrade went through. You are now in tier 3."
UPGRADE_NOT_FOUND = "I have checked: your upgrade was not done, and nothing was paid. You can sign it again now."
UPGRADE_PARKED = "{told} Our team looks into it. Do not upgrade again. Ref {reference}"

# Outcomes that come when the conversation has moved on
LATE_OFFER_GONE = "I have checked: the offer you answered earlier was gone by then."
LATE_PARKED = "I could not find out whether your earlier request went through. Our team looks into it. Ref {reference}"
