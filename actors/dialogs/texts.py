"""Every sentence a member reads, in English. Words in braces are filled in by the dialog that speaks.

Plain characters only: one curly quote would make an SMS twice as dear. Another language is another such module. What is
said in other words by text message is in ``briefs``, under the same names.
"""

from actors.dialogs import briefs
from actors.dialogs.due_dates import DueFault
from actors.dialogs.words import pair
from credex.model import AccountKind
from credex.money import AmountFault, Denomination

# Everywhere
GREETING = "{greeting}. Welcome to credex."
HELP = (
    "This is credex. You can see your balances here, and offer, accept, decline and cancel credex.\n"
    "Tap a button or row, or type its number or its name.\n"
    "In one line: 5=>rudo offers 5 to @rudo, secured; 5->rudo=24 Dec offers it unsecured, due on that day.\n"
    "Send menu to leave a question and see your account, offers for every open offer,\n"
    "ledger for what was given and received, "
    "tier for what your membership allows, and help for this text."
)
ONLY_TEXT = "I can read text and buttons, but nothing else. Please type your answer."
EMPTY = "Your message was empty. Please type your answer."
PICK_ONE = "I did not understand that. Please choose one of the options."
EXPIRED = "That screen has expired. Nothing was done. Here is where you are now."
SESSION_EXPIRED = "That screen has expired, and nothing was done."
LATE = "Your message reached me late, so I did nothing with it. Here is where you are now."
CROSSED = "Your message was written before you could see this question. Please answer it now."
FORWARDED = "A forwarded message cannot sign for you. Please type the answer yourself or tap a button."
NEED_NUMBER = (
    "I cannot see your phone number, and your credex account belongs to it. "
    "Please share your number in this chat, or write to me from a number that is visible."
)
SORRY = "Sorry, something went wrong on our side with your last message. Please try again."
SORRY_SENDING = (
    "Sorry, something went wrong on our side. Your last request may or may not have gone through. "
    "Please do not send it again before you have looked at your account. Send menu to see it."
)
LEFT = "You have left that. Nothing was sent."
NOTHING_TO_LEAVE = "There is nothing to cancel."
DOUBT = 'You wrote "{word}". Did you mean the menu?'
KEEP_WORD = 'Use "{word}"'
KEEP_GOING = "Go on here"
GO_TO_MENU = "Go to the menu"
DOUBT_LEAVING = 'You wrote "{word}". Is that your answer, or do you want to leave this question and go there?'
LEAVE_QUESTION = "Leave and go there"
NOT_SIGNED = "What you had not signed yet was not sent."
NOT_CONFIRMED = "What you had not confirmed yet was not done."

# After the phone or the number changed
FROZEN = "The phone or number of this chat has changed, so money is held until you open your account again."

# Logging in
ONE_MOMENT = "One moment please, I am opening your account."
LEDGER_AWAY = "The credex ledger cannot be reached at the moment."
LEDGER_BUSY = "The credex ledger is very busy at the moment."
WORKING = "{patience}. {doing}"
OPENING = "Opening your account..."
FINDING_OUT = "Looking up your account..."
OUTAGE = "{ledger} Nothing was changed. Please try again in a few minutes."
SLOW = "The credex ledger is slow at the moment. I am still trying, and will tell you as soon as it answers."
SLOW_SIGNED = (
    "The credex ledger is slow to answer. I am still waiting for its word, and will tell you how it ended. "
    "Please do not send it again."
)
LOGIN_REFUSED = "I could not open your account. The ledger says: {reason}"
NO_ACCOUNT = "You are a member, but there is no account of yours that I can open. Please ask credex support for help."
OUTSIDE = "Send hi to open your account, or help to read what I can do."

# Becoming a member
WELCOME = (
    "With credex, members pay each other from what they hold, or promise to pay by a certain day. "
    "An account is free. Would you like one?"
)
WELCOME_ANY_TIME = "That is fine. You can join whenever you like."
JOIN = "Become a Member"
ASK_FIRST_NAME = "What is your first name?"
ASK_LAST_NAME = "Thank you, {first_name}. What is your last name?"
NAME_RULE = (
    "A name needs 3 to 50 letters. Only the letters A to Z, spaces and hyphens are kept, "
    'so "{typed}" would become "{kept}".'
)
NAME_RULE_PLAIN = (
    "A name needs 3 to 50 letters: A to Z, spaces and hyphens. If yours is shorter, please add another of your names."
)
CONFIRM_NAMES = (
    "Your account will be opened as:\n{first_name} {last_name}\nYour currency will be {denomination}.\nIs that right?"
)
JOIN_CONFIRM = "Yes, Join"
JOIN_EDIT = "Change Names"
JOIN_LEAVE = "Cancel"
JOINING = "Opening your new account..."
STILL_JOINING = "I am still opening your new account. One moment please."
JOINED = "Welcome, {first_name}. You are now a member of credex."
JOIN_REFUSED = (
    "Your account could not be opened. The ledger says: {reason}\nYour names are kept, and you can try again."
)
JOIN_UNAVAILABLE = "{ledger} Your names are kept. Please try again in a few minutes."
JOIN_UNCLEAR = "I do not know yet whether your account was opened. I am looking it up..."
JOIN_STILL_UNCLEAR = "I could not find out yet whether your account was opened. Please try again in a few minutes."
JOIN_NOT_DONE = "Your account was not opened. Your names are kept, and you can try again."
JOIN_TAKEN = "This number is already a member's. I am opening that account..."

