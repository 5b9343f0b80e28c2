"""The Django app of the web room: base templates, static files, commands."""

from firstcall.journal.house import Room


class Web(Room):
    name = "firstcall.web"
    label = "web"
