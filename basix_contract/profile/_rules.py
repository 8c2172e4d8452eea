"""The gate's rules as one table: what each refuses, and what to change. No rule ever repeats a refused value."""

from __future__ import annotations

from dataclasses import dataclass

from basix_contract.errors import GateRefusal


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what is wrong with a request that breaks it, and what its sender can do."""

    what: str
    fix: str


RULES: dict[str, Rule] = {
    "target": Rule("this is not the target's call_user", "send to base_url + /call_user, without query or credentials"),
    "consent": Rule(
        "the target is not this machine, and the profile does not consent to it",
        "set [live] consent to its host, and give base_url with https",
    ),
    "method": Rule("the method is none that a target may be tried with", "use POST, or one of the common methods"),
    "header": Rule(
        "a field could send the request elsewhere, or change how it is read",
        "send the plain fields of one request only, the body in UTF-8 and as long as it says",
    ),
    "stopped": Rule("the stop file is there, or the run was stopped", "remove the file that limits.stop_file names"),
    "quiet-hours": Rule("nobody may be rung at this hour", "wait, or change [live] quiet_hours and time_zone"),
    "ringing": Rule(
        "a telephone could ring for longer than the profile allows",
        "give answer_timeout as a whole number of at most [live] longest_ring_s",
    ),
    "credentials": Rule("wrong credentials have been tried often enough", "change [live] wrong_credentials, at most 3"),
    "unplanned": Rule("this request is not in the plan, or it has been sent already", "nothing: no plan, no request"),
    "budget": Rule("the calls of this run are used up", "raise max_calls, or play fewer rows"),
    "people": Rule(
        "a user is named who is not in the profile",
        "list the user under [[users]], or under [absent] if proven not to exist",
    ),
    "group": Rule("a group is named that is not in the profile", "list the group under [[groups]]"),
    "destination": Rule("the destination is not in the profile", "list it under [[destinations]]"),
    "endless": Rule(
        "nobody has said that a call to this destination ends by itself",
        "set ends_by_itself = true in its row, or [live] attended = true",
    ),
    "calling-number": Rule("the calling_number is not declared", "give it as calling_number of a [[destinations]] row"),
    "emergency": Rule(
        "an emergency or special-service number would be dialled", "nothing: such numbers are never sent, listed or not"
    ),
    "callback": Rule("the callback_url is not our own receiver", "leave callback_url to the kit"),
    "auto-answer": Rule(
        "auto_answer would open a microphone that the profile does not release",
        "set auto_answer = true in the row of every user it names",
    ),
    "avatar": Rule("the avatar could be fetched from another host", "use a picture under a .example host"),
    "free-text": Rule(
        "a text holds what could be dialled, fetched or taken for a parameter",
        "leave numbers, addresses and parameter names out of texts",
    ),
    "unknown-member": Rule(
        "a member the document does not know holds more than a harmless word",
        "leave numbers, addresses and names out of unknown members",
    ),
    "unreadable": Rule(
        "a body that is no JSON object, or too large for one, holds more than parameters with values of the profile",
        "build such bodies from values of the profile only, and keep them small",
    ),
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """A reason not to send: the rule, and the documented parameter it is about, if there is one."""

    rule: str
    member: str = ""

    def refusal(self) -> GateRefusal:
        """Return the refusal that says so in one line."""
        rule = RULES[self.rule]
        what = f"{self.member}: {rule.what}" if self.member else rule.what
        return GateRefusal(self.rule, what, fix=rule.fix)
