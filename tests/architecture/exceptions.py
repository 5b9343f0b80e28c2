"""What may break a rule of the house, each with its reason. An entry nobody needs any more fails its test."""

# File in src, or file::function: tables and parsers only.
LONG: dict[str, str] = {"src/firstcall/respond/events.py": "A table: one entry a journal kind, each with its sentence."}

# Queries over rows that belong to an incident, without a viewer.
WITHOUT_VIEWER: dict[str, str] = {
    "src/firstcall/journal/queries/entry.py::news_after": "Positions and topics only; the hub asks who may follow.",
    "src/firstcall/desk/drill.py::drill": "A game day is a plan for everybody; its room asks who looks by itself.",
    "src/firstcall/desk/drill.py::drills": "A game day is a plan for everybody; its room asks who looks by itself.",
    "src/firstcall/ready/queries/readiness.py::readiness": "Only that a flow was in a drill, nothing of its room.",
    "src/firstcall/respond/queries/incident.py::gravest_open": "What alerts join by themselves: nobody reads.",
    "src/firstcall/respond/queries/page.py::page_of_token": "The token is the permission: one person's, for one page.",
}

# Queries over many incidents, or what hangs on them, that do not leave practice out.
PRACTICE_TOO: dict[str, str] = {
    "src/firstcall/desk/drill.py::drills": "The game days themselves.",
    "src/firstcall/desk/drill.py::_room": "The room of one game day.",
    "src/firstcall/desk/drill.py::_findings": "What one game day showed.",
    "src/firstcall/desk/facts.py::_to_call": "Of the one incident whose standing it is given.",
    "src/firstcall/detect/queries/group.py::seen_groups": "Alerts are real: none belongs to practice.",
    "src/firstcall/detect/queries/provider_status.py::said_lately": "What providers say is real.",
    "src/firstcall/detect/queries/report.py::reports_waiting": "Reports without an incident, or of one's own.",
    "src/firstcall/detect/queries/report.py::reports_of_customer": "What a customer said is real.",
    "src/firstcall/detect/queries/report.py::incident_of": "The incident of one report.",
    "src/firstcall/journal/queries/entry.py::news_after": "That something happened, for open pages; no figure.",
    "src/firstcall/journal/queries/entry.py::newest_beside_incidents": "What was prepared, of no incident.",
    "src/firstcall/learn/queries/action.py::open_actions": "What a game day showed is to be done in earnest.",
    "src/firstcall/learn/queries/readiness.py::readiness_now": "Actions of a game day are to be done in earnest.",
    "src/firstcall/reactions/group_paged.py::_open_for": "Groups of one thing; what they may join is asked elsewhere.",
    "src/firstcall/reactions/group_paged.py::group_paged": "Of one group; what it may join is asked elsewhere.",
    "src/firstcall/reactions/group_recovered.py::group_recovered": "The one incident of a group.",
    "src/firstcall/reactions/severity_rule_changed.py::severity_rule_changed": "Pages of practice wait, too.",
    "src/firstcall/reactions/still_firing.py::still_firing": "The alerts of one incident.",
    "src/firstcall/ready/queries/readiness.py::readiness": "That a flow had its game day is what it asks.",
    "src/firstcall/ready/queries/severity_rule.py::history": "Changes of the severity table, of no incident.",
    "src/firstcall/respond/queries/call_back.py::call_backs_of": "Promises to a customer; practice makes none.",
    "src/firstcall/respond/queries/incident.py::open_incidents": "Lists rooms, each with the word Practice.",
    "src/firstcall/respond/queries/incident.py::resolved_incidents": "Lists rooms that are over; counts none.",
    "src/firstcall/respond/queries/incident.py::past_incidents": "Lists rooms, each with the word Practice.",
}

# Packages of requirements/run.in that no file imports.
NOT_IMPORTED: dict[str, str] = {
    "argon2-cffi": "Django's password hasher of that name imports it.",
    "tzdata": "The zones of the standard library, on machines that have none.",
    "uvloop": "uvicorn imports it: the front door names it as its loop.",
}
