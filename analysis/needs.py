"""What the scripts of this folder say where a package is missing; needs nothing but Python."""

from __future__ import annotations

import sys


def refuse(program: str, missing: ImportError) -> None:
    """Ends the program with one line that says what to install."""
    print(f"{program}: {missing}; on Debian or Ubuntu: apt-get install python3-xarray "
          "python3-h5netcdf python3-matplotlib python3-scipy, then run it with /usr/bin/python3", file=sys.stderr)
    sys.exit(2)
