"""The Django app of respond."""

from firstcall.journal.house import Room


class Respond(Room):
    name = "firstcall.respond"
    label = "respond"
