"""URLs and uuids: tables of telling ones, and strategies for any."""

from __future__ import annotations

from hypothesis import strategies as st

from basix_contract.strategies._letters import text_of

URLS = (
    "http://receiver.example/",
    "https://receiver.example/calls/result_receiver",
    "http://receiver.example:8080/a/b?call=1",
    "https://receiver.example/result?id=0a1b&empty=&again=1&again=2",
    "http://127.0.0.1:1/x",
    "HTTPS://Receiver.Example/Case/Kept",
    "http://receiver.example/%2F%41+b%20c/;v=1",
    "http://receiver.example//double/../dots/./",
    "http://receiver.example?query-without-path",
    "http://receiver.example/{not,a,template}?q={x}",
    "http://receiver.example/!$&'()*+,;=:@[]",
    "http://[::1]:8080/v6",
    "http://user:secret@receiver.example/#fragment",
    "http://a-b.c_d.example./",
    "http://receiver.example/" + "long/" * 60,
    "https://receiver.example:443/?u=https://other.example/&v=(timeout=5)",
)
"""Beginning with the plain ones that every PBX must take; all at names and addresses that reach nobody."""

UUIDS = (
    "ede7b23e-c172-445e-832e-963b11ba2b96",
    "1c46fc4b-a42f-410e-82b5-11aa2a1f69fe",
    "324e02d5-00f6-34d1-8000-000000000000",
    "EDE7B23E-C172-445E-832E-963B11BA2B97",
    "017f22e2-79b0-7cc3-98c4-dc0c0c07398f",
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "Ede7b23e-C172-1fff-0000-963b11ba2b98",
)
"""Of several versions, of none, in both cases."""

_DIGITS = "0123456789abcdefABCDEF"
_PATH = "abcdefghijklmnopqrstuvwxyzABCDEF0123456789-._~%!$&'()*+,;=:@/?"
_PARTS = (8, 4, 4, 4, 12)


def urls() -> st.SearchStrategy[str]:
    """Return a strategy for http and https URLs with ports, paths and queries."""
    schemes = st.sampled_from(("http", "https", "HTTP"))
    hosts = st.sampled_from(("receiver.example", "127.0.0.1", "[::1]", "xn--r8jz45g.example"))
    ports = st.one_of(st.just(""), st.integers(1, 65_535).map(":{}".format))
    return st.builds("{}://{}{}/{}".format, schemes, hosts, ports, text_of(_PATH, shortest=0, longest=60))


def uuids() -> st.SearchStrategy[str]:
    """Return a strategy for texts of the 8-4-4-4-12 form, any hexadecimal digits in either case."""
    return text_of(_DIGITS, shortest=sum(_PARTS), longest=sum(_PARTS)).map(_dashed)


def _dashed(digits: str) -> str:
    ends = [sum(_PARTS[:number]) for number in range(1, len(_PARTS))]
    return "-".join(digits[start:end] for start, end in zip((0, *ends), (*ends, None), strict=True))
