"""Lets another tool that draws with Hypothesis draw as `sample` does: by a seed alone, and leaving nothing behind."""

from __future__ import annotations

import contextlib
import gzip
import json
import tempfile
from typing import TYPE_CHECKING

from hypothesis import configuration, settings
from hypothesis.internal.charmap import charmap_file
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS

from basix_contract.strategies._provider import SeededProvider

if TYPE_CHECKING:
    from collections.abc import Iterator

# One name for all: tools keep the settings they once made, and with them the name of the backend.
_NAME = "basix-contract-sealed"
_ENCODABLE = ((0, 0xD7FF), (0xE000, 0x10FFFF))  # all characters but surrogates (RFC 3629, 3)


class _SealedProvider(SeededProvider):
    """Draws by the seed of the block that is open."""


@contextlib.contextmanager
def sealed(seed: int) -> Iterator[None]:
    """Inside, whatever takes Hypothesis' default settings draws by this seed, and no folder is made where we stand.

    Hypothesis would otherwise mix constants of whatever modules are loaded into what it draws, and keep tables and
    examples under the working directory. Not for use inside a @given test, nor in two threads at a time.

    >>> from basix_contract.strategies import sealed
    >>> with sealed(7):
    ...     pass
    """
    before, home = settings.get_current_profile_name(), vars(configuration)["__hypothesis_home_directory"]
    AVAILABLE_PROVIDERS[_NAME] = _SealedProvider
    _SealedProvider.seed = seed
    settings.register_profile(_NAME, backend=_NAME, database=None)
    with tempfile.TemporaryDirectory() as folder:
        configuration.set_hypothesis_home_dir(folder)
        _lay_out_table()
        settings.load_profile(_NAME)
        try:
            yield
        finally:
            settings.load_profile(before)
            configuration.set_hypothesis_home_dir(home)


def _lay_out_table() -> None:
    """Write down what UTF-8 can encode: in an empty folder Hypothesis takes more than a second to find it out.

    Were it looked for elsewhere, or in another form, it would be found out as ever.
    """
    place = charmap_file("codec-v2-utf-8")
    place.parent.mkdir(parents=True)
    with gzip.open(place, "wt", encoding="ascii") as table:
        json.dump([_ENCODABLE, []], table)
