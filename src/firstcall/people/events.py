"""Journal kinds of people."""

from django.utils.translation import gettext_lazy as _

from firstcall.journal.kinds import kind

FIRST_ACCOUNT = kind("account.first_made", _("{by} made the first account"), glyph="person", filter="people")
INVITED = kind("person.invited", _("{by} invited {name} as {access}"), glyph="person", filter="people")
JOINED = kind("person.joined", _("{by} joined"), glyph="person", filter="people")
ACCESS_CHANGED = kind(
    "access.changed", _("{by} changed the access of {name} to {access}"), glyph="person", filter="people"
)
DEACTIVATED = kind("person.left", _("{by} closed the account of {name}"), glyph="person", filter="people")
PROFILE_CHANGED = kind("profile.changed", _("{by} changed their profile"), glyph="person", filter="people")
CONTACT_ADDED = kind("contact.added", _("{by} added a way to be reached: {label}"), glyph="person", filter="people")
CONTACT_VERIFIED = kind("contact.verified", _("{by} verified {label}"), glyph="check", filter="people")
CONTACT_REMOVED = kind("contact.removed", _("{by} removed {label}"), glyph="person", filter="people")
