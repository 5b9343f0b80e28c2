"""What may break a rule of the house, each with its reason. An entry nobody needs any more fails its test."""

# File in src, or file::function: tables and parsers only.
LONG: dict[str, str] = {"src/firstcall/respond/events.py": "A table: one entry a journal kind, each with its sentence."}

# Queries over rows that belong to an incident, without a viewer.
WITHOUT_VIEWER: dict[str, str] = {
    "src/firstcall/journal/queries/entry.py::news_after": "Positions and topics only; the hub asks who may follow.",
    "src/firstcall/desk/drill.py::drill": "A game day is a plan for everybody; its room asks who looks by itself.",
    "src/firstcall/desk/drill.py::drills": "A game day is a plan for everybody; its room asks who looks by itself.",
    "src/firstcall/ready/queries/readiness.py::readiness": "Only that a flow was in a drill, nothing of its room.",
    "src/firstcall/respond/queries/page.py::page_of_token": "The token is the permission: one person's, for one page.",
}

# Packages of requirements/run.in that no file imports.
NOT_IMPORTED: dict[str, str] = {
    "argon2-cffi": "Django's password hasher of that name imports it.",
    "tzdata": "The zones of the standard library, on machines that have none.",
    "uvloop": "uvicorn imports it: the front door names it as its loop.",
}