# The dashboard
DASHBOARD_MENU = "Actions"
SECURED = "Secured balances:"
PAYABLES = "You owe: {amount}"
RECEIVABLES = "Owed to you: {amount}"
NET = "Net: {amount}"
NET_ASSETS = "Net assets: {amount}"
ALLOWANCE = "Left to offer today: {amount}"
ONE_WAITS, MANY_WAIT = "offer waits for your answer", "offers wait for your answer"
ONE_OPEN, MANY_OPEN = "offer of yours is still open", "offers of yours are still open"
ONE_TO_ANSWER, MANY_TO_ANSWER = "offer waits", "offers wait"
ONE_TO_CANCEL, MANY_TO_CANCEL = "offer is open", "offers are open"
SECTION_CREDEX = "Credex Actions"
SECTION_MEMBER = "Member Actions"
OFFER_SECURED, OFFER_SECURED_HINT = "Offer Secured Credex", "Pay from your secured balances"
ROW_OFFER_UNSECURED, OFFER_UNSECURED_HINT = "Offer Unsecured Credex", "Promise to pay by a day you choose"
ACCEPT, DECLINE, CANCEL = "Accept Offers", "Decline Offers", "Cancel Offers"
SWITCH, SWITCH_HINT = "Switch Account", "You have {accounts}"
ONE_ACCOUNT, MANY_ACCOUNTS = "account", "accounts"
MANAGE, MANAGE_HINT = "Manage Account", "Name, members, a new account"
UPGRADE, UPGRADE_HINT = "Upgrade", "What your membership allows, and more"
HELP_ROW, HELP_ROW_HINT = "Help", "What you can do here"

# Lists
PAGE = "Page {page} of {pages}"
SECTION_MORE = "More"
ROW_NEXT, ROW_PREVIOUS, ROW_BACK = "Next", "Previous", "Back to Dashboard"

# Choosing an account
ACCOUNTS_MENU = "Select Account"
SECTION_ACCOUNTS = "Your Accounts"
CHOOSE_ACCOUNT = "{first_name}, which account would you like to use?"
ACCOUNT_HINT = "@{handle}, net assets {net}"
NOW_ACTING_FOR = "You now act for {account}."
SWITCHED_ELSEWHERE = "You chose {account} in your other chat, so it is used here as well. Nothing else was done."

# Managing an account
MANAGE_MENU = "Account Actions"
SECTION_ACCOUNT = "This Account"
SECTION_NEW = "Your Membership"
MANAGING = "You can act for {account}.\n{hearer}\nThe ledger does not tell me who else may act for it."
HEARER = "Messages about its offers go to {person}."
NO_HEARER = "The ledger does not tell me who hears of its offers."
RENAME, RENAME_HINT = "Rename Account", "Give it another name"
CREATE, CREATE_HINT = "Create Account", "One more account of your own"
ADD_MEMBER, ADD_MEMBER_HINT = "Add a Member", "Let somebody act for this account"
REMOVE_MEMBER, REMOVE_MEMBER_HINT = "Remove a Member", "End that again"
HEARS, HEARS_HINT = "Who Hears of Offers", "Choose who is told of its offers"
RECURRING, RECURRING_HINT = "Recurring Payments", "Set up, look at or end them"
NOTHING_CHANGED = "You have gone back. Nothing was changed."
STILL_CHANGING = "I am still working on it. You need not do anything. I will tell you as soon as it is done."
LOOKING_IT_UP = "Looking it up..."
CHANGE_UNSENT = "{ledger} Nothing was changed. What you typed is kept, and you can try again in a few minutes."
ONLY_OWNER = "Only the owner of {account} may do that."
NO_MEMBER_OR_ACCOUNT = "The ledger does not know that member or that account."

# Creating an account
ONE_ACCOUNT_ONLY = "Members of tier 1 and 2 can have one account. From tier 3 on you can create more."
ASK_ACCOUNT_NAME = "What would you like to call the new account?"
ACCOUNT_NAME_RULE = (
    "An account's name needs 3 to 50 letters or digits. Only A to Z, 0 to 9, spaces and hyphens are kept, "
    'so "{typed}" would become "{kept}".'
)
ACCOUNT_NAME_RULE_PLAIN = (
    "An account's name needs 3 to 50 letters or digits. Only A to Z, 0 to 9, spaces and hyphens are kept."
)
ASK_ACCOUNT_HANDLE = (
    "It will be called {name}.\nWhich handle would you like for it? Others pay the account by its handle. "
    "It has 3 to 30 characters: letters a to z, numbers and underscores. For example: moyo_store"
)
CHECKING_HANDLE = "Checking whether @{handle} is free..."
HANDLE_TAKEN = "The handle @{handle} is taken. Please choose another one."
ASK_DENOMINATION = "{opened} is free. Which currency should the account use?"
DENOMINATIONS_MENU = "Currencies"
SECTION_DENOMINATIONS = "Currencies"
DENOMINATION_HINT = {  # in the order they are offered in
    Denomination.USD: "US dollars",
    Denomination.ZWG: "Zimbabwe Gold",
    Denomination.CAD: "Canadian dollars",
    Denomination.XAU: "Ounces of gold",
    Denomination.CXX: "The unit of the credex ledger",
}
ASK_KIND = "What is {opened} for?"
KINDS_MENU = "Kinds of Account"
SECTION_KINDS = "Kinds of Account"
KINDS = {
    AccountKind.PERSONAL: "Personal",
    AccountKind.OPERATIONS: "Business or Project",
    AccountKind.TRUST: "Trust",
    AccountKind.CREDEX_FOUNDATION: "Credex Foundation",
}
KIND_HINT = {
    AccountKind.OPERATIONS: "To pay and be paid day by day",
    AccountKind.TRUST: "To hold money for others",
}
OPENED_DETAILS = "Currency: {denomination}\nKind: {kind}"
SURE_OPEN = "A new account of yours will be created as:\n{opened}\n{details}\nIs that right?"
YES_OPEN = "Yes, Create"
CREATING = "Creating the account..."
OPENED = "The account {opened} is open. Choose Switch Account to use it."
NOT_OPENED = "The account {opened} was not created."
HANDLE_JUST_TAKEN = "Its handle was taken by somebody else a moment ago. You can create it with another one."
OPEN_UNCLEAR = "I do not know yet whether {opened} was created. I am looking it up..."
OPEN_NOT_SEEN = (
    "I have looked: the ledger does not show {opened} among your accounts so far. It may still come in a minute. "
    "You can try again: it is not created twice."
)
OPEN_UNKNOWN = (
    "I could not find out whether {opened} was created. You can try again in a few minutes: it is not created twice."
)

