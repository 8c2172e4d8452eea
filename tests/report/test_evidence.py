"""Bundles of evidence: whatever is altered is said to be, and a claim is made from a complete run only."""

from __future__ import annotations

import dataclasses
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from basix_contract.errors import EvidenceAltered, UsageError
from basix_contract.report.evidence import (
    Bundle,
    Claimant,
    claim_of,
    ensure_claim,
    is_bundle,
    read_bundle,
    rejudged,
    render_claim,
    why_no_claim,
    write_bundle,
)
from basix_contract.report.evidence._pack import looks_like_bundle, pack, unpack
from basix_contract.suite import ServerOptions, Verdict, run_server
from tests.report.runs import requirement, run

SMALL = {"journal.ndjson": b'{"event": "run"}\n' * 9, "report.json": b"{}\n", "run.json": b"[1, 2]\n"}
MASKS = (0x01, 0x20, 0x80, 0xFF)


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The journal of a small run."""
    return run_server(ServerOptions(report=tmp_path_factory.mktemp("run"), only=("CU-004",))).journal


@pytest.fixture(scope="module")
def bundle(journal: Path) -> Bundle:
    """Its evidence."""
    return write_bundle(journal, journal.with_name("evidence.zip"))


def says(raw: bytes) -> tuple[str, ...]:
    """What is found to be altered in a bundle; nothing in one that is as it was made."""
    assert looks_like_bundle(raw)
    try:
        unpack(raw, "e.zip")
    except EvidenceAltered as error:
        return error.found
    return ()


# ── alterations ──


def test_the_same_members_give_the_same_bytes() -> None:
    """A bundle depends on nothing but its members: not on their order, the clock or a version of zlib."""
    whole = pack(SMALL)

    assert pack(dict(reversed(SMALL.items()))) == whole
    assert says(whole) == ()
    assert unpack(whole, "e.zip") == SMALL
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_no_byte_of_a_bundle_can_change_unseen() -> None:
    """Whatever byte is altered, in members, headers or directory, the bundle says so."""
    whole = pack(SMALL)

    unseen = [
        (position, mask)
        for position in range(len(whole))
        for mask in MASKS
        if not says(whole[:position] + bytes([whole[position] ^ mask]) + whole[position + 1 :])
    ]

    assert unseen == []


def test_no_cut_and_no_extension_goes_unseen() -> None:
    """A bundle that lacks its end, or has something before, after or in its comment, says so."""
    whole = pack(SMALL)
    longer = [whole + b"\0", b"\0" + whole, whole + whole]

    assert all(says(raw) for raw in longer)
    assert all(says(whole[:length]) for length in range(len(whole) // 3, len(whole)))


def zipped(members: Mapping[str, bytes], *, comment: bytes = b"") -> bytes:
    """A zip of these members as anybody's tool would write it, deflated and dated."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        archive.comment = comment
    return whole.getvalue()


