"""The Django app of people."""

from firstcall.journal.house import Room


class People(Room):
    name = "firstcall.people"
    label = "people"