# Renaming an account
ASK_NEW_NAME = "{account}\nWhat would you like to call the account from now on? Its handle stays the same."
SAME_NAME = "That is its name already. Please type another one."
SURE_RENAME = "The account {account} will be called:\n{name}\nIs that right?"
YES_RENAME = "Yes, Rename"
RENAMING = "Renaming the account..."
RENAMED = "The account is now called {name}."
NOT_RENAMED = "The account {account} was not renamed."
RENAME_UNCLEAR = "I do not know yet whether the account has its new name. I am looking it up..."
RENAME_NOT_SEEN = (
    "I have looked: the ledger does not show the new name {name} so far. It may still come in a minute. "
    "You can try again: it does no harm."
)
RENAME_UNKNOWN = "I could not find out whether the account has its new name {name}. You can try again: it does no harm."

# Who may act for an account
ADDING_NEEDS_TIER = "Only members of tier 4 and above can let others act for their accounts."
FIVE_AT_MOST = "At most five members, the owner among them, can act for one account. Remove one to add another."
ASK_MEMBER_TO_ADD = (
    "Who should be able to act for {account}? At most five members can, the owner among them.\n"
    "Please type the member's handle. It is their phone number with the country code, unless they have changed it."
)
ASK_MEMBER_TO_REMOVE = "Who should no longer act for {account}? Please type the member's handle."
ASK_MEMBER_TO_HEAR = (
    "Who should be told of the offers to {account}? It has to be a member who can act for it. "
    "Please type the member's handle."
)
MEMBERS_MENU = "Members"
SECTION_MEMBERS = "Members"
WHO_TO_REMOVE = "{hearer}\nWho should no longer act for {account}?"
WHO_HEARS = "{hearer}\nWho should be told of the offers to {account}?"
MYSELF, MYSELF_HINT = "Myself", "I am told of its offers"
HEARS_NOW_HINT = "Is told of its offers"
ANOTHER_MEMBER, ANOTHER_MEMBER_HINT = "Another Member", "By the member's handle"
NAME_NOT_CHECKED = "@{handle} (whose name I could not check)"
NO_SUCH_MEMBER = "No member has the handle @{handle}. Please check it and try again."
THAT_IS_YOU = "@{handle} is your own handle. Please type the handle of another member."
CANNOT_LOOK_UP = "The ledger cannot tell me at the moment which member @{handle} is, and without that I cannot do it."
SURE_AUTHORIZE = (
    "You are about to let a member act for your account.\nMember: {person}\nAccount: {account}\n"
    "They could then do with this account all that you can: see it, offer and accept credex, and give away its money. "
    "Do you want that?"
)
YES_AUTHORIZE = "Yes, Let Them Act"
AUTHORIZING = "Adding the member..."
AUTHORIZED = "{person} can now act for {account}."
NOT_AUTHORIZED = "{person} was not added to {account}."
AUTHORIZE_UNCLEAR = "I do not know yet whether {person} can act for {account}. I am looking it up..."
AUTHORIZE_UNKNOWN = (
    "I could not find out whether {person} can act for {account} now, since the ledger does not list that. "
    "You can confirm it again, which does no harm, or remove the member."
)
SURE_REVOKE = (
    "You are about to end a member's authority.\nMember: {person}\nAccount: {account}\n"
    "They could then no longer act for this account. If they are told of its offers, its owner is told instead. "
    "Do you want that?"
)
YES_REVOKE = "Yes, Remove"
REVOKING = "Removing the member..."
REVOKED = "{person} can no longer act for {account}."
NOT_REVOKED = "Nothing was changed for {person}."
CANNOT_ACT_NOW = "They cannot act for {account} now, or they own it, and an owner cannot be removed."
REVOKE_UNCLEAR = "I do not know yet whether {person} can still act for {account}. I am looking it up..."
REVOKE_UNKNOWN = (
    "I could not find out whether {person} can still act for {account}, since the ledger does not list that. "
    "Please confirm it again, which does no harm."
)
SURE_ROUTE = (
    "You are about to change who is told of offers.\nAccount: {account}\nTold from now on: {person}\nDo you want that?"
)
YES_ROUTE = "Yes, Tell Them"
ROUTING = "Changing who is told..."
ROUTED = "{person} is now told of the offers to {account}."
NOT_ROUTED = "Who is told of the offers to {account} was not changed."
MUST_ACT_FIRST = "It has to be a member who can act for the account: add them first."
ROUTE_UNCLEAR = "I do not know yet whether {person} is told of the offers to {account}. I am looking it up..."
ROUTE_NOT_SEEN = (
    "I have looked: the ledger does not show so far that {person} is told of the offers. "
    "It may still come in a minute. You can confirm it again: it does no harm."
)
ROUTE_UNKNOWN = (
    "I could not find out whether {person} is told of the offers to {account}. "
    "You can confirm it again: it does no harm."
)

