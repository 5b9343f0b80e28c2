"""What came from a file is changed in its file: every command that touches such a row refuses, or is listed here."""

from __future__ import annotations

import datetime as dt
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from firstcall.journal.models.entry import Entry
from firstcall.kernel.actor import MACHINE
from firstcall.kernel.refusal import Refused
from firstcall.ready import commands
from firstcall.ready.commands.calendar import add_calendar
from firstcall.ready.commands.change import remove_release_window
from firstcall.ready.commands.component import add_dependency, remove_dependency
from firstcall.ready.commands.customer import change_customer, end_customer, remove_contact, set_contact
from firstcall.ready.commands.duty import remove_duty, set_duty
from firstcall.ready.commands.flow import change_flow
from firstcall.ready.commands.hours_import import forget_hours
from firstcall.ready.commands.lane import add_lane, remove_lane
from firstcall.ready.commands.owner import give_owner
from firstcall.ready.commands.part import change_part, remove_part
from firstcall.ready.commands.path import Step, choose_path, set_path
from firstcall.ready.commands.schedule import Layer, remove_schedule, set_schedule
from firstcall.ready.models.change import ReleaseWindow
from firstcall.ready.models.component import Component
from firstcall.ready.models.customer import Contact, Customer
from firstcall.ready.models.dependency import Dependency
from firstcall.ready.models.duty import Duty
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.lane import Lane
from firstcall.ready.models.path import EscalationPath
from firstcall.ready.models.schedule import Schedule
from tests.cast import make_person

NOW = dt.datetime(2026, 11, 20, 22, tzinfo=dt.UTC)
SAY: dict[str, Any] = {"by": MACHINE, "now": NOW}
FILE = {"origin": "catalog.yaml"}
# What such a row hangs on, by the names that annotations use.
ROWS = {
    "Flow", "Component", "Provider", "EscalationPath", "Schedule", "Customer", "Contact", "Dependency", "Duty", "Lane",
    "ReleaseWindow", "Row",
}  # fmt: skip

# Commands that take such a row and may change something all the same, each with its reason.
MAY = {
    "accept_duty": "A person says that they take it: that is no fact of the file.",
    "add_customer": "A new row; the flows stay as they are.",
    "add_override": "Overrides are no part of a file.",
    "ask_swap": "A swap becomes overrides, which are no part of a file.",
    "confirm": "That it holds until a day is kept by hand in every file.",
    "keep_preview": "A file that is only looked at; importing it refuses.",
    "make_link": "An address to follow changes nothing of the schedule.",
    "note_change": "What was released is no part of a file.",
    "plan_drill": "A game day is no part of a file.",
    "set_release_window": "A new row; the flow or the part stays as it is.",
}


@pytest.fixture
def filed(db: None) -> dict[str, Any]:
    """One of everything, all from a file."""
    ada, ben = make_person("Ada", "admin"), make_person("Ben", "responder")  # type: ignore[arg-type]
    schedule = Schedule.objects.create(name="Night", zone="UTC", **FILE)
    path = EscalationPath.objects.create(name="Path", **FILE)
    flow = Flow.objects.create(slug="checkout", name="Checkout", path=path, sketched=True, **FILE)
    part = Component.objects.create(slug="pay", name="Pay", **FILE)
    customer = Customer.objects.create(name="Bakery Union", **FILE)
    return {
        "ada": ada, "ben": ben, "schedule": schedule, "path": path, "flow": flow, "part": part, "customer": customer,
        "edge": Dependency.objects.create(flow=flow, component=part, **FILE),
        "contact": Contact.objects.create(customer=customer, name="Eve"),
        "duty": Duty.objects.create(role="owner", user=ada, **FILE),
        "lane": Lane.objects.create(path=path, kind="leadership", severity=1, user=ben),
        "window": ReleaseWindow.objects.create(
            days="12345", starts=dt.time(9), ends=dt.time(16), zone="UTC", component=part, **FILE
        ),
        "hand": EscalationPath.objects.create(name="By hand"),
    }  # fmt: skip


