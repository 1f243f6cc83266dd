"""Bring the tables to the newest shape and fill an empty database with the demo place.

One process does both, so that `make run` is up quickly. Ends with 0 when the demo place is there,
3 when other data is (or this is production), and else with the fault.
"""

import sys
from pathlib import Path

from flask.cli import ScriptInfo

sys.path.insert(0, str(Path(__file__).parent.parent))

from wsgi import app


def main() -> int:
    """Run `flask db upgrade` and `flask demo fill --if-empty`."""
    site = ScriptInfo(create_app=lambda: app)
    app.cli.main(["db", "upgrade"], obj=site, standalone_mode=False)
    if app.extensions["settings"].production:
        return 3
    app.cli.main(["demo", "fill", "--if-empty"], obj=site, standalone_mode=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