# Recurring payments
RECURRING_MENU = "Recurring Payments"
SECTION_RECURRING = "Recurring Payments"
AT_RECURRING = (
    "Recurring payments from {account}.\nI know those you have set up here with me. "
    "The ledger cannot list any that were set up elsewhere."
)
SET_UP, SET_UP_HINT = "Set Up a Payment", "The same amount, again and again"
LOOK_AT, LOOK_AT_HINT = "Your Payments", "Look at them or end one"
ASK_RECURRING_AMOUNT = (
    "How much do you want to pay each time from {account}?\n"
    "Type an amount, for example 5 or 5 ZWG. Without a currency it is {denomination}."
)
ASK_RECURRING_HANDLE = "Who do you want to pay {amount} to each time? Please type the handle of their account."
ASK_RHYTHM = "How often do you want to pay {amount} to {receiver}?"
RHYTHMS_MENU = "How Often"
SECTION_RHYTHMS = "How Often"
EVERY_DAY, EVERY_WEEK = "Every Day", "Every Week"
EVERY_WEEKS, EVERY_DAYS = "Every {count} Weeks", "Every {count} Days"
OTHER_RHYTHM, OTHER_RHYTHM_HINT = "Another Rhythm", "A number of days"
ASK_DAYS = "Every how many days do you want to pay? Please type a number from 1 to 365."
ASK_START = "When should the first payment be? Choose a day, or type one within a year from now, for example 5 March."
START_RULE = "That is no day I can take. Please type a day from today to a year from now, for example 5 March."
START_SLIPPED = "The first day is past by now, so I have put today in its place. Please look at it again."
TODAY, TOMORROW, IN_A_WEEK = "Today", "Tomorrow", "In a Week"
SIGN_RECURRING = (
    "Please check this recurring payment.\n{amount}, secured, {every}\nFirst on: {start}\nFrom: {source}\n"
    "To: {receiver}\nEach payment is taken from the secured balance on its day, until you end it. "
    "Do you want to sign and send it?"
)
SENDING_RECURRING = "Setting up the recurring payment..."
STILL_SETTING_UP = "I am still setting up the payment of {amount} to {receiver}, {every}. You need not do anything."
RECURRING_DROPPED = "You have cancelled. No recurring payment was set up."
RECURRING_SET_UP = (
    "You have set up a recurring payment: {amount}, secured, from {source} to {receiver}, {every}, first on {start}."
)
RECURRING_AGREED_FIRST = "It begins as soon as {receiver} has agreed."
RECURRING_NOT_SET_UP = "The recurring payment of {amount} to {receiver} was not set up."
RECURRING_UNSENT = "The recurring payment of {amount} to {receiver} was not sent. {ledger} Please try again later."
RECURRING_OFF = "Recurring payments are not open at the moment. Nothing was sent."
CHECKING_RECURRING = (
    "I do not know yet whether the recurring payment of {amount} from {source} to {receiver}, {every}, was set up. "
    "I am checking, which can take a few minutes, and will tell you. Please do not set it up again."
)
STILL_CHECKING_RECURRING = (
    "I am still checking whether the recurring payment of {amount} to {receiver} was set up. "
    "You need not do anything. I will tell you as soon as I know."
)
RECURRING_PARKED = (
    "I could not find out whether the recurring payment of {amount} from {source} to {receiver}, {every}, was set up. "
    "I have passed it on to our team, who will look into it. Please do not set it up again before. "
    "If you ask us about it, the reference is {reference}."
)
READING_RECURRING = "Looking at your recurring payments..."
NO_RECURRING = "I know of no recurring payment that was set up here from {account}."
PICK_RECURRING = "Recurring payments from {account}, as far as they were set up here. Choose one to end it."
RECURRING_UNREAD = "{ledger} I could not read your recurring payments. Please try again in a few minutes."
NEXT_PAYMENT_HINT = "{every}, next {start}, to {receiver}"
NOT_AGREED_HINT = "not agreed yet, {every}, to {receiver}"
RECURRING_PAYMENT = "{amount}, secured, {every}\nNext on: {start}\nTo: {receiver}"
SURE_END = "{payment}\nFrom: {account}\nDo you want to end this recurring payment?"
YES_END = "Yes, End It"
ENDING = "Ending the recurring payment..."
ENDED = "This recurring payment has ended:\n{payment}"
NOT_ENDED = "The recurring payment was not ended by this."
NO_SUCH_RECURRING = "The ledger does not know it."
RECURRING_ENDED_BEFORE = "It had ended before."
END_UNCLEAR = "I do not know yet whether the recurring payment has ended. I am looking it up..."
END_NOT_SEEN = (
    "I have looked: the ledger shows that the recurring payment goes on so far. "
    "You can confirm again that it is to end."
)
END_UNKNOWN = (
    "I could not find out whether the recurring payment has ended. You can confirm again that it is to end: "
    "it does no harm."
)

