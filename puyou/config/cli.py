"""The `puyou` command: Django's commands, with the embedded server made sure of first."""

import os
import sys

WITHOUT_DATABASE = {
    "verify_log",
    "verify_archive",
    "restore",
    "backups",
    "stop",
    "help",
    "--help",
    "-h",
    "--version",
    "version",
}


def main() -> None:
    """Run one command; exit codes are the command's own."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "puyou.config.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - settings must be named first

    from puyou.config import embedded, processes  # noqa: PLC0415

    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    asks_help = any(argument in ("--help", "-h") for argument in sys.argv[2:])
    if not os.environ.get("DATABASE_URL") and command not in WITHOUT_DATABASE and not asks_help:
        processes.started_server = embedded.ensure()
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
