"""Journal kinds of people."""

from django.utils.translation import gettext_lazy as _

from firstcall.journal.kinds import kind

FIRST_ACCOUNT = kind("account.first_made", _("{by} made the first account"), glyph="person", filter="people")
INVITED = kind("person.invited", _("{by} invited {name} as {access}"), glyph="person", filter="people")
PEOPLE_ADDED = kind(
    "people.added", _("{by} added people without inviting them: {names}"), glyph="person", filter="people"
)
WAYS_NOTED = kind("people.ways_noted", _("{by} noted how people are reached: {names}"), glyph="person", filter="people")
JOINED = kind("person.joined", _("{by} joined"), glyph="person", filter="people")
ACCESS_CHANGED = kind(
    "access.changed", _("{by} changed the access of {name} to {access}"), glyph="person", filter="people"
)
DEACTIVATED = kind("person.left", _("{by} closed the account of {name}"), glyph="person", filter="people")
PROFILE_CHANGED = kind("profile.changed", _("{by} changed their profile"), glyph="person", filter="people")
QUIET_CHANGED = kind("quiet.changed", _("{by} changed their quiet hours: {hours}"), glyph="clock", filter="people")
CONTACT_ADDED = kind("contact.added", _("{by} added a way to be reached: {label}"), glyph="person", filter="people")
CONTACT_VERIFIED = kind("contact.verified", _("{by} verified {label}"), glyph="check", filter="people")
CONTACT_REMOVED = kind("contact.removed", _("{by} removed {label}"), glyph="person", filter="people")
INVITED_AGAIN = kind(
    "person.invited_again", _("{by} sent {name} the invitation again"), glyph="person", filter="people"
)
RETURNED = kind("person.returned", _("{by} opened the account of {name} again"), glyph="person", filter="people")
LET_IN = kind(
    "person.let_in", _("{name} was given a link to sign in anew, on the server"), glyph="person", filter="people"
)
SIGNED_IN = kind("signin.made", _("{by} signed in with {device}"), glyph="person", filter="people")
SLOWED = kind("signin.slowed", _("Wrong tries to sign in as {name}: each now waits longer"), filter="machine")
SESSION_ENDED = kind("session.ended", _("{by} ended a session of {name}"), glyph="person", filter="people")
SESSIONS_ENDED = kind("session.all_ended", _("{by} ended {n} sessions of {name}"), glyph="person", filter="people")
PASSWORD_CHANGED = kind("password.changed", _("{by} changed their password"), glyph="person", filter="people")
FACTOR_ON = kind("factor.turned_on", _("{by} turned on the second factor"), glyph="check", filter="people")
FACTOR_OFF = kind(
    "factor.turned_off", _("{by} turned off the second factor of {name}"), glyph="person", filter="people"
)
CODES_MADE = kind("factor.codes_made", _("{by} made new recovery codes"), glyph="person", filter="people")
CODE_USED = kind("factor.code_used", _("{by} used a recovery code"), glyph="person", filter="people")
TEAM_MADE = kind("team.made", _("{by} made the team {name}: {members}"), glyph="person", filter="people")
TEAM_CHANGED = kind("team.changed", _("{by} changed the team {name}: {members}"), glyph="person", filter="people")
TOKEN_MADE = kind("token.made", _("{by} made a token for programs: {name}"), glyph="person", filter="people")
TOKEN_ENDED = kind("token.ended", _("{by} ended the token {name}"), glyph="person", filter="people")
