"""What goes wrong for reasons that a user can mend."""

from __future__ import annotations


class CalibrationError(Exception):
    """One line for the user: where, what, with the value, and what to do."""
