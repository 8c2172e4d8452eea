"""Every check of the client role by its id, in the order of the ledger."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from basix_contract.checks import (
    _client_advice,
    _client_destinations,
    _client_dialling,
    _client_outcomes,
    _client_parameters,
    _client_requests,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from basix_contract.checks._client_history import ClientHistory
    from basix_contract.checks._client_values import Kind
    from basix_contract.checks._finding import Finding

    ClientCheck = Callable[[ClientHistory], Finding]

_ODD_CREDENTIALS = ("sign-in/special-characters", "sign-in/outside-ascii")

_VALUES: Mapping[str, tuple[Kind, ...]] = {
    "given/text": ("text",),
    "given/digits": ("digits",),
    "given/answer-timeout": ("number",),
    "given/callback-url": ("url",),
    "given/resolver": ("choice",),
}

_OUTCOMES = (
    "outcome/success",
    "outcome/any-number-of-uuids",
    "outcome/uuids-as-they-came",
    "outcome/success-under-any-status",
    "outcome/result-code-not-zero",
    "outcome/more-members",
    "outcome/any-spelling",
    "outcome/error-with-uuids",
    "outcome/any-label",
    "outcome/in-pieces",
    "outcome/slow-reply",
    "outcome/refused-credentials",
    "hostile/not-json",
    "hostile/cut-off",
    "hostile/wrong-types",
    "hostile/no-error-object",
    "hostile/no-object",
    "hostile/next-call",
)

_ERROR_IDS = ("outcome/error-id", "outcome/error-under-any-status", "outcome/unknown-error-id")

_ADVICE: Mapping[str, _client_advice.Advice] = {
    "advice/one-user": _client_advice.advise_one_user,
    "advice/exact-text": _client_advice.advise_exact_text,
    "advice/types": _client_advice.advise_types,
    "advice/boolean": _client_advice.advise_boolean,
    "advice/one-group": _client_advice.advise_one_group,
    "advice/resolver-alone": _client_advice.advise_resolver_alone,
    "advice/known-resolver": _client_advice.advise_known_resolver,
    "advice/leave-out": _client_advice.advise_leaving_out,
    "advice/known-members": _client_advice.advise_known_members,
    "advice/domestic-digits": _client_advice.advise_domestic_digits,
    "advice/called-number": _client_advice.advise_called_number,
    "advice/object-for-numbers": _client_advice.advise_object_for_numbers,
    "advice/object-form": _client_advice.advise_object_form,
    "advice/plain-inline-values": _client_advice.advise_plain_inline_values,
    "advice/end-user": _client_advice.advise_end_user,
    "advice/ascii-name": _client_advice.advise_ascii_name,
    "advice/single-url": _client_advice.advise_single_url,
}

CLIENT_CHECKS: Mapping[str, ClientCheck] = {
    "sending/post": _client_requests.check_post,
    "sending/path": _client_requests.check_path,
    "sign-in/basic-at-once": _client_requests.check_basic_at_once,
    **{check: partial(_client_requests.check_odd_credentials, check_id=check) for check in _ODD_CREDENTIALS},
    "sign-in/browser": _client_requests.observe_browser,
    "sending/content-type": _client_requests.check_content_type,
    "sending/body": _client_requests.check_body,
    "sending/kinds": _client_parameters.check_kinds,
    "sending/user-selector": _client_parameters.check_user_selector,
    "sending/destination": _client_parameters.check_destination,
    "given/every-parameter": _client_parameters.check_all_sent,
    "given/nothing-else": _client_parameters.check_nothing_invented,
    **{
        check: partial(_client_parameters.check_values, check_id=check, of_kinds=kinds)
        for check, kinds in _VALUES.items()
    },
    "given/auto-answer": _client_parameters.check_flag,
    "given/destination-text": _client_destinations.check_text,
    "given/destination-object": _client_destinations.check_object,
    "given/end-user": _client_destinations.check_end_user,
    "sending/callback-url": _client_parameters.check_callback_form,
    "given/nothing-left-over": _client_parameters.check_nothing_left_over,
    "outcome/together": _client_outcomes.check_together,
    **{check: partial(_client_outcomes.check_outcome, check_id=check) for check in _OUTCOMES},
    "outcome/error": _client_outcomes.check_error,
    **{check: partial(_client_outcomes.check_error_id, check_id=check) for check in _ERROR_IDS},
    "hostile/finished": _client_outcomes.check_finished,
    "dialling/once-after-envelope": _client_dialling.check_once_after_envelope,
    "dialling/once-after-silence": _client_dialling.check_once_after_silence,
    "dialling/no-redirect": _client_dialling.check_no_redirect,
    "dialling/own-request": _client_dialling.check_own_request,
    "dialling/not-sent": _client_dialling.check_not_sent,
    "token/field-only": _client_dialling.check_token_places,
    "token/unprinted": _client_dialling.check_token_unprinted,
    "token/at-home": _client_dialling.check_token_at_home,
    **{check: partial(_client_advice.give_advice, advice=advice) for check, advice in _ADVICE.items()},
    "advice/nonce": _client_advice.advise_nonce,
}

RECORDABLE: tuple[str, ...] = (
    "sending/post",
    "sending/path",
    "sign-in/basic-at-once",
    "sign-in/browser",
    "sending/content-type",
    "sending/body",
    "sending/kinds",
    "sending/user-selector",
    "sending/destination",
    "sending/callback-url",
    "token/field-only",
    *_ADVICE,
    "advice/nonce",
)
"""The checks that need nothing but the requests themselves, so that a recording can be judged by them."""
