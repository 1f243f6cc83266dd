"""What the directory decides, without a database, a request or a clock."""

from asset_hub.directory.rules.grid import coarse, to_grid

__all__ = ["coarse", "to_grid"]
