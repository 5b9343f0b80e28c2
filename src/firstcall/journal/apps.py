"""The Django app of journal."""

from firstcall.journal.house import Room


class Journal(Room):
    name = "firstcall.journal"
    label = "journal"
