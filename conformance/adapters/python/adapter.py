"""The adapter of the kit's own client: one call a line on standard input, one outcome a line on standard output."""

from __future__ import annotations

import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from basix_contract import ApiError, BasixContractError, CallOutcomeUnknown, Client, NotSent

_AT_ONCE = 8
_printing = threading.Lock()


def place(call: dict[str, Any]) -> dict[str, Any]:
    """Place one call and say what came of it."""
    try:
        with Client(
            base_url=call["base_url"],
            domain=call["domain"],
            token=call["token"],
            reply_timeout_s=call["timeout_s"],
        ) as client:
            reply = client.call_user(**call["params"])
    except ApiError as error:
        return {"outcome": "error", "error_id": error.error_id or None, "result_code": error.result_code}
    except NotSent as error:
        return {"outcome": "not-sent", "detail": str(error)}
    except CallOutcomeUnknown as error:
        return {"outcome": "unknown", "detail": str(error)}
    except BasixContractError as error:
        return {"outcome": "exception", "detail": f"{type(error).__name__}: {error}"}
    return {"outcome": "success", "uuids": list(reply.uuids)}


def answer(line: str) -> None:
    """Place the call of a line, and print its outcome with its case."""
    call = json.loads(line)
    outcome = json.dumps({"case": call["case"], **place(call)})
    with _printing:
        sys.stdout.write(outcome + "\n")
        sys.stdout.flush()


def main() -> None:
    """Place calls, several at a time, for as long as there are any."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for line in sys.stdin:
            pool.submit(answer, line)


if __name__ == "__main__":
    main()
