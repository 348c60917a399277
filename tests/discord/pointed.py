"""``dateline`` whose Discord is the loopback one at a port: ``python -m tests.discord.pointed PORT run``."""

import sys


def main() -> None:
    """The command line. The imports stand here since each reading process imports this file again as it starts."""
    from bot.__main__ import main as dateline
    from tests.discord.loopback import pointing

    with pointing(int(sys.argv.pop(1))):
        dateline()


if __name__ == "__main__":
    main()
