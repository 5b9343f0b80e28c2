"""Whether anybody is there to hear words, and what to say when nobody is: a word to nobody is no word."""

from __future__ import annotations

from collections.abc import Collection

from firstcall.kernel.say import Say, Term, say
from firstcall.kernel.say import mark as _

ACCOUNTS = {"support": "support", "leadership": "stakeholder"}
LIAISON = {"support": "support_liaison", "leadership": "leadership_liaison"}
NAMES = {"inside": _("Team"), "support": _("Support"), "leadership": _("Leadership")}


def is_heard(audience: str, *, shown: bool, accesses: Collection[str], roles: Collection[str]) -> bool:
    """Whether words to this audience reach anybody.

    `shown`: a status page shows what is hit; `accesses` are those of the people who may see the incident, `roles` those
    held in it. The team always hears: whoever writes is of it.
    """
    if audience == "public":
        return shown
    if audience not in ACCOUNTS:
        return True
    return ACCOUNTS[audience] in accesses or LIAISON[audience] in roles


def nobody_hears(audience: str, flow: str) -> Say:
    """Why nobody would hear: 'No status page shows Checkout.'"""
    if audience == "public":
        return say(_("No status page shows {flow}."), flow=flow) if flow else say(_("There is no status page."))
    return say(_("Nobody of {who} is named."), who=Term(NAMES[audience]))


def what_to_do(audience: str) -> str:
    """The sentence that follows it in a refusal."""
    if audience == "public":
        return _("Make one first, or leave the public out.")
    return _("Name someone first, or leave them out.")


# Whoever writes from such an address has no company in it.
ANYBODYS = ("gmail", "googlemail", "outlook", "hotmail", "live", "icloud", "me", "yahoo", "aol", "gmx", "web", "proton",
            "protonmail", "mail", "example", "localhost")  # fmt: skip


def company_of(address: str) -> str:
    """What the company of a mail address is likely called: 'Tillhouse' of ada@tillhouse.example; empty: no telling."""
    labels = address.rpartition("@")[2].casefold().split(".")
    name = labels[-2] if len(labels) > 1 else ""
    if name in ("co", "com", "org", "net", "ac") and len(labels) > 2:  # tillhouse.co.uk
        name = labels[-3]
    return "" if name in ANYBODYS else name.capitalize()
