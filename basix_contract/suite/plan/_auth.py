"""Credentials: absent, wrong, nearly right. Played last, and few against a target that may lock an account."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from basix_contract.suite._scenario import CALLBACK_URL

_MOST_BESIDE = 3
_SHORT_S = 1
_REFUSALS = ("auth/error-id", "auth/refusal-shape")

if TYPE_CHECKING:
    from collections.abc import Iterator

    from basix_contract.profile import User
    from basix_contract.suite._scenario import Scenario, Step
    from basix_contract.suite.plan._desk import Desk


def plan_auth(desk: Desk, domain: str, token: str, *, is_remote: bool) -> tuple[Scenario, ...]:
    """Plan the refusals of credentials between two good calls; a live PBX sees few wrong pairs."""
    wrong = _wrong(domain, token)
    if is_remote:
        wrong = wrong[: 1 + desk.profile.live.wrong_credentials]
    user = desk.next_user()
    if user is None:
        return ()
    control = desk.control("auth", user, desk.call(user, callback_url=CALLBACK_URL))
    beside = () if is_remote else _beside(desk, control, wrong[1][2])
    return (
        *desk.family("auth", _auth(desk, user, control, wrong), phase="credentials"),
        *desk.family("auth-beside", beside, phase="credentials", is_parallel=True),
        *desk.family("last-call", () if is_remote else _last(desk), phase="credentials"),
    )


def _beside(desk: Desk, control: Step, wrong_token: str) -> Iterator[Step]:
    """Send requests with no or wrong credentials while others, that sign in, are being served."""
    for user in desk.profile.users_who("answers")[:_MOST_BESIDE]:
        title = f"{desk.alias(user)}, signed in, while others are not"
        yield desk.step("auth/recovers", title, desk.call(user), user=user, control=control.id)
        for probe, what, authorization in (
            ("auth/absent", "no credentials", ""),
            ("auth/wrong-token", "a wrong token", wrong_token),
        ):
            yield desk.step(
                probe,
                f"{desk.alias(user)}, {what}, while others are signed in",
                desk.call(user, callback_url=CALLBACK_URL),
                user=user,
                expect="refuse",
                control=control.id,
                owes_envelope=False,
                authorization=authorization,
                is_beside=True,
                judged_by=_REFUSALS,
            )


def _last(desk: Desk) -> Iterator[Step]:
    """Ring somebody who never answers, with nothing sent after it: a PBX tells the end of it all the same."""
    for user in desk.profile.users_who("never-answers")[:1]:
        yield desk.step(
            "callback",
            "nobody answers the last call of all",
            desk.call(user, answer_timeout=_SHORT_S, callback_url=CALLBACK_URL),
            user=user,
            expect="envelope",
            answer_timeout_s=_SHORT_S,
            is_beside=True,
            judged_by=("callback/never-answers",),
        )


def _auth(desk: Desk, user: User, control: Step, wrong: tuple[tuple[str, str, str], ...]) -> Iterator[Step]:
    body = desk.call(user, callback_url=CALLBACK_URL)
    yield control
    for probe, title, authorization in wrong:
        yield desk.step(
            probe,
            title,
            body,
            user=user,
            expect="refuse",
            control=control.id,
            owes_envelope=False,
            authorization=authorization,
            judged_by=_REFUSALS,
        )
    again = "the right credentials after the wrong ones"
    yield desk.step("auth/recovers", again, desk.call(user), user=user, control=control.id)


def _wrong(domain: str, token: str) -> tuple[tuple[str, str, str], ...]:
    right = basic(domain, token)
    rows = (
        ("auth/absent", "no credentials", ""),
        ("auth/wrong-token", "a wrong token", basic(domain, "wrong-" + token[::-1])),
        ("auth/wrong-domain", "a wrong domain", basic("wrong." + domain, token)),
        ("auth/near-miss", "an empty token", basic(domain, "")),
        ("auth/near-miss", "an empty domain", basic("", token)),
        ("auth/near-miss", "the token without its last character", basic(domain, token[:-1])),
        ("auth/near-miss", "the token with one character more", basic(domain, token + "x")),
        ("auth/near-miss", "the token in the other case", basic(domain, token.swapcase())),
        ("auth/near-miss", "the token without its signs", basic(domain, "".join(filter(str.isalnum, token)))),
        ("auth/near-miss", "the token with a blank behind it", basic(domain, token + " ")),
        ("auth/near-miss", "domain and token swapped", basic(token, domain)),
        ("auth/near-miss", "another domain's name before the right one", basic("x" + domain, token)),
        ("auth/near-miss", "more behind a NUL in the token", basic(domain, token + "\0x")),
        ("auth/near-miss", "more behind a colon in the token", basic(domain, token + ":x")),
        ("auth/near-miss", "a pattern for a token", basic(domain, "%")),
        ("auth/near-miss", "the token with a joker in it", basic(domain, token[:-1] + "_")),
        ("auth/near-miss", "an asterisk for a token", basic(domain, "*")),
        ("auth/near-miss", "a domain that begins like the right one", basic(domain + ".example", token)),
        ("auth/near-miss", "a pattern for a domain", basic("%", token)),
        ("auth/near-miss", "the beginning of the domain", basic(domain[:-1], token)),
        ("auth/near-miss", "a wrong domain and an empty token", basic("wrong." + domain, "")),
        ("auth/near-miss", "a wrong domain, its name as token", basic("wrong." + domain, "wrong." + domain)),
        ("auth/near-miss", "the domain only", "Basic " + base64.b64encode(domain.encode()).decode()),
        ("auth/near-miss", "the token as a bearer", f"Bearer {token}"),
        ("auth/near-miss", "the right pair under another scheme", "Digest " + right.partition(" ")[2]),
        ("auth/near-miss", "the scheme alone", "Basic"),
        ("auth/near-miss", "no base64", "Basic ***"),
        ("auth/near-miss", "a null token", basic(domain, "\0")),
    )
    return tuple(row for row in rows if row[2] != right)  # a token may have no signs, or no letters


def basic(domain: str, token: str) -> str:
    """Return the Authorization field value of the Basic scheme (RFC 7617)."""
    return "Basic " + base64.b64encode(f"{domain}:{token}".encode()).decode()
