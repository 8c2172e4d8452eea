"""What went wrong first, where several things that ran together came to an end together."""

from __future__ import annotations


def first_error(error: BaseException) -> BaseException:
    """Return the first error of a group, however deep; an error that is no group is that error."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def fault_of_ours(error: BaseException) -> str:
    """Name what went wrong first on our side, without its words: they could quote a secret."""
    return f"the kit itself failed with {type(first_error(error)).__name__}"
