import subprocess
import sys
from pathlib import Path

from tools.contracts.files import ROOT

WRITTEN = """
from shared.contracts.orders import OrderConfirmed

OrderConfirmed(buyer="b", seller="s", total_paise=100)
OrderConfirmed(buyer="b", seller="s", total_paise=100, totl_paise=100)
OrderConfirmed(buyer="b", seller="s", total_paise="100")
OrderConfirmed(buyer="b", total_paise=100)
"""


def test_a_misspelt_or_missing_field_of_a_fact_does_not_pass_the_type_check(tmp_path: Path) -> None:
    """At run time a reader ignores what it does not know, so a writer's slip has to be found here."""
    source = tmp_path / "written.py"
    source.write_text(WRITTEN, "utf-8")
    mypy = [sys.executable, "-m", "mypy", "--no-error-summary", str(source)]
    done = subprocess.run(mypy, cwd=ROOT, capture_output=True, text=True, check=False)
    errors = [line.partition("written.py:")[2] for line in done.stdout.splitlines() if " error: " in line]
    assert [line.split(":")[0] for line in errors] == ["5", "6", "7"], done.stdout + done.stderr
    assert '"totl_paise"' in errors[0]
