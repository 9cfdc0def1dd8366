"""Where the map lies."""

from pathlib import Path

import actors.dialogs

MAP = Path(actors.dialogs.__file__).with_name("MAP.md")
