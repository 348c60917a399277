"""``dateline`` and ``python -m bot``. Light on purpose: each reading process imports this file again as it starts."""

import sys


def main() -> None:
    """Runs the command line."""
    try:
        from bot.cli import main as run

        run()
    except KeyboardInterrupt:  # before the command itself listens for it
        sys.exit(130)


if __name__ == "__main__":
    main()
