"""Run as a command: tells an application of a call, as somebody who places it would, and prints the call's URL."""

from __future__ import annotations

import sys
from http.client import HTTPConnection

host, case = sys.argv[1:]
connection = HTTPConnection(host, timeout=10)
connection.request("POST", f"/calls/{case}", sys.stdin.read())
sys.stdout.write(connection.getresponse().read().decode())
