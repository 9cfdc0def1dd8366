"""``python -m actors`` is the ``vimbiso`` command."""

from actors.cli import main

main(prog_name="vimbiso")
