"""``dateline`` and ``python -m bot``. Light on purpose: each reading process imports this file again as it starts."""


def main() -> None:
    """Runs the command line."""
    from bot.cli import main as run

    run()


if __name__ == "__main__":
    main()
