"""Journal kinds of ready."""

from django.utils.translation import gettext_lazy as _

from firstcall.journal.kinds import kind

FLOW_REGISTERED = kind("flow.registered", _("{by} registered the flow {name}"), glyph="pin", filter="people")
FLOW_CHANGED = kind("flow.changed", _("{by} changed the flow {name}"), glyph="pin", filter="people")
COMPONENT_ADDED = kind("component.added", _("{by} added the component {name}"), glyph="pin", filter="people")
COMPONENT_CHANGED = kind("component.changed", _("{by} changed the component {name}"), glyph="pin", filter="people")
PROVIDER_ADDED = kind("provider.added", _("{by} added the provider {name}"), glyph="pin", filter="people")
PROVIDER_CHANGED = kind("provider.changed", _("{by} changed the provider {name}"), glyph="pin", filter="people")
COMPONENT_REMOVED = kind("component.removed", _("{by} removed the component {name}"), glyph="pin", filter="people")
PROVIDER_REMOVED = kind("provider.removed", _("{by} removed the provider {name}"), glyph="pin", filter="people")
DEPENDENCY_ADDED = kind("dependency.added", _("{by} noted that {needs} needs {needed}"), glyph="pin", filter="people")
DEPENDENCY_REMOVED = kind(
    "dependency.removed", _("{by} noted that {needs} no longer needs {needed}"), glyph="pin", filter="people"
)
SCHEDULE_MADE = kind("schedule.made", _("{by} made the schedule {name}"), glyph="clock", filter="people")
SCHEDULE_CHANGED = kind("schedule.changed", _("{by} changed the schedule {name}"), glyph="clock", filter="people")
OVERRIDE_ADDED = kind(
    "override.added", _("{by} put {name} on call for {schedule} for a while"), glyph="clock", filter="people"
)
SCHEDULE_REMOVED = kind("schedule.removed", _("{by} removed the schedule {name}"), glyph="clock", filter="people")
OVERRIDE_REMOVED = kind(
    "override.removed", _("{by} ended what put {name} on call for {schedule}"), glyph="clock", filter="people"
)
CALENDAR_ADDED = kind(
    "calendar.added", _("{by} made the calendar {name} a layer of {schedule}"), glyph="clock", filter="people"
)
CALENDAR_LINK_MADE = kind(
    "calendar_link.made", _("{by} made a calendar address for {what}"), glyph="clock", filter="people"
)
CALENDAR_LINK_ENDED = kind(
    "calendar_link.ended", _("{by} ended a calendar address for {what}"), glyph="clock", filter="people"
)
SWAP_ASKED = kind(
    "swap.asked", _("{by} asked {asked} to take a shift of {asker} in {schedule}"), glyph="clock", filter="people"
)
SWAP_ACCEPTED = kind(
    "swap.accepted", _("{asked} takes a shift of {asker} in {schedule}"), glyph="clock", filter="people"
)
SWAP_ENDED = kind(
    "swap.ended", _("{asked} does not take the shift of {asker} in {schedule}: {words}"), glyph="clock", filter="people"
)
PATH_MADE = kind("path.made", _("{by} made the escalation path {name}"), glyph="pin", filter="people")
PATH_CHANGED = kind("path.changed", _("{by} changed the escalation path {name}"), glyph="pin", filter="people")
FLOW_PATH_CHOSEN = kind(
    "flow.path_chosen", _("{by} chose for SEV{severity} of {flow}: {path}"), glyph="pin", filter="people"
)
LANE_ADDED = kind("lane.added", _("{by} had {name} tell the {who}, too"), glyph="pin", filter="people")
LANE_REMOVED = kind("lane.removed", _("{by} had {name} tell the {who} no more"), glyph="pin", filter="people")
DUTY_NAMED = kind("duty.named", _("{by} named {name} beforehand: {what}"), glyph="person", filter="people")
DUTY_CHANGED = kind(
    "duty.changed", _("{by} changed who is named beforehand: {name}, {what}"), glyph="person", filter="people"
)
DUTY_REMOVED = kind(
    "duty.removed", _("{by} removed who was named beforehand: {name}, {what}"), glyph="person", filter="people"
)
DUTY_ACCEPTED = kind("duty.accepted", _("{user} takes this: {what}"), glyph="check", filter="people")
CUSTOMER_ADDED = kind("customer.added", _("{by} added the customer {name}"), glyph="person", filter="people")
CUSTOMER_CHANGED = kind("customer.changed", _("{by} changed the customer {name}"), glyph="person", filter="people")
CUSTOMER_ENDED = kind("customer.ended", _("{by} ended the customer {name}"), glyph="person", filter="people")
CUSTOMER_PERSON_SET = kind("customer.person_set", _("{by} noted {contact} at {name}"), glyph="person", filter="people")
CUSTOMER_PERSON_REMOVED = kind(
    "customer.person_removed", _("{by} removed {contact} at {name}"), glyph="person", filter="people"
)
CUSTOMERS_IMPORTED = kind(
    "customers.imported",
    _("{by} imported customers from {file}: {made} made, {changed} changed, {ended} ended, {left} rows left out"),
    glyph="person", filter="people",
)  # fmt: skip
FLOW_HOURS_IMPORTED = kind(
    "flow.hours_imported", _("{by} imported what each hour of the week costs of {name}, from {file}"),
    glyph="pin", filter="people",
)  # fmt: skip
SEVERITY_RULE_CHANGED = kind(
    "severity_rule.changed", _("{by} changed what SEV{severity} sets in motion: {what}"), glyph="pin", filter="people"
)
HOLE_GIVEN = kind("hole.given", _("{by} asked {user} to mend by {due}: {hole}"), glyph="need", filter="people")
HOLE_ACCEPTED = kind(
    "hole.accepted", _("{by} accepted until {until}: {hole} {reason}"), glyph="decision", filter="decisions"
)
HOLE_REOPENED = kind("hole.reopened", _("{by} opened it again: {hole}"), glyph="need", filter="people")
SAMPLE_LOADED = kind("sample.loaded", _("{by} loaded the sample company"), glyph="pin", filter="people")
SAMPLE_REMOVED = kind("sample.removed", _("{by} removed the sample company"), glyph="pin", filter="people")
MOVE_BEGUN = kind("move.begun", _("{by} began to move in from {system}"), glyph="pin", filter="people")
MOVE_DONE = kind(
    "move.done",
    _("{by} moved in from {system}: {made} made, {changed} changed, {removed} removed, {skipped} skipped, "
      "{failed} failed"),
    glyph="check", filter="people",
)  # fmt: skip
MOVE_DROPPED = kind("move.dropped", _("{by} did not move in from {system} after all"), glyph="pin", filter="people")
CATALOG_APPLIED = kind(
    "catalog.applied", _("{by} applied {file}: {made} made, {changed} changed, {removed} removed"),
    glyph="pin", filter="people",
)  # fmt: skip
SKETCH_KEPT = kind("sketch.kept", _("{by} kept {n} rows of the sketch {business}"), glyph="pin", filter="people")
PREPARED_CONFIRMED = kind(
    "prepared.confirmed", _("{by} says that it still holds, until {until}: {name}"), glyph="check", filter="people"
)
PREPARED_GIVEN = kind(
    "prepared.given",
    _("{by} made {name} the owner of {count} prepared things"),
    glyph="person",
    filter="people",
)
CONFIRMATION_ASKED = kind(
    "confirmation.asked", _("{name} was asked by mail whether what they look after still holds: {n} waiting"),
    glyph="need", filter="people",
)  # fmt: skip
DRILL_PLANNED = kind("drill.planned", _("{by} planned a game day of {flow} on {day}"), glyph="clock", filter="people")
DRILL_DONE = kind("drill.done", _("{by} ended the game day of {flow}"), glyph="check", filter="people")
CHANGE_NOTED = kind("change.noted", _("{by} noted a change of {what}: {title}"), glyph="pin", filter="people")
CHANGE_REMOVED = kind("change.removed", _("{by} removed the change {title}"), glyph="pin", filter="people")
RELEASE_WINDOW_SET = kind(
    "release_window.set", _("{by} said that releases may happen {hours}"), glyph="clock", filter="people"
)
RELEASE_WINDOW_REMOVED = kind(
    "release_window.removed", _("{by} ended the release window {hours}"), glyph="clock", filter="people"
)
