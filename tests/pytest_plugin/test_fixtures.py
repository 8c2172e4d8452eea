"""The fixtures as an integrator's own project uses them: in a pytest run of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from basix_contract.mock import DEFECTS
from tests.pytest_plugin.conftest import Project

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parent.parent.parent


def run_pytest(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run pytest in a folder, as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "basix_contract.pytest_plugin", "-p", "no:cacheprovider"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_each_test_has_a_pbx_of_its_own(project: Project) -> None:
    """A call shows in `.calls` of the test that placed it, and in no other's; the result can be waited for."""
    code, told = project("""
def test_one(basix_pbx, basix_profile):
    assert call(basix_pbx, basix_profile, user_name="jessica").json()["result_code"] == 0
    (record,) = basix_pbx.wait_until(lambda calls: calls[0].outcome)
    assert (record.user, record.outcome) == ("jessica", "answered")

def test_two(basix_pbx, basix_profile):
    assert basix_pbx.calls == ()
""")

    assert code == 0, told
    assert "2 passed" in told


def test_the_marker_says_what_the_pbx_is_like(project: Project) -> None:
    """Switches, defects and seed come from the marker; the one nearest to the test wins."""
    code, told = project(
        """
import pytest
pytestmark = pytest.mark.basix(error_style="4xx", seed=3)
SEEN = []

@pytest.mark.parametrize("_", range(2))
def test_seed(basix_pbx, basix_profile, _):
    SEEN.append(call(basix_pbx, basix_profile, user_name="jessica").json()["uuids"])
    assert SEEN[0] == SEEN[-1]
    assert call(basix_pbx, basix_profile, user_name="nobody").status_code == 404

@pytest.mark.basix(error_style="200", defects=["DEFECT"])
def test_nearest(basix_pbx, basix_profile):
    assert call(basix_pbx, basix_profile, user_name="nobody").status_code == 200
    assert [defect.id for defect in basix_pbx.app.defects] == ["DEFECT"]
""".replace("DEFECT", next(iter(DEFECTS)))
    )

    assert code == 0, told


@pytest.mark.parametrize("asked", ['error_stile="4xx"', 'defects=["no-such-defect"]'])
def test_what_cannot_be_is_named(project: Project, asked: str) -> None:
    """A mistake in the marker is told on one line that names it, without our own source."""
    code, told = project(f"""
import pytest

@pytest.mark.basix({asked})
def test_one(basix_pbx):
    pass
""")

    assert code == 1
    assert "basix_pbx cannot be as asked for: " in told
    assert "error_stile" in told or "no-such-defect" in told
    assert "MockServer(" not in told


def test_the_directory_can_be_ones_own(project: Project) -> None:
    """Defining `basix_profile` in a project replaces who can be rung."""
    code, told = project(
        """
def test_one(basix_pbx, basix_profile):
    assert call(basix_pbx, basix_profile, user_extension="77").json()["result_code"] == 0
    assert call(basix_pbx, basix_profile, user_name="jessica").json()["result_code"] != 0
""",
        conftest="""
import pytest
from basix_contract.profile import parse_profile

@pytest.fixture(scope="session")
def basix_profile():
    return parse_profile('''
        target = {domain = "own.example", token = "t"}
        users = [{extension = "77"}]
        destinations = [{value = "0312341234"}]
    ''')
""",
    )

    assert code == 0, told


@pytest.mark.parametrize(
    ("fixture", "library"), [("basix_pbx", "uvicorn"), ("basix_callbacks", "starlette"), ("basix_router", "respx")]
)
def test_a_missing_extra_is_named(tmp_path: Path, fixture: str, library: str) -> None:
    """Where a library of a fixture is missing, the test fails with the way to install it."""
    (tmp_path / "conftest.py").write_text(f"import sys\nsys.modules[{library!r}] = None\n", "utf-8")
    (tmp_path / "test_own.py").write_text(f"def test_one({fixture}):\n    pass\n", "utf-8")
    ended = run_pytest(tmp_path)

    assert ended.returncode == 1
    assert f"the basix fixtures need {library}: pip install 'basix-contract[testing]'" in ended.stdout


def test_a_run_without_fixtures_pays_nothing() -> None:
    """Loading the plugin loads nothing but pytest: it is loaded in every run of whoever installs us."""
    program = (
        "import sys, pytest\nbefore = set(sys.modules)\nimport basix_contract.pytest_plugin\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert ended.stdout.split() == [
        "basix_contract",
        "basix_contract._version",
        "basix_contract.pytest_plugin",
        "basix_contract.pytest_plugin._fixtures",
    ]


def test_loading_the_plugin_takes_at_most_50_ms() -> None:
    """CPU time, best of two: what a run pays that uses no fixture of ours. `make bench` has the whole start."""
    program = (
        "import pytest, time\nbegan_s = time.process_time()\nimport basix_contract.pytest_plugin\n"
        "print(time.process_time() - began_s)"
    )
    runs = [
        subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
        for _ in range(2)
    ]

    assert min(float(run.stdout) for run in runs) <= 0.05


def test_the_testing_extra_is_enough(tmp_path: Path) -> None:
    """No fixture needs a library that only the kit's commands use."""
    blocked = ("cyclopts", "fastapi", "flask", "hypothesis", "jinja2", "openapi_core", "rich", "schemathesis")
    (tmp_path / "conftest.py").write_text(f"import sys\nsys.modules.update(dict.fromkeys({blocked}))\n", "utf-8")
    (tmp_path / "test_own.py").write_text(
        "def test_pbx(basix_pbx, basix_client, basix_callbacks):\n"
        "    basix_client.call_user(user_name='bob', destination='thomas')\n"
        "    basix_pbx.assert_called_once_with(user_name='bob', destination='thomas')\n\n"
        "def test_router(basix_router):\n    basix_router.next_reply(error_id='busy')\n",
        "utf-8",
    )
    ended = run_pytest(tmp_path)

    assert ended.returncode == 0, ended.stdout