# Offering
ASK_AMOUNT = (
    "How much do you want to offer from {account}?\n"
    "Type an amount, for example 5 or 5 ZWG. Without a currency it is {denomination}."
)
OFFERING_TO = "To: @{handle}"
OFFERING_UNSECURED = "Unsecured: a promise to pay by a day you choose."
UNKNOWN_DENOMINATION = "I do not know that currency. You can use {denominations}."
TOO_MANY_DECIMALS = "{denomination} has at most {decimals}. Please type the amount again."
ONE_DECIMAL, MANY_DECIMALS = "decimal", "decimals"
AMOUNT_RULES = {
    AmountFault.NOT_AN_AMOUNT: (
        "That does not look like an amount. Please type a number, with a currency if you like: 5, 5 USD or ZWG 5."
    ),
    AmountFault.NO_NUMBER: (
        "That does not look like an amount, as there is no number in it. "
        "Please type a number, with a currency if you like: 5, 5 USD or ZWG 5."
    ),
    AmountFault.SEVERAL_NUMBERS: (
        "That does not look like an amount, as there is more than one number in it. "
        "Please type a number, with a currency if you like: 1234.50 or 5 USD."
    ),
    AmountFault.EXPONENT: (
        "That does not look like an amount. Please write the number out, without an exponent: 1000 and not 1e3."
    ),
    AmountFault.UNDERSCORE: (
        "That does not look like an amount. Please write the number without underscores: 1000 or 1,000."
    ),
    AmountFault.OTHER_DIGITS: "That does not look like an amount. Please use the digits 0 to 9 only.",
    AmountFault.SEPARATORS: "Please use a point for decimals, a comma only for thousands: 5.50 or 1,234.50.",
    AmountFault.TWO_DENOMINATIONS: "You named two currencies. Please name only one: 5 USD or ZWG 5.",
    AmountFault.NOT_POSITIVE: "The amount must be more than zero.",
    AmountFault.TOO_MANY_DECIMALS: "That amount has too many decimals.",
    AmountFault.TOO_LARGE: "That amount is too large.",
}
UNSECURED_NEEDS_TIER = (
    "Members of tier 1 cannot offer unsecured credex. With tier 3 you can: choose Upgrade here, or type upgrade."
)
WHICH_AMOUNT = "Did you mean {amounts}?"
OR = " or "
READINGS_MENU, SECTION_READINGS, READING_HINT = "Select Amount", "Amounts", "This is what I meant"
ANOTHER_AMOUNT = "Another Amount"
OVER_ALLOWANCE = (
    "Your membership lets you offer {left} more today, so {amount} is too much. The limit renews at midnight UTC."
)
NO_BALANCE = "{account} has no secured balance in {denomination}."
OVER_BALANCE = "{account} has {available} of secured balance, so it cannot offer {amount}."
ASK_HANDLE = (
    "Who do you want to offer {amount} to? Please type the handle of their account. "
    "Often it is their phone number with the country code, like 263771234567."
)
HANDLE_RULE = "A handle has 3 to 30 characters: letters a to z, numbers and underscores. For example: tariro_m"
LOOKING_UP = "Looking for @{handle}..."
STILL_LOOKING = "I am still looking for @{handle}. One moment please."
NO_SUCH_HANDLE = "No account has the handle @{handle}. Please check it and try again."
SAME_ACCOUNT = "@{handle} is the account you offer from. Please type the handle of another account."
OWN_HANDLE = "@{handle} is the account you act for now, so there is nobody to pay."
LOOK_UP_REFUSED = "I could not look up @{handle}. The ledger says: {reason}"
LOOK_UP_FAILED = "{ledger} Nothing was sent. Please type the handle again in a few minutes."
CONFIRM_OFFER = (
    "Please check your offer.\n{amount}, {terms}\nFrom: {issuer}\nTo: {receiver}\nDo you want to sign and send it?"
)
CONFIRM_PROMISE = (
    "Please check your offer.\n{amount}, {terms}\nFrom: {issuer}\nTo: {receiver}\n"
    "Unsecured means that you promise to pay by that day, and nothing backs the promise.\n"
    "Do you want to sign and send it?"
)
TERMS_PROMISED = "unsecured, due {day}"
SIGN = "Sign and Send"
DO_NOT_SIGN = "Cancel"
SENDING_OFFER = "Sending your offer..."
STILL_SENDING = "I am still sending your offer of {amount} to {receiver}. You need not do anything."
OFFER_MADE = "You offered {amount}, {terms}, from {issuer} to {receiver}."
OFFER_NOT_MADE = "Your offer of {amount} to {receiver} was not made."
OFFER_DROPPED = "You have cancelled. No offer was sent."
OFFER_UNSENT = "Your offer of {amount} to {receiver} was not sent. {ledger} Please try again in a few minutes."
CHECKING_OFFER = (
    "I do not know yet whether your offer of {amount} from {issuer} to {receiver} went through. "
    "I am checking with the ledger, which can take a few minutes, and will tell you. Please do not send it again."
)
STILL_CHECKING_OFFER = (
    "I am still checking whether your offer of {amount} to {receiver} went through. "
    "You need not do anything. I will tell you as soon as I know."
)
OFFER_SETTLED = "I have checked: your offer went through. You offered {amount}, {terms}, from {issuer} to {receiver}."
OFFER_NOT_FOUND = (
    "I have checked: your offer of {amount} to {receiver} was not made, or was declined before I could see it. "
    "Nothing was taken from your account. If you still want to make it, you can sign it again now."
)
OFFER_UNKNOWN = "I could not find out whether your offer of {amount} from {issuer} to {receiver} went through."
OFFER_PARKED = (
    "{told} I have passed it on to our team, who will look into it. "
    "Please look at your open offers before you make it again. If you ask us about it, the reference is {reference}."
)

# The day an unsecured offer is due
ASK_DUE = (
    "When will you pay the {amount} to {receiver}? Any day from {earliest} to {latest}.\n"
    "Choose one, or type it: {words}, {numbers} (the day first), 3 weeks or Friday."
)
DUE_MENU = "Select Day"
SECTION_DUE = "Due Days"
DUE_IN, ONE_WEEK, MANY_WEEKS = "In {weeks}", "week", "weeks"
_DUE_WINDOW = "An unsecured credex is due 7 to 34 days from today."
DUE_RULES = {
    DueFault.NOT_A_DATE: "I do not know what day that is. " + _DUE_WINDOW,
    DueFault.NO_SUCH_DAY: "There is no such day in the calendar. The day comes before the month. " + _DUE_WINDOW,
    DueFault.PAST: "{day} is past. " + _DUE_WINDOW,
    DueFault.TOO_SOON: "{day} is too soon. " + _DUE_WINDOW,
    DueFault.TOO_LATE: "{day} is too late. " + _DUE_WINDOW,
}
DUE_SLIPPED = "A new day has begun since you chose, and nothing was sent."