ICS = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR\r\n"
Filed = dict[str, Any]
REFUSES: dict[str, Callable[[Filed], object]] = {
    "add_calendar": lambda f: add_calendar(schedule=f["schedule"], name="x", body=ICS, **SAY),
    "add_dependency": lambda f: add_dependency(needs=f["flow"], needed=f["part"], hard=False, **SAY),
    "add_lane": lambda f: add_lane(path=f["path"], kind="leadership", target=f["ben"], **SAY),
    "change_customer": lambda f: change_customer(customer=f["customer"], phone="1", **SAY),
    "change_flow": lambda f: change_flow(flow=f["flow"], stops="x", **SAY),
    "change_part": lambda f: change_part(part=f["part"], name="x", **SAY),
    "choose_path": lambda f: choose_path(flow=f["flow"], severity=1, path=f["hand"], **SAY),
    "end_customer": lambda f: end_customer(customer=f["customer"], **SAY),
    "give_owner": lambda f: give_owner(rows=[f["hand"], f["part"]], owner=f["ben"], **SAY),
    "forget_hours": lambda f: forget_hours(flow=f["flow"], **SAY),
    "remove_contact": lambda f: remove_contact(contact=f["contact"], **SAY),
    "remove_dependency": lambda f: remove_dependency(dependency=f["edge"], **SAY),
    "remove_duty": lambda f: remove_duty(duty=f["duty"], **SAY),
    "remove_lane": lambda f: remove_lane(lane=f["lane"], **SAY),
    "remove_part": lambda f: remove_part(part=f["part"], **SAY),
    "remove_release_window": lambda f: remove_release_window(window=f["window"], **SAY),
    "remove_schedule": lambda f: remove_schedule(schedule=f["schedule"], **SAY),
    "set_contact": lambda f: set_contact(customer=f["customer"], name="Dana", **SAY),
    "set_duty": lambda f: set_duty(role="owner", holder=f["ben"], duty=f["duty"], **SAY),
    "set_path": lambda f: set_path(name="x", steps=[Step(f["ben"])], path=f["path"], **SAY),
    "set_schedule": lambda f: set_schedule(
        name="x", zone="UTC", layers=[Layer((f["ben"],), dt.time(9), NOW.date())], schedule=f["schedule"], **SAY
    ),
}


def touching() -> Iterator[str]:
    """Every command of ready that is given such a row."""
    for found in pkgutil.iter_modules(commands.__path__):
        module = importlib.import_module(f"firstcall.ready.commands.{found.name}")
        for name, made in inspect.getmembers(module, inspect.isfunction):
            taken = inspect.signature(made).parameters
            words = set(" ".join(str(one.annotation) for one in taken.values()).replace("|", " ").replace("[", " ")
                        .replace("]", " ").split())  # fmt: skip
            if made.__module__ == module.__name__ and not name.startswith("_") and words & ROWS and "now" in taken:
                yield name


def everything() -> list[Any]:
    models = (Schedule, EscalationPath, Flow, Component, Customer, Dependency, Contact, Duty, Lane, ReleaseWindow)
    return [list(model._base_manager.order_by("pk").values()) for model in models]


def test_every_command_is_known() -> None:
    found = set(touching())
    assert found - REFUSES.keys() - MAY.keys() == set()
    assert (REFUSES.keys() | MAY.keys()) - found == set()


@pytest.mark.parametrize("name", REFUSES)
def test_it_refuses_what_came_from_a_file(filed: Filed, name: str) -> None:
    before = everything()
    with pytest.raises(Refused) as refused:
        REFUSES[name](filed)
    assert refused.value.sentence == "This comes from catalog.yaml: change it there and apply the file again."
    assert everything() == before
    assert Entry.objects.count() == 0


def test_a_path_made_by_hand_takes_no_flow_from_a_file(filed: Filed) -> None:
    with pytest.raises(Refused):
        set_path(name="By hand", steps=[Step(filed["ben"])], path=filed["hand"], flows=[filed["flow"]], **SAY)
    filed["flow"].refresh_from_db()
    assert filed["flow"].path == filed["path"] and not filed["hand"].steps.exists()
    assert Entry.objects.count() == 0
