"""A small Discord on 127.0.0.1: gateway and REST API over real sockets, for the real discord.py.

    async with serving() as discord:
        news = discord.world.channel(discord.world.guild())
        client = ...  # any discord.py client, started with discord.token
        asked = await discord.command("where", {"place": "Lyman"}, news)
        await discord.until(lambda: asked.answers)

It keeps Discord's limits (message sizes, three seconds for an acknowledgement, requests per route and in all), enforces
nonces, resumes sessions, and misbehaves to order: ``discord.orders.give("post", Drop())``. Its clock is handed in, and
discord.py's own waiting is taken from it (``waiting``), so that no test waits.
"""

from tests.discord.loopback.limits import Drop, Hang, Lose, TooMany, broken
from tests.discord.loopback.people import Interaction, custom_ids
from tests.discord.loopback.refusals import Json, Refusal
from tests.discord.loopback.serving import HandTime, Loopback, pointing, serving, waiting
from tests.discord.loopback.world import Channel, Guild, Kind, User, World, texts

__all__ = [
    "Channel",
    "Drop",
    "Guild",
    "HandTime",
    "Hang",
    "Interaction",
    "Json",
    "Kind",
    "Loopback",
    "Lose",
    "Refusal",
    "TooMany",
    "User",
    "World",
    "broken",
    "custom_ids",
    "pointing",
    "serving",
    "texts",
    "waiting",
]
