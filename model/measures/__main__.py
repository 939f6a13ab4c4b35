"""`python -m model.measures`: prints the dictionary of measures, or writes it into a document."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from model.measures.document import markdown, update


def main() -> None:
    """Print it, or write it between the marks of a file."""
    asking = argparse.ArgumentParser(prog="python -m model.measures", description=__doc__)
    asking.add_argument("--update", type=Path, metavar="FILE", help="a Markdown file with marks")
    chosen = asking.parse_args()
    if chosen.update:
        update(chosen.update)
    else:
        sys.stdout.write(markdown() + "\n")


if __name__ == "__main__":
    main()
