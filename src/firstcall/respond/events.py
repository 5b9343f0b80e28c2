"""What happens in respond, each with the sentence that tells it."""

from django.utils.translation import gettext_lazy as _

from firstcall.journal.kinds import kind

OPENED = kind(
    "incident.opened",
    _("{by} opened {reference}: {title}"),
    glyph="break",
    regions=("head", "next", "answers", "timeline", "now"),
    filter="machine",
)
ACCEPTED = kind(
    "incident.accepted",
    _("{by} accepted it: this is an incident"),
    glyph="check",
    regions=("head", "next", "people", "timeline", "now"),
    filter="decisions",
)
DECLINED = kind(
    "incident.declined",
    _("{by} declined it: {reason}"),
    glyph="check",
    regions=("head", "next", "timeline", "now"),
    filter="decisions",
)
PROVIDER_SAID = kind(
    "incident.provider_said",
    _("{name}, which this needs, says that it is {said}. {what}"),
    glyph="report",
    regions=("answers", "timeline"),
)
STATE_CHANGED = kind(
    "incident.state_changed",
    _("{by} moved it from {before_words} to {after_words}"),
    glyph="check",
    regions=("head", "next", "answers", "timeline", "now"),
    filter="decisions",
)
RESOLVED = kind(
    "incident.resolved",
    _("{by} says it is resolved"),
    glyph="check",
    regions=("head", "next", "answers", "updates", "timeline", "now"),
    filter="decisions",
)
REOPENED = kind(
    "incident.reopened",
    _("{by} opened it again: {reason}"),
    glyph="break",
    regions=("head", "next", "answers", "updates", "timeline", "now"),
    filter="decisions",
)
SEVERITY_CHANGED = kind(
    "incident.severity_changed",
    _("{by} set SEV{after}, it was SEV{before}: {reason}"),
    glyph="decision",
    regions=("head", "next", "answers", "people", "updates", "timeline", "now"),
    filter="decisions",
)
DESCRIBED = kind(
    "incident.described",
    _("{by} said what is known: {what}"),
    glyph="pin",
    regions=("head", "answers", "next", "timeline", "now"),
    filter="people",
)
RESTRICTED = kind(
    "incident.restricted",
    _("{by} changed who may see this: {who}"),
    glyph="person",
    regions=("head", "people", "timeline", "now"),
    filter="people",
)
RECOVERED = kind(
    "incident.recovered",
    _("The signals went quiet: {what}. Nothing is resolved until a person says so"),
    glyph="machine",
    regions=("next", "answers", "timeline", "now"),
)
BROKE_AGAIN = kind(
    "incident.broke_again",
    _("The signals are back: {what}"),
    glyph="break",
    regions=("next", "answers", "timeline", "now"),
)
JOINED = kind(
    "incident.joined",
    _("{by} joined it to {reference}: it is the same"),
    glyph="check",
    regions=("head", "next", "answers", "timeline", "now"),
    filter="decisions",
)
TOOK_IN = kind(
    "alert.taken_in",
    _("{by} joined to this room: {what}"),
    glyph="check",
    regions=("answers", "timeline"),
    filter="decisions",
)
STILL_FIRING = kind(
    "incident.still_firing",
    _("Said to be none, but it still fires: {what}. If it has not stopped, it is asked again {again}"),
    glyph="break",
    regions=("next", "answers", "timeline", "now"),
)
RESOLVED_FIRING = kind(
    "incident.resolved_firing",
    _("{by} says that it is over all the same, though this still fires: {what}. {reason}"),
    glyph="decision",
    regions=("next", "answers", "timeline", "now"),
    filter="decisions",
)
ALERT_JOINED = kind(
    "alert.joined_incident",
    _("Alerts joined: {what}"),
    glyph="machine",
    regions=("answers", "timeline"),
)
NOTED = kind(
    "finding.noted",
    _("{by}: {what}"),
    glyph="pin",
    regions=("timeline", "answers"),
    filter="people",
)
ROLE_TAKEN = kind(
    "role.taken",
    _("{by} is {role_words} now"),
    glyph="person",
    regions=("people", "next", "timeline", "now"),
    filter="people",
)
ROLE_GIVEN = kind(
    "role.given",
    _("{by} made {user} {role_words}"),
    glyph="person",
    regions=("people", "next", "timeline", "now"),
    filter="people",
)
ROLE_FILLED = kind(
    "role.filled",
    _("{user} is {role_words}, as named beforehand{doubt}"),
    glyph="person",
    regions=("people", "next", "timeline", "now"),
    filter="people",
)
ROLE_LEFT = kind(
    "role.left",
    _("{user} is no longer {role_words}"),
    glyph="person",
    regions=("people", "next", "timeline", "now"),
    filter="people",
)
FIRST_STEP_TICKED = kind(
    "first_step.ticked",
    _("{by} did a first step of {name}, {minutes} min in: {step}"),
    glyph="check",
    regions=("steps", "timeline"),
    filter="people",
)
FIRST_STEP_UNTICKED = kind(
    "first_step.unticked",
    _("{by} corrects: this first step is not done: {step}"),
    glyph="pin",
    regions=("steps", "timeline"),
    filter="people",
)
NEED_ASKED = kind(
    "need.asked",
    _("{by} needs: {what}{with_words}"),
    glyph="need",
    regions=("needs", "next", "timeline", "now"),
    filter="people",
)
NEED_MET = kind(
    "need.met",
    _("{by} says it is there: {what}"),
    glyph="need",
    regions=("needs", "next", "timeline", "now"),
    filter="people",
)
DECISION_OPENED = kind(
    "decision.opened",
    _("{by} asks for a decision: {question}"),
    glyph="decision",
    regions=("decisions", "next", "timeline"),
    filter="decisions",
)
DECISION_LEFT_OPEN = kind(
    "decision.left_open",
    _("{by} leaves it open: {question}"),
    glyph="decision",
    regions=("decisions", "next", "timeline", "now"),
    filter="decisions",
)
DECISION_MADE = kind(
    "decision.made",
    _("{by} decided: {question} {option}. Because: {why}"),
    glyph="decision",
    regions=("decisions", "next", "timeline"),
    filter="decisions",
)
ESCALATION_STARTED = kind(
    "escalation.started",
    _("{by} started the escalation path {path}"),
    glyph="person",
    regions=("people", "next", "timeline", "now"),
    filter="people",
)
ESCALATION_WAITS = kind(
    "escalation.waits",
    _("Nobody is woken now. {reason}"),
    glyph="clock",
    regions=("people", "next", "timeline", "now"),
)
LANE_OPENED = kind(
    "lane.opened",
    _("{who} told: {names}, because {reason}"),
    glyph="person",
    regions=("people", "timeline"),
    filter="people",
)
STEP_RUN = kind(
    "escalation.step_run",
    _("Step {number}: paged {names}"),
    glyph="person",
    regions=("people", "next", "timeline"),
    filter="people",
)
STEP_SKIPPED = kind(
    "escalation.step_skipped",
    _("Step {number} skipped: {reason}"),
    glyph="person",
    regions=("people", "timeline"),
    filter="people",
)
EXHAUSTED = kind(
    "escalation.exhausted",
    _("Nobody answered: every step of {path} has run. All admins are told"),
    glyph="break",
    regions=("people", "next", "timeline", "now"),
    filter="people",
)
ESCALATION_ENDED = kind(
    "escalation.ended",
    _("The escalation ended: {reason}"),
    glyph="person",
    regions=("people", "next", "timeline", "now"),
    filter="people",
)
PROVIDER_RUNG = kind(
    "provider.rung",
    _("{by} rang {provider}"),
    glyph="check",
    regions=("next", "timeline", "now"),
    filter="people",
)
PAGE_WAITS = kind(
    "page.waits",
    _("{user} is quiet: SEV{severity} does not break that, so the page waits"),
    glyph="clock",
    regions=("people", "timeline"),
    filter="people",
)
PAGE_SENT = kind(
    "page.sent",
    _("Page to {user} sent by {channel}{doubt}"),
    glyph="machine",
    regions=("people", "timeline"),
    filter="people",
)
PAGE_FAILED = kind(
    "page.failed",
    _("Page to {user} by {channel} was refused: {reason}"),
    glyph="break",
    regions=("people", "next", "timeline", "now"),
    filter="people",
)
PAGE_HANDED_OVER = kind(
    "page.handed_over",
    _("The page to {before} was not sent: {after} is on call now and is paged instead"),
    glyph="person",
    regions=("people", "timeline"),
    filter="people",
)
ACKNOWLEDGED = kind(
    "page.acknowledged",
    _("{user} has it{link_words}"),
    glyph="person",
    regions=("head", "people", "next", "timeline", "now"),
    filter="people",
)
PASSED_ON = kind(
    "page.passed_on",
    _("{user} can't take it and passes it on{link_words}"),
    glyph="person",
    regions=("people", "next", "timeline", "now"),
    filter="people",
)
HIT_NAMED = kind(
    "incident.hit_named",
    _("{by} says who is hit: {who}"),
    glyph="person",
    regions=("answers", "timeline"),
    filter="people",
)
CALL_BACK_PROMISED = kind(
    "call_back.promised",
    _("{owner} will call {customer} back"),
    glyph="clock",
    regions=("next", "updates", "timeline", "now"),
    filter="words",
)
CALL_BACK_DONE = kind(
    "call_back.done",
    _("{by} called {customer} back"),
    glyph="words",
    regions=("next", "updates", "timeline", "now"),
    filter="words",
)
LOOK_IN_DUE = kind(
    "look_in.due",
    _("Look-in: {user} is asked what is missing, and whether it is still SEV{severity}"),
    glyph="clock",
    regions=("next", "people", "timeline", "now"),
    filter="people",
)
LOOK_IN_UNANSWERED = kind(
    "look_in.unanswered",
    _("{user} has not answered the look-in"),
    glyph="break",
    regions=("next", "people", "timeline", "now"),
    filter="people",
)
LOOK_IN_ANSWERED = kind(
    "look_in.answered",
    _("{by} at the look-in: {words}"),
    glyph="check",
    regions=("next", "people", "timeline", "now"),
    filter="people",
)
SEVERITY_KEPT = kind(
    "severity.kept",
    _("{by}: still SEV{severity}"),
    glyph="check",
    regions=("next", "timeline"),
    filter="decisions",
)
INTERRUPTED = kind(
    "engineer.interrupted",
    _("{by} was asked for news in the middle of the work"),
    glyph="break",
    regions=("people", "timeline"),
    filter="people",
)
CARE_ASKED = kind(
    "care.asked",
    _("{user} has been at it for {hours} h and is asked: all right, or shall someone relieve you?"),
    glyph="person",
    regions=("next", "people", "timeline", "now"),
    filter="people",
)
CARE_ANSWERED = kind(
    "care.answered",
    _("{user}: {words}"),
    glyph="person",
    regions=("next", "people", "timeline", "now"),
    filter="people",
)
CARE_SEEN = kind(
    "care.seen",
    _("{by} saw to food and rest for {names}"),
    glyph="check",
    regions=("next", "timeline"),
    filter="people",
)
HANDOVER_OFFERED = kind(
    "handover.offered",
    _("{giver} hands over to {taker}: {role_words}"),
    glyph="person",
    regions=("next", "people", "timeline", "now"),
    filter="people",
)
HANDOVER_UNANSWERED = kind(
    "handover.unanswered",
    _("{taker} has not answered the hand-over: {role_words}"),
    glyph="break",
    regions=("next", "people", "timeline", "now"),
    filter="people",
)
HANDOVER_ACCEPTED = kind(
    "handover.accepted",
    _("{taker} accepts the hand-over from {giver}: {role_words}"),
    glyph="check",
    regions=("next", "people", "timeline", "now"),
    filter="people",
)
HANDOVER_ENDED = kind(
    "handover.ended",
    _("The hand-over to {taker} came to nothing, {words}: {role_words}"),
    glyph="person",
    regions=("next", "people", "timeline", "now"),
    filter="people",
)
OWNER_QUIET = kind(
    "owner.quiet",
    _("No sign of {user} while this waits: {what}. Anyone may take over"),
    glyph="break",
    regions=("head", "next", "people", "timeline", "now"),
    filter="people",
)
QUESTION_ASKED = kind(
    "question.asked",
    _("{by} wants to know"),
    glyph="words",
    regions=("next", "timeline", "now"),
    filter="words",
)
QUESTION_ANSWERED = kind(
    "question.answered",
    _("{by} answered {user}"),
    glyph="words",
    regions=("next", "timeline", "now"),
    filter="words",
)
TRIAL_SENT = kind("trial.sent", _("{by} sent {user} a test page"), glyph="pin", filter="people")
TRIAL_ANSWERED = kind(
    "trial.answered", _("{user} answered a test page after {seconds} seconds"), glyph="check", filter="people"
)
PLAYED = kind(
    "incident.played",
    _("{by} removed the sample company it was played in: it counts as practice"),
    glyph="pin",
    regions=("head", "timeline"),
    filter="people",
)
