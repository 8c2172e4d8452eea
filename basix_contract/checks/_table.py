"""Every check of every role by its id: the one place where ids and functions meet."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from basix_contract.checks import _callbacks, _replies, _sequences
from basix_contract.checks._probes import check_probe

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from basix_contract.checks._finding import Finding
    from basix_contract.checks._history import History

    Check = Callable[[History], Finding]

_PROBES = """
reply/plain-call examples/accepted
method/not-post media/charset media/other-type
body/not-an-object body/json-spelling body/open-encodings
auth/absent auth/wrong-token auth/wrong-domain auth/near-miss auth/recovers
selectors/user-id selectors/user-name selectors/user-label selectors/user-extension selectors/user-did
selectors/user-email selectors/label-unicode selectors/vendor-pair selectors/all-agree
selectors/empty-beside-good selectors/none selectors/unknown selectors/empty selectors/wrong-type
selectors/look-alike selectors/name-name selectors/other-json-type selectors/case-and-blanks
groups/group-id groups/group-name groups/group-label groups/group-extension groups/group-did
groups/resolver-any groups/resolver-call-center groups/unknown groups/resolver-other groups/not-a-member
groups/several groups/resolver-without-group groups/empty
destination/absent destination/pstn destination/user destination/group destination/extension
destination/object destination/calling-number destination/end-user destination/end-user-unicode
destination/inline destination/inline-other-keys destination/no-called-number destination/not-a-destination
destination/end-user-id-integer destination/open-forms destination/unresolvable destination/end-user-open
destination/foreign-calling-number
parameters/answer-timeout parameters/answer-timeout-above-180 parameters/answer-timeout-invalid
parameters/answer-timeout-open parameters/auto-answer parameters/auto-answer-open parameters/calling-name
parameters/calling-name-open parameters/callback-url parameters/callback-url-invalid parameters/all-together
parameters/unknown parameters/wrong-type
limits/channel-limit limits/others-still-work
state/after-error state/after-no-answer state/same-request-twice
concurrency/accepted
robustness/answered robustness/next-call robustness/unusual-values
""".split()

_ARRIVALS = ("callback/answered", "callback/never-answers", "callback/rejects", "callback/busy")

SERVER_CHECKS: Mapping[str, Check] = {
    **{probe: partial(check_probe, probe=probe) for probe in _PROBES},
    **{arrival: partial(_callbacks.check_arrival, check_id=arrival) for arrival in _ARRIVALS},
    "reply/answered": _replies.check_answered,
    "reply/json-object": _replies.check_json_object,
    "reply/result-code": _replies.check_result_code,
    "reply/content-type": _replies.check_content_type,
    "reply/no-error-on-success": _replies.check_success_has_no_error,
    "reply/extra-members": _replies.observe_extra_members,
    "error/id": _replies.check_error_id,
    "error/code-500": _replies.check_error_code_500,
    "error/no-uuids": _replies.check_error_has_no_uuids,
    "error/http-status": _replies.observe_error_status,
    "error/id-snake-case": _replies.check_snake_case,
    "uuids/present": _replies.check_uuids_present,
    "uuids/form": _replies.check_uuids_form,
    "uuids/distinct": _replies.check_uuids_distinct,
    "uuids/per-leg": _replies.check_legs,
    "uuids/fresh": _replies.check_fresh,
    "auth/error-id": _sequences.check_auth_error_id,
    "auth/refusal-shape": _sequences.observe_auth_refusal,
    "limits/error-id": _sequences.check_limit_error_id,
    "callback/method": _callbacks.check_method,
    "callback/body": _callbacks.check_body,
    "callback/content-type": _callbacks.check_content_type,
    "callback/truth": _callbacks.check_truth,
    "callback/uuid": _callbacks.check_uuid,
    "callback/error-id": _callbacks.check_error_id,
    "callback/error-id-snake-case": _callbacks.check_snake_case,
    "callback/url": _callbacks.check_url,
    "callback/once": _callbacks.check_once,
    "callback/one-result": _callbacks.check_one_result,
    "callback/none-after-error": _callbacks.check_none_after_error,
    "callback/after-reply": _callbacks.check_after_reply,
    "callback/first-leg-only": _callbacks.check_first_leg_only,
    "callback/unexpected": _callbacks.check_unexpected,
    "callback/after-refusal": _callbacks.observe_after_refusal,
    "timing/answer-timeout": _sequences.check_answer_timeout,
    "timing/reply-before-answer": _sequences.check_reply_before_answer,
    "state/nothing-sticks": _sequences.check_nothing_sticks,
    "concurrency/callbacks": _sequences.check_together_callbacks,
    "concurrency/uuids": _sequences.check_together_uuids,
}