# Why the ledger refused
REFUSED_TIER_LIMIT = "It is more than your membership lets you offer today. The limit renews at midnight UTC."
REFUSED_NO_COVER = "The secured balance does not cover it."
REFUSED_NO_COVER_BUT = "The secured balance does not cover it. You can offer up to {available}."
REFUSED_DUE_DATE = "The ledger does not take that due date."
REFUSED_NOT_FOUND = "The ledger does not know that account or offer."
REFUSED_SAME_ACCOUNT = "An account cannot make an offer to itself."
REFUSED_NOT_ALLOWED = "You are not allowed to do that with this account."
REFUSED_DUPLICATE = "It exists already."
REFUSED_FULL = "No more members can be added to this account."
REFUSED_GONE = "The offer was answered before, was taken back or has expired."
REFUSED_OTHER = "The ledger says: {reason}"
REFUSED_UNSAID = "The ledger gave no reason."

# Accepting, declining, cancelling
OFFERS_MENU = "Select Offer"
SECTION_OFFERS = "Available Offers"
NO_OFFERS = "There are no offers for that at the moment."
PICK_ACCEPT = "Which offer to {account} do you want to accept?"
PICK_DECLINE = "Which offer to {account} do you want to decline?"
PICK_CANCEL = "Which offer from {account} do you want to cancel?"
OFFER_FROM, OFFER_TO = "from {counterparty}, {terms}", "to {counterparty}, {terms}"
TERMS_SECURED, TERMS_DUE, TERMS_UNSECURED = "secured", "due {day}", "unsecured"
REVIEW_INCOMING = "{amount}, {terms}\nFrom: {counterparty}\nTo: {account}"
REVIEW_OUTGOING = "{amount}, {terms}\nFrom: {account}\nTo: {counterparty}"
SURE_ACCEPT, SURE_DECLINE, SURE_CANCEL = (
    "Do you want to accept this offer?",
    "Do you want to decline this offer?",
    "Do you want to cancel this offer?",
)
YES_ACCEPT, YES_DECLINE, YES_CANCEL, GO_BACK = "Yes, Accept", "Yes, Decline", "Yes, Cancel Offer", "No, Go Back"
ACCEPTING, DECLINING, CANCELLING = "Accepting the offer...", "Declining the offer...", "Cancelling the offer..."
STILL_ANSWERING = "I am still working on the offer of {amount}. You need not do anything."
ACCEPTED = "{account} accepted the offer of {amount} from {counterparty}."
DECLINED = "{account} declined the offer of {amount} from {counterparty}."
CANCELLED = "{account} cancelled the offer of {amount} to {counterparty}."
NOT_ACCEPTED = "The offer of {amount} was not accepted."
NOT_DECLINED = "The offer of {amount} was not declined."
NOT_CANCELLED = "The offer of {amount} was not cancelled."
ANSWER_UNSENT = (
    "The offer of {amount} was left as it was, and nothing was sent. {ledger} Please try again in a few minutes."
)
_CHECKING = "I am checking with the ledger, which can take a few minutes, and will tell you. You need not do anything."
ACCEPT_UNCLEAR = "I do not know yet whether the offer of {amount} was accepted. " + _CHECKING
DECLINE_UNCLEAR = "I do not know yet whether the offer of {amount} was declined. " + _CHECKING
CANCEL_UNCLEAR = "I do not know yet whether the offer of {amount} was cancelled. " + _CHECKING
STILL_CHECKING_ANSWER = (
    "I am still checking what became of the offer of {amount}. "
    "You need not do anything. I will tell you as soon as I know."
)
ACCEPT_SETTLED = "I have checked: {account} has accepted the offer of {amount} from {counterparty}."
DECLINE_SETTLED = "I have checked: the offer of {amount} from {counterparty} is no longer open."
CANCEL_SETTLED = "I have checked: the offer of {amount} to {counterparty} is no longer open."
ANSWER_UNKNOWN = "I could not find out what became of the offer of {amount}."
ANSWER_PARKED = (
    "{told} I have passed it on to our team, who will look into it. "
    "If you ask us about it, the reference is {reference}."
)

# All open offers
BROWSE_OFFERS = "These are the open offers to and from {account}. Which one do you want to look at?"
NO_OPEN_OFFERS = "There are no open offers to or from {account} at the moment."
DO_ACCEPT, DO_DECLINE, DO_CANCEL, BACK_TO_OFFERS = "Accept", "Decline", "Cancel Offer", "Back to Offers"

