"""How fast the site comes up: what is slow to import waits until it is needed."""

import subprocess
import sys

from asset_hub.config import ROOT

SLOW = ("folium", "apscheduler", "alembic", "openpyxl", "PIL", "holidays", "webauthn", "icalendar")
SCRIPT = f"""
import sys, time
began = time.process_time()
import wsgi
took = time.process_time() - began
loaded = [name for name in {SLOW!r} if name in sys.modules]
print(f"{{took:.2f}}", *loaded)
"""


def test_starting_imports_nothing_slow() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SCRIPT],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    took, *loaded = done.stdout.split()
    assert not loaded, f"imported at the top of a file: {loaded}"
    assert float(took) < 1.6, "twice what the design allows, for a busy machine"
