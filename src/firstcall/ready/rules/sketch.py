"""Sketches: what a business of a kind usually must not let stop, to keep, rename or strike out.

No money, no numbers of users and nobody's name: what only the business itself knows stays not known.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from firstcall.kernel.say import mark as _


@dataclass(frozen=True, slots=True)
class SketchFlow:
    """`peak`: (ISO weekdays, from hour, to hour) as people of this kind of business usually name it, or None.

    `needs` are keys of parts and providers of the same sketch.
    """

    key: str
    name: str
    criticality: str
    stops: str
    symptom: str
    say_customers: str
    needs: tuple[str, ...]
    peak: tuple[str, int, int] | None = None


@dataclass(frozen=True, slots=True)
class SketchPart:
    """A part of ours and what it needs, by key."""

    key: str
    name: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SketchProvider:
    """A third party by what it does; `ring` is the question that stays open until somebody answers it."""

    key: str
    name: str
    ring: str


@dataclass(frozen=True, slots=True)
class Sketch:
    """One kind of business."""

    key: str
    name: str
    flows: tuple[SketchFlow, ...]
    parts: tuple[SketchPart, ...]
    providers: tuple[SketchProvider, ...]

    @property
    def needing(self) -> list[tuple[str, tuple[str, ...]]]:
        """Every part and flow with what it needs, by key."""
        return [(one.key, one.needs) for one in self.parts] + [(one.key, one.needs) for one in self.flows]

    @property
    def keys(self) -> frozenset[str]:
        """Of everything that can be kept."""
        return frozenset(row.key for rows in (self.flows, self.parts, self.providers) for row in rows)


CARDS = SketchProvider("cards", _("Card payments provider"), _("For the night card payments fail: whom do you ring?"))
BANK = SketchProvider("bank", _("Bank"), _("For the night transfers hang: whom do you ring at the bank?"))
CLOUD = SketchProvider("cloud", _("Hosting"), _("For the night the servers are gone: whom do you ring?"))
MAIL = SketchProvider("mail", _("Mail delivery"), _("For the night no mail arrives: whom do you write to?"))
TEXTS = SketchProvider("texts", _("Text messages"), _("For the night no code arrives: whom do you ring?"))
IDENTITY = SketchProvider(
    "identity", _("Identity check"), _("For the night nobody can be identified: whom do you ring?")
)
SCORING = SketchProvider("scoring", _("Credit bureau"), _("For the night no score arrives: whom do you ring?"))
PARCELS = SketchProvider("parcels", _("Parcel service"), _("For the night no label prints: whom do you ring?"))
CALENDAR = SketchProvider(
    "channel", _("Booking channel"), _("For the night the channel books twice: whom do you ring?")
)

SIGN_IN = SketchFlow(
    "sign-in", _("Sign in"), "critical", _("Nobody gets in."), _("The right password is refused, or no code arrives."),
    _("Signing in fails for some of you at the moment. Your data is not affected."), ("accounts",),
)  # fmt: skip
ACCOUNTS = SketchPart("accounts", _("Accounts"), ("mail", "texts", "cloud"))

SKETCHES: tuple[Sketch, ...] = (
    Sketch(
        "payments", _("Payments"),
        (
            SketchFlow(
                "pay", _("Take a payment"), "critical", _("Shops can not be paid."),
                _("Payments are declined or time out."), _("Payments are failing for some of you at the moment."),
                ("payments",), ("56", 16, 22),
            ),
            SketchFlow(
                "payout", _("Pay out"), "critical", _("Shops do not get their money."),
                _("A payout is late or missing."),
                _("Payouts are late today. No money is lost."), ("payments", "ledger"),
            ),
            SketchFlow(
                "refund", _("Refund"), "important", _("Refunds wait."), _("A refund does not arrive."),
                _("Refunds take longer than usual. They are not lost."), ("payments",),
            ),
            SIGN_IN,
        ),
        (
            SketchPart("payments", _("Payments service"), ("cards", "ledger", "cloud")),
            SketchPart("ledger", _("Ledger"), ("bank", "cloud")), ACCOUNTS,
        ),
        (CARDS, BANK, CLOUD, MAIL, TEXTS),
    ),
    Sketch(
        "lending", _("Lending"),
        (
            SketchFlow(
                "apply", _("Apply for a loan"), "critical", _("Nobody can apply."),
                _("The form stops or never answers."),
                _("Applying does not work at the moment. What you typed is kept where we could keep it."),
                ("applications",), ("12345", 17, 21),
            ),
            SketchFlow(
                "pay-loan", _("Pay out a loan"), "critical", _("Borrowers wait for their money."),
                _("A loan was promised and no money came."), _("Loans are paid out later than usual today."),
                ("loans",),
            ),
            SketchFlow(
                "collect", _("Collect instalments"), "important", _("Instalments are not booked."),
                _("An instalment is missing or was taken twice."),
                _("Instalments are booked late. Nobody is charged for being late because of it."), ("loans",),
            ),
            SIGN_IN,
        ),
        (
            SketchPart("applications", _("Applications"), ("scoring", "identity", "cloud")),
            SketchPart("loans", _("Loan books"), ("bank", "cloud")), ACCOUNTS,
        ),
        (SCORING, IDENTITY, BANK, CLOUD, MAIL, TEXTS),
    ),
    Sketch(
        "shop", _("Shop"),
        (
            SketchFlow(
                "checkout", _("Checkout"), "critical", _("Nobody can buy."), _("The basket is full and paying fails."),
                _("Paying does not work for some of you at the moment. Your basket is kept."), ("shop", "orders"),
                ("567", 17, 22),
            ),
            SketchFlow(
                "browse", _("Find a product"), "critical", _("The shop looks closed."), _("Pages are slow or empty."),
                _("Our shop is slow or does not open for some of you at the moment."), ("shop",),
            ),
            SketchFlow(
                "send", _("Send an order"), "important", _("Parcels leave a day later."),
                _("An order is paid and nothing is sent."), _("Orders leave later than usual. None is lost."),
                ("orders", "parcels"),
            ),
            SketchFlow(
                "order-mail", _("Order confirmation"), "minor", _("Buyers ask whether it worked."),
                _("No confirmation arrives."), _("Confirmations come late. Your order is safe."), ("orders", "mail"),
            ),
        ),
        (SketchPart("shop", _("Web shop"), ("cloud",)), SketchPart("orders", _("Orders"), ("cards", "cloud"))),
        (CARDS, PARCELS, MAIL, CLOUD),
    ),
    Sketch(
        "booking", _("Booking"),
        (
            SketchFlow(
                "book", _("Book"), "critical", _("Nobody can book."), _("The date is free and booking fails."),
                _("Booking does not work for some of you at the moment."), ("bookings",), ("67", 16, 22),
            ),
            SketchFlow(
                "arrive", _("Arrive with a booking"), "critical", _("Guests stand at the door."),
                _("A booking can not be found."), _("Some bookings can not be shown at the moment. They are valid."),
                ("bookings",),
            ),
            SketchFlow(
                "cancel", _("Change or cancel"), "important", _("Guests ring instead."),
                _("A change is not taken."), _("Changes can not be made at the moment. We count the time you asked."),
                ("bookings", "mail"),
            ),
            SIGN_IN,
        ),
        (SketchPart("bookings", _("Bookings"), ("cards", "channel", "cloud")), ACCOUNTS),
        (CARDS, CALENDAR, MAIL, TEXTS, CLOUD),
    ),
    Sketch(
        "software", _("Software with sign-in"),
        (
            SIGN_IN,
            SketchFlow(
                "work", _("Open and save work"), "critical", _("Nobody can work."), _("Pages do not load or save."),
                _("Our service is slow or does not save for some of you at the moment."), ("app",),
                ("12345", 9, 17),
            ),
            SketchFlow(
                "api", _("API for customers"), "important", _("Customers’ own systems stand still."),
                _("Calls fail or time out."), _("Our API answers with errors for some of you at the moment."), ("app",),
            ),
            SketchFlow(
                "join", _("Sign up and pay"), "important", _("Nobody new comes in."),
                _("A card is refused at sign-up."),
                _("Signing up does not work at the moment."), ("app", "cards"),
            ),
        ),
        (SketchPart("app", _("Application"), ("cloud",)), ACCOUNTS),
        (CLOUD, CARDS, MAIL, TEXTS),
    ),
)  # fmt: skip


def sketch_called(key: str) -> Sketch | None:
    """The sketch of a kind of business, or None."""
    return next((one for one in SKETCHES if one.key == key), None)


def kept_needs(sketch: Sketch, kept: Collection[str]) -> list[tuple[str, str]]:
    """(who needs, what is needed) among what was kept. A part struck out hands what it needs on to who needed it."""
    below = dict(sketch.needing)
    found: list[tuple[str, str]] = []
    for key in below:
        if key not in kept:
            continue
        waiting, seen = list(below[key]), set[str]()
        while waiting:
            needed = waiting.pop(0)
            if needed in seen:
                continue
            seen.add(needed)
            if needed in kept:
                found.append((key, needed))
            else:
                waiting.extend(below.get(needed, ()))
    return found