# Accepting several offers at once
ACCEPT_ALL, ACCEPT_ALL_HINT = "Accept All", "{offers}, after one question"
ACCEPT_OLDEST_HINT = "The oldest {offers}, after one question"
CONFIRM_ALL = "Please check what you accept for {account}."
THE_OLDEST = "{waiting}. This is about the {count} oldest of them. The others come afterwards."
ONE_OFFER, MANY_OFFERS = "offer", "offers"
TOTAL = "{amount} in {offers}"
OF_THEM_SECURED = "Secured: {offers}"
OF_THEM_DUE = "Unsecured, due {day}: {offers}"
OF_THEM_DUE_WITHIN = "Unsecured, due between {first} and {last}: {offers}"
OF_THEM_UNDATED = "Unsecured, without a due date: {offers}"
SURE_ALL = (
    "Each offer is accepted for itself, so the others still count if one cannot be accepted. "
    "Do you want to accept all {count}?"
)
YES_ALL = "Yes, Accept All"
ACCEPTING_ALL = "Accepting {offers}..."
STILL_ACCEPTING_ALL = "I am still accepting {offers} for {account}. You need not do anything."
ALL_TOLD = "{account}: {told}."
N_ACCEPTED, N_ALREADY, N_FAILED = "{count} accepted", "{count} already accepted", "{count} not accepted"
N_STILL_OPEN, N_GONE = "{count} still open", "{count} no longer open"
NOT_AMONG_THEM = "These were not accepted. They may have been taken back or have expired:"
GONE_AMONG_THEM = "These are no longer open. They were declined, taken back or have expired:"
LISTED_OFFER, MORE_OFFERS = "{amount} from {counterparty}", "and {count} more"
ALL_NOT_ACCEPTED = "None of the {offers} was accepted."
ALL_GONE = (
    "I have checked: none of the {offers} was accepted, and none is open any more. "
    "They were declined, taken back or have expired."
)
ALL_UNSENT = "All offers were left as they were, and nothing was sent. {ledger} Please try again in a few minutes."
ALL_UNCLEAR = "I do not know yet which of the {offers} were accepted. " + _CHECKING
STILL_CHECKING_ALL = (
    "I am still checking which of the {offers} were accepted. "
    "You need not do anything. I will tell you as soon as I know."
)
ALL_SETTLED = "I have checked. {told}"
ALL_NOT_DONE = "I have checked: none of them was accepted. If you still want to, you can accept them now."
ALL_UNKNOWN = "I could not find out which of the {offers} were accepted."

# The account's ledger
ACCOUNT_LEDGER, ACCOUNT_LEDGER_HINT = "Account Ledger", "What was given and received"
ENTRIES_MENU = "Select Entry"
SECTION_ENTRIES = "Ledger"
ENTRIES_OF = "Ledger of {account}, newest first."
NO_ENTRIES = "The ledger of {account} is empty. What is accepted, by you or from you, will stand here."
ENTRIES_PAGE = "Page {page}"
ENTRIES_MOVED = "Much was added to the ledger meanwhile, so I begin again with the newest page."
LARGE_AMOUNT = "Large amount"
GIVEN, RECEIVED = "Given {amount}", "Received {amount}"
ENTRY_TO, ENTRY_FROM = "to {counterparty}, {at}", "from {counterparty}, {at}"
UNKNOWN_DATE = "date unknown"
READING_ENTRIES, READING_ENTRY = "Reading the ledger...", "Reading the entry..."
STILL_READING_ENTRIES = "I am still reading the ledger. One moment please."
STILL_READING_ENTRY = "I am still reading that entry. One moment please."
ENTRIES_REFUSED, ENTRY_REFUSED = "I could not read the ledger.", "I could not read that entry."
ENTRIES_UNREAD = "I could not read the ledger of your account. {ledger} Please try again in a few minutes."
ENTRY_UNREAD = "I could not read that entry. {ledger} Please try again in a few minutes."
BACK_TO_LEDGER = "Back to Ledger"
CREDEX_GIVEN, CREDEX_RECEIVED = "From: {account}\nTo: {counterparty}", "From: {counterparty}\nTo: {account}"
CREDEX_SECURED = "Secured"
CREDEX_DUE, CREDEX_UNSECURED = "Unsecured, due {day}", "Unsecured, due date unknown"
CREDEX_OFFERED = "Offered, and not answered yet"
CREDEX_REQUESTED = "Requested, and not answered yet"
CREDEX_OWED = "Accepted"
CREDEX_CLEARED = "Cleared: nothing of it is owed any more"
CREDEX_DECLINED = "Declined"
CREDEX_CANCELLED = "Cancelled"
OUTSTANDING, REDEEMED = "Still open: {amount}", "Cleared so far: {amount}"
DEFAULTED, WRITTEN_OFF = "Not paid when it was due: {amount}", "Written off: {amount}"
ACCEPTED_AT, DECLINED_AT, CANCELLED_AT = "Accepted: {at}", "Declined: {at}", "Cancelled: {at}"
IN_HARARE = "{at} in Harare"

# Tiers and upgrading
TIER, TIER_NAMED = "You are a member of tier {tier}.", "You are a member of tier {tier} ({name})."
TIER_NAMES = {1: "Open", 2: "Verified", 3: "Hustler", 4: "Entrepreneur"}
TIER_RIGHTS = {
    1: "You can offer secured credex.",
    2: "You can offer secured and unsecured credex.",
    3: "You can offer secured and unsecured credex, and open more accounts.",
    4: "You can offer secured and unsecured credex, open more accounts, and let other members act for them.",
}
TIER_DAILY = "Your daily limit is {daily}."
TIER_LEFT = "Left to offer today: {left}. The limit renews at midnight UTC, which is 02:00 in Harare."
TIER_UNLIMITED = "There is no daily limit on what you offer."
TIER_OFFERED = (
    "Tier 3 (Hustler) lets you offer secured and unsecured credex without a daily limit, and open more accounts. "
    "It costs {price} for 28 days, paid from the secured balance of your personal account, {account}."
)
TIER_NOT_PAYABLE = (
    "An upgrade is paid from a personal account of your own, and I see none. Please ask credex support for help."
)
UPGRADE_NOW = "Upgrade to Tier 3"
CONFIRM_UPGRADE = (
    "Please check your upgrade.\n{price}, secured, for 28 days as a member of tier 3 (Hustler)\nFrom: {account}\n"
    "It buys offers without a daily limit, unsecured offers, and more accounts.\nDo you want to sign and pay it?"
)
SIGN_UPGRADE = "Sign and Pay"
UPGRADE_DROPPED = "You have cancelled. Nothing was paid."
UPGRADING = "Upgrading your membership..."
STILL_UPGRADING = "I am still upgrading your membership for {price} from {account}. You need not do anything."
UPGRADED = "You are now a member of tier {tier}. You paid {price} from {account}."
NOT_UPGRADED = "Your upgrade was not done, and nothing was paid."
UPGRADE_NO_COVER = (
    "The secured balance of {account} does not cover {price}. To top it up, ask a member who holds secured USD to "
    "offer you some, accept it here, and then upgrade."
)
UPGRADED_SINCE = (
    "You have signed an upgrade since I read your figures, so nothing was paid now. I am reading them again."
)
UPGRADE_UNSENT = "Your upgrade was not sent, and nothing was paid. {ledger} Please try again in a few minutes."
UPGRADE_UNCLEAR = (
    "I do not know yet whether your upgrade for {price} from {account} went through. I am checking with the ledger, "
    "which can take a few minutes, and will tell you. Please do not send it again."
)
STILL_CHECKING_UPGRADE = (
    "I am still checking whether your upgrade for {price} went through. "
    "You need not do anything. I will tell you as soon as I know."
)
UPGRADE_SETTLED = "I have checked: your upgrade went through. You are now a member of tier 3."
UPGRADE_NOT_FOUND = (
    "I have checked: your upgrade was not done, and nothing was paid. If you still want it, you can sign it again now."
)
UPGRADE_UNKNOWN = "I could not find out whether your upgrade for {price} from {account} went through."
UPGRADE_PARKED = (
    "{told} I have passed it on to our team, who will look into it. Please do not upgrade again before you have heard "
    "from them. If you ask us about it, the reference is {reference}."
)

