"""Prints what every screen and every sentence takes as a text message."""

import sys

from tests.segments.measuring import screens, sentences
from tests.segments.table import table

if __name__ == "__main__":
    sys.stdout.write(table(tuple(screens()), tuple(sentences())))
