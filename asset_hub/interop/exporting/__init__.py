"""Formats that are written: sheets to take away."""
