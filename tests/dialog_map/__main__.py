"""Writes the map of the dialogs beside them."""

import sys

from tests.dialog_map.drawing import drawn
from tests.dialog_map.place import MAP
from tests.dialog_map.reading import ways

if __name__ == "__main__":
    MAP.write_text(drawn(ways()), "utf-8")
    sys.stdout.write(f"{MAP}\n")
