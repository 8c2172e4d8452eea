"""Values that are sent: only what was given goes out, and none of it shows where it is printed."""

from __future__ import annotations

from typing import Any


class Given:
    """The base of what can be handed in as an object of the document; None stands for what is not given."""

    __slots__: tuple[str, ...] = ()

    def members(self) -> dict[str, Any]:
        """Return every member by its name in the document."""
        return {name: getattr(self, name) for name in self.__slots__}

    def __repr__(self) -> str:
        """Name what was given and hide its values: they are people's."""
        shown = (
            f"{name}={value!r}" if isinstance(value, Given) else f"{name}=…"
            for name, value in self.members().items()
            if value is not None
        )
        return f"{type(self).__name__}({', '.join(shown)})"