def taken_apart() -> dict[str, bytes]:
    """The members of a bundle, its manifest among them."""
    with zipfile.ZipFile(io.BytesIO(pack(SMALL))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


REPACKED: list[tuple[Callable[[dict[str, bytes]], dict[str, bytes]], tuple[str, ...]]] = [
    (lambda members: members, ("bytes outside its members differ",)),
    (lambda members: {**members, "run.json": b"[1, 3]\n"}, ("run.json was altered",)),
    (lambda members: {**members, "more.txt": b""}, ("more.txt was added",)),
    (lambda members: {name: members[name] for name in members if name != "run.json"}, ("run.json was removed",)),
    (
        lambda members: {name: members[name] for name in members if name != "manifest.json"},
        ("manifest.json is missing or was altered",),
    ),
    (lambda members: {**members, "manifest.json": b"{}"}, ("manifest.json is missing or was altered",)),
    (
        lambda members: {**members, "manifest.json": members["manifest.json"].replace(b"  ", b" ")},
        ("bytes outside its members differ",),
    ),
]


@pytest.mark.parametrize(("change", "found"), REPACKED)
def test_a_bundle_that_was_packed_again_is_told_by_what_differs(
    change: Callable[[dict[str, bytes]], dict[str, bytes]], found: tuple[str, ...]
) -> None:
    """Members altered, added or removed are named; so is a file that some other tool has written."""
    assert says(zipped(change(taken_apart()))) == found


def test_a_member_that_stands_twice_is_told() -> None:
    """The second of two members of one name is not taken for the first."""
    whole = io.BytesIO(pack(SMALL))
    with zipfile.ZipFile(whole, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("run.json", b"[]")

    assert says(whole.getvalue())[0] == "run.json is in it twice"


def sampled(raw: bytes, step: int) -> Iterator[bytes]:
    """The bundle with one byte altered, at every so many bytes and wherever a header stands."""
    headers = {at + shift for at in range(len(raw)) if raw.startswith(b"PK", at) for shift in range(48)}
    for position in sorted({*range(0, len(raw), step), *headers}):
        if position < len(raw):
            yield raw[:position] + bytes([raw[position] ^ 0x10]) + raw[position + 1 :]


def test_a_byte_altered_in_the_evidence_of_a_run_is_seen(bundle: Bundle) -> None:
    """In a real bundle a dense sample of altered bytes is seen, one for one."""
    raw = bundle.path.read_bytes()

    assert [altered for altered in sampled(raw, 211) if not says(altered)] == []


@pytest.mark.matrix
def test_every_byte_altered_in_the_evidence_of_a_run_is_seen(bundle: Bundle) -> None:
    """In a real bundle every altered byte is seen."""
    raw = bundle.path.read_bytes()

    assert [altered for altered in sampled(raw, 1) if not says(altered)] == []


# ── what follows from the journal ──


def test_a_bundle_holds_the_run_and_where_it_comes_from(bundle: Bundle, journal: Path) -> None:
    """Journal, profile, report, seed, versions and the four signatures are in it; the token is not."""
    profile = json.loads(bundle.members["profile.json"])

    assert {"journal.ndjson", "profile.json", "run.json", "report.json", "junit.xml"} <= set(bundle.members)
    assert bundle.members["journal.ndjson"] == journal.read_bytes()
    assert (bundle.run["seed"], bundle.run["kit"], bundle.run["only"]) == (0, "0.1.0", ["CU-004"])
    assert set(bundle.run["signatures"]) == {"kit", "contract", "profile", "environment"}
    assert all(len(signature) == 64 for signature in bundle.run["signatures"].values())
    assert "token" not in profile["target"]
    assert str(journal.parent).encode() not in bundle.path.read_bytes()
    assert tempfile.gettempdir().encode() not in bundle.members["report.html"]


def test_a_run_is_judged_again_as_it_was(bundle: Bundle) -> None:
    """What a bundle's journal shows is what its report says."""
    with rejudged(bundle) as again:
        assert again.result.verdict == json.loads(bundle.members["report.json"])["verdict"]
        assert again.otherwise == ()


def forged(bundle: Bundle, folder: Path, **members: bytes) -> Bundle:
    """A bundle put together by hand, whose manifest fits its members."""
    path = folder / "forged.zip"
    named = {name.replace("_", "."): content for name, content in members.items()}
    path.write_bytes(pack({**bundle.members, **named}))
    return read_bundle(path)


FORGERIES: list[tuple[str, Callable[[bytes], bytes], str]] = [
    ("report_json", lambda raw: raw.replace(b'"partial"', b'"conforms"', 1), "report.json does not follow"),
    ("junit_xml", lambda raw: raw + b"\n", "junit.xml does not follow"),
    ("run_json", lambda raw: raw.replace(b'"seed": 0', b'"seed": 1'), "run.json does not follow"),
    ("profile_json", lambda raw: raw.replace(b"sales", b"sails"), "profile.json does not follow"),
    ("more_txt", lambda _: b"a member of somebody's own", "more.txt does not belong in it"),
    ("journal_ndjson", lambda raw: raw.replace(b'"result_code\\": 0', b'"result_code\\": 1'), "report.json does not"),
    ("journal_ndjson", lambda _: b"not a journal", "journal.ndjson: this is no journal"),
]


@pytest.mark.parametrize(("name", "change", "found"), FORGERIES)
def test_what_does_not_follow_from_the_journal_is_found_out(
    bundle: Bundle, tmp_path: Path, name: str, change: Callable[[bytes], bytes], found: str
) -> None:
    """A bundle whose hashes fit, but whose report is not that of its journal, is altered all the same."""
    before = bundle.members.get(name.replace("_", "."), b"")
    assert change(before) != before
    put_together = forged(bundle, tmp_path, **{name: change(before)})

    with pytest.raises(EvidenceAltered, match=found), rejudged(put_together):
        pass


def test_another_kit_may_judge_otherwise_and_says_so(bundle: Bundle, tmp_path: Path) -> None:
    """A bundle of another kit is judged by this one, and the rows it sees in another way are named."""
    run_json = json.loads(bundle.members["run.json"])
    run_json["made_by"] = {"kit": "0.0.9", "signature": "0" * 64}
    report = json.loads(bundle.members["report.json"])
    row = next(row for row in report["requirements"] if row["id"] == "CU-004")
    row["verdict"] = "warn"
    other = forged(bundle, tmp_path, run_json=as_json(run_json), report_json=as_json(report))

    with rejudged(other) as again:
        assert again.otherwise == ("CU-004",)


def as_json(value: object) -> bytes:
    """The text of a member."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


@pytest.mark.parametrize(
    ("members", "found"),
    [
        ({"journal.ndjson": b""}, "report.json is missing; run.json is missing"),
        ({**SMALL, "profile.json": b""}, "run."),
    ],
)
def test_a_bundle_that_lacks_what_each_has_is_no_evidence(
    tmp_path: Path, members: dict[str, bytes], found: str
) -> None:
    """A zip with a fitting manifest and nothing to judge in it is told as altered."""
    path = tmp_path / "e.zip"
    path.write_bytes(pack(members))

    with pytest.raises(EvidenceAltered, match=found):
        read_bundle(path)


def test_what_is_no_bundle_is_named(tmp_path: Path, journal: Path) -> None:
    """A journal, a missing file and a folder are no bundles."""
    assert not is_bundle(tmp_path)
    assert not is_bundle(journal)
    with pytest.raises(UsageError, match="this is no bundle"):
        read_bundle(journal)
    with pytest.raises(UsageError, match="the bundle cannot be read"):
        read_bundle(tmp_path / "none.zip")


@pytest.mark.parametrize("name", ["signatures", "environment"])
def test_a_journal_that_does_not_say_where_it_comes_from(journal: Path, tmp_path: Path, name: str) -> None:
    """The journal of a kit that wrote no signatures makes no bundle."""
    head, rest = journal.read_bytes().split(b"\n", 1)
    old = tmp_path / "journal.ndjson"
    old.write_bytes(json.dumps({**json.loads(head), name: None}).encode() + b"\n" + rest)

    with pytest.raises(UsageError, match="does not say which kit"):
        write_bundle(old, tmp_path / "e.zip")


def test_a_bundle_that_cannot_be_made_is_told(journal: Path, tmp_path: Path) -> None:
    """No journal, a file that is none, and a place that cannot be written are named."""
    (tmp_path / "none.ndjson").write_text("[]", "utf-8")

    for path, said in ((tmp_path / "missing", "cannot be read"), (tmp_path / "none.ndjson", "this line is no event")):
        with pytest.raises(UsageError, match=said):
            write_bundle(path, tmp_path / "e.zip")
    with pytest.raises(UsageError, match="the bundle cannot be written"):
        write_bundle(journal, tmp_path / "none.ndjson" / "e.zip")


# ── claims ──

PASSES = requirement("CU-001", "pass")
REFUSED: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"ending": "interrupted"}, {}, "the run ended early: interrupted"),
    ({"target": "the embedded mock PBX"}, {}, "against its own mock PBX"),
    ({}, {"replay": "reply/plain-call.1"}, "it is the replay of one case"),
    ({}, {"only": ["CU-001"]}, "only some requirements were asked for"),
    ({"verdict": "partial"}, {}, "the run is partial"),
    ({"verdict": "hollow"}, {}, "the run is hollow"),
    ({"verdict": "harness-error"}, {}, "the run is harness-error"),
    ({"executed": 2}, {}, "2 of 3 scenarios were played"),
]


@pytest.mark.parametrize(("members", "head", "why"), REFUSED)
def test_nothing_is_claimed_from_a_run_that_is_not_complete(
    members: dict[str, Any], head: dict[str, Any], why: str
) -> None:
    """Interrupted, filtered, replayed, partial and hollow runs bear no claim, and the reason is told."""
    assert why in why_no_claim(run(PASSES, **members), head)


@pytest.mark.parametrize("verdict", ["ambiguous", "disabled", "needs-review", "not-testable"])
def test_a_must_row_without_a_verdict_bears_no_claim(verdict: Verdict) -> None:
    """Where a MUST row was not judged, other rows that fail do not make the run complete."""
    result = run(PASSES, requirement("CU-002", verdict), requirement("CU-003", "fail"), verdict="does-not-conform")

    assert why_no_claim(result, {}) == "nothing can be said of CU-002"


def test_a_complete_run_that_fails_may_be_claimed() -> None:
    """A claim may say that an implementation does not conform; what stands behind the failure is no gap."""
    behind = requirement("CU-003", "not-testable", detail="because CU-002 does not hold")
    result = run(PASSES, requirement("CU-002", "fail"), behind, verdict="does-not-conform")

    assert why_no_claim(result, {"only": [], "replay": ""}) == ""


def test_a_claim_says_what_was_run_and_how_to_run_it_again(bundle: Bundle) -> None:
    """Implementation, versions, scores, what did not pass, the evidence's hash and the commands are in it."""
    result = run(
        PASSES,
        requirement("CU-002", "fail"),
        requirement("CU-005", "warn", level="SHOULD"),
        requirement("CU-020", "not-applicable", level="SHOULD"),
        verdict="does-not-conform",
    )

    claim = claim_of(bundle, result, Claimant(implementation="Acme PBX", version="4.2"))

    assert (claim["implementation"], claim["version"], claim["contract"]) == ("Acme PBX", "4.2", "1.0.0")
    assert claim["MUST"] == {"passed": 1, "scored": 2, "not_passed": {"CU-002": "fail"}}
    assert claim["SHOULD"] == {"passed": 0, "scored": 1, "not_passed": {"CU-005": "warn"}}
    assert claim["not_applicable"] == ["CU-020"]
    assert claim["evidence"] == {"sha256": bundle.sha256, "bytes": len(bundle.path.read_bytes())}
    assert any("conformance server" in line and "--seed 7" in line for line in claim["reproduce"])


def test_a_claim_is_held_against_its_evidence(bundle: Bundle, tmp_path: Path) -> None:
    """A claim is borne out by the bundle it was made from; one member that differs is named."""
    result = run(PASSES)
    unfiltered = dataclasses.replace(bundle, run={**bundle.run, "only": []})
    claim = claim_of(unfiltered, result, Claimant(implementation="Acme PBX", version="4.2"))
    path = tmp_path / "claim.json"

    path.write_bytes(render_claim(claim))
    ensure_claim(path, unfiltered, result)
    with pytest.raises(EvidenceAltered, match="no claim can be made: only some requirements"):
        ensure_claim(path, bundle, result)

    path.write_bytes(render_claim({**claim, "MUST": {"passed": 2, "scored": 2, "not_passed": {}}}))
    with pytest.raises(EvidenceAltered, match="the claim says otherwise of MUST"):
        ensure_claim(path, unfiltered, result)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"implementation": "A", "version": "1"}'])
def test_what_is_no_claim_is_named(bundle: Bundle, tmp_path: Path, text: str) -> None:
    """A file that is no claim is told as that, and what makes one."""
    path = tmp_path / "claim.json"
    path.write_text(text, "utf-8")

    with pytest.raises(UsageError, match="this is no claim"):
        ensure_claim(path, bundle, run(PASSES))