# Notices from other systems
NOTICE = "Hello {name}. {message}"
NOTICE_TYPED = "Send view to see the offers that wait for you."
NOTICE_VIEW = "Accept / View"
STILL_ASKED = "This question is still open."
NOTHING_WAITS = "No offers wait for your answer."

# Text messages
SMS_MORE, SMS_BACK = "More", "Back"
SMS_SIGN = "To sign reply PAY {code}"
SMS_CONFIRM = "To confirm reply OK {code}"
SMS_NEEDS_CODE = "Only the word with the code signs."
SMS_WRONG_CODE = "That is not the code of this question. Nothing was sent."
SMS_NOTHING_TO_SIGN = "There is nothing to sign now."
SMS_CODES_SPENT = "Three wrong codes, so this was cancelled. Nothing was sent. By SMS you can sign again in {hours}."
ONE_HOUR, MANY_HOURS = "hour", "hours"
SMS_RESTS = "After too many wrong codes nothing can be signed by SMS for some hours."
SMS_OFF = "This service does not answer text messages. Please write to us on WhatsApp."
SMS_ONLY_LOOKS = "By SMS you can look at your account, but not sign or change anything."
SMS_OVER_LIMIT = "By SMS you can sign for at most {limits}."
SMS_NO_REPEATS = "A payment that repeats cannot be set up by SMS."
SMS_NO_POWER = "Who may act for an account cannot be changed by SMS."
SMS_ELSEWHERE = "You can do it on WhatsApp."
SMS_HELP = "Credex: your account by SMS. Send MENU to begin, STOP to get no more notices, START to get them again."
SMS_STOPPED = "You will get no more notices from credex here. Send START to get them again."
SMS_STARTED = "You will get notices from credex here. Send MENU to see your account."
SMS_STAMP = "Ref {reference} {at}"
SMS_SECURED = "{account} secured {amounts}"
SMS_OWES, SMS_OWED, SMS_NET = "owes {amount}", "owed {amount}", "net {amount}"
SMS_LEFT = "Left today {amount}"

# One payment at a time
BUSY_SENDING = (
    "Your last request is still on its way, so nothing else can be signed yet. "
    "I will tell you how it ended, and then you can go on."
)
BUSY_CHECKING = (
    "I am still checking whether your last request went through, so nothing else can be signed yet. "
    "I will tell you as soon as I know, and then you can go on."
)

# Outcomes that come when the conversation has moved on
LATE_OFFER_MADE = "Your earlier offer went through."
LATE_ACCEPTED = "The offer you accepted earlier is now accepted."
LATE_SEVERAL_ACCEPTED = "The offers you accepted earlier are now accepted, as far as they were still open."
LATE_DECLINED = "The offer you declined earlier is now declined."
LATE_CANCELLED = "The offer you cancelled earlier is now cancelled."
LATE_UPGRADED = "Your upgrade went through. You are now a member of tier 3."
LATE_RECURRING_SET_UP = "The recurring payment you signed earlier is now set up."
LATE_RECURRING_NOT_SET_UP = "I have checked: the recurring payment you signed earlier was not set up."
LATE_RECURRING_CANCELLED = "The recurring payment you ended earlier has now ended."
LATE_ACCOUNT_OPENED = "The account you opened earlier is now open."
LATE_RENAMED = "The account you renamed earlier has its new name now."
LATE_AUTHORIZED = "The member you added earlier can now act for the account."
LATE_REVOKED = "The member you removed earlier can no longer act for the account."
LATE_ROUTED = "The member you chose earlier now hears of the account's offers."
LATE_OFFER_NOT_MADE = (
    "I have checked: your earlier offer was not made, or was declined before I could see it. "
    "If you still want to make it, please begin again."
)
LATE_NOT_ANSWERED = "I have checked: what you wanted to do with an offer earlier was not done. You can try it again."
LATE_OFFER_GONE = "I have checked: the offer you answered earlier was answered before, was taken back or has expired."
LATE_NO_LONGER_OPEN = "I have checked: the offer you declined or cancelled earlier is no longer open."
LATE_NOT_UPGRADED = "I have checked: your upgrade was not done, and nothing was charged. You can try it again."
LATE_PARKED = (
    "I could not find out whether your earlier request went through. I have passed it on to our team, who will look "
    "into it. If you ask us about it, the reference is {reference}."
)

pair(globals(), vars(briefs))
