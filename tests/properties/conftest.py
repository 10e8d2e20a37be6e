"""One fresh number a run, the same in every worker, printed so that a failure can be repeated."""

import os
import secrets

os.environ.setdefault("PROPERTY_SEED", str(secrets.randbelow(2**32)))


def pytest_report_header() -> str:
    return f"fresh examples: PROPERTY_SEED={os.environ['PROPERTY_SEED']}"
