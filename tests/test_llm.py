import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.errors import WriterError
from bot.llm import BACKOFF, LONGEST_REST, MOST_BYTES, MOST_USED, TRIES, ChatWriter
from bot.types import Prompt
from tests.fakes import HandClock
from tests.llm_server import NEVER, Server, completion, http, serving

PROMPT = Prompt("Word the points.", '{"sentences": []}', '{"type": "object"}', 100)
BUSY = http(b"{}", "429 Too Many Requests")
GOOD = completion("fine")


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with serving() as opened:
        yield opened


@pytest.fixture
def slept() -> list[float]:
    """The pauses of the writer, in seconds; none is waited for."""
    return []


@pytest.fixture
async def writer(server: Server, clock: HandClock, slept: list[float]) -> AsyncIterator[ChatWriter]:
    async def pause(seconds: float) -> None:
        slept.append(seconds)

    async with ChatWriter(server.url, "tiny", "s3cret", clock, sleep=pause) as opened:
        yield opened


async def test_it_asks_as_the_api_wants_it_and_gives_the_text_and_what_it_cost(
    server: Server, writer: ChatWriter
) -> None:
    server.says(GOOD)
    reply = await writer.write(PROMPT, within=30)
    assert (reply.text, reply.tokens_in, reply.tokens_out) == ("fine", 100, 50)
    (asked,) = server.asked
    assert (asked["model"], asked["max_tokens"], asked["temperature"]) == ("tiny", 100, 0)
    assert [message["role"] for message in asked["messages"]] == ["system", "user"]
    assert asked["response_format"]["json_schema"]["schema"] == {"type": "object"}


async def test_it_sends_the_key_and_nothing_about_this_machine(server: Server, writer: ChatWriter) -> None:
    server.says(GOOD)
    await writer.write(PROMPT, within=30)
    assert server.headers[0]["authorization"] == "Bearer s3cret"
    assert set(server.headers[0]) <= {"host", "authorization", "content-type", "content-length", "accept", "connection"}


async def test_no_proxy_of_the_environment_sees_the_key(
    server: Server, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server.says(GOOD)
    async with ChatWriter(server.url, "tiny", "s3cret", clock) as writer:
        assert (await writer.write(PROMPT, within=30)).text == "fine"


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (completion("fine", kind="text/plain"), "fine"),
        (completion([{"type": "text", "text": "fi"}, {"type": "text", "text": "ne"}]), "fine"),
        (completion("fine", usage=None), "fine"),
        (completion("fine", usage=(-500_000, 10**30)), "fine"),
        (completion("fine").replace(b'"prompt_tokens": 100', b'"prompt_tokens": 1e3'), "fine"),
        (http(b'{"choices": [{"message": {"content": "fine"}}], "usage": "many"}'), "fine"),
    ],
)
async def test_dialects_of_an_answer_are_read(answer: bytes, text: str, server: Server, writer: ChatWriter) -> None:
    server.says(answer)
    reply = await writer.write(PROMPT, within=30)
    assert reply.text == text
    assert 0 < reply.tokens_in <= MOST_USED
    assert 0 < reply.tokens_out <= MOST_USED


async def test_what_a_server_refuses_is_left_out_and_not_tried_again(server: Server, writer: ChatWriter) -> None:
    def old(request: dict[str, object]) -> bytes:
        return http(b'{"error": "unknown field"}', "400 Bad Request") if "response_format" in request else GOOD

    server.says(old)
    await writer.write(PROMPT, within=30)
    assert len(server.asked) == 3
    await writer.write(PROMPT, within=30)
    assert len(server.asked) == 4
    assert server.asked[-1]["max_tokens"] == 100


async def test_a_server_without_a_system_role_gets_one_message(server: Server, writer: ChatWriter) -> None:
    def alone(request: dict[str, list[object]]) -> bytes:
        return http(b"{}", "422 Unprocessable") if len(request["messages"]) > 1 else GOOD

    server.says(alone)
    assert (await writer.write(PROMPT, within=30)).text == "fine"
    assert server.asked[-1]["messages"][0]["content"] == f"{PROMPT.system}\n\n{PROMPT.data}"


@pytest.mark.parametrize("trouble", [BUSY, http(b"oops", "500 Internal Server Error"), http(b"", "503 Away")])
async def test_trouble_that_passes_is_waited_out(
    trouble: bytes, server: Server, writer: ChatWriter, slept: list[float]
) -> None:
    server.says(trouble, trouble, GOOD)
    assert (await writer.write(PROMPT, within=30)).text == "fine"
    assert slept == [BACKOFF, 2 * BACKOFF]


async def test_a_connection_that_breaks_is_tried_again(server: Server, writer: ChatWriter) -> None:
    server.says(GOOD[:-20], GOOD)  # the body is shorter than its length
    assert (await writer.write(PROMPT, within=30)).text == "fine"
    assert len(server.asked) == 2


@pytest.mark.parametrize("form", ["seconds", "date"])
async def test_the_server_says_when_to_come_back(
    form: str, server: Server, writer: ChatWriter, slept: list[float], clock: HandClock
) -> None:
    def until(seconds: int) -> str:
        later = clock.now + timedelta(seconds=seconds)
        return str(seconds) if form == "seconds" else f"{later:%a, %d %b %Y %H:%M:%S} GMT"

    server.says(http(b"", "429 Too Many", Retry_After=until(7)), GOOD)
    await writer.write(PROMPT, within=30)
    assert slept == [7]
    server.says(http(b"", "429 Too Many", Retry_After=until(3600)))
    with pytest.raises(WriterError, match="busy") as raised:
        await writer.write(PROMPT, within=30)
    assert slept == [7]  # an hour is more than there is: nobody waits for it
    assert raised.value.rest == 3600
    assert not raised.value.billed


@pytest.mark.parametrize("wish", ["999999999999", "9" * 400])
async def test_no_wish_is_too_long_to_be_understood(wish: str, server: Server, writer: ChatWriter) -> None:
    server.says(http(b"", "429 Too Many", Retry_After=wish))
    with pytest.raises(WriterError, match="busy") as raised:
        await writer.write(PROMPT, within=30)
    assert raised.value.rest == LONGEST_REST


async def test_a_question_that_is_too_long_says_nothing_of_the_next(server: Server, writer: ChatWriter) -> None:
    server.says(http(b'{"error": "maximum context length is 2048"}', "400 Bad Request"))
    with pytest.raises(WriterError, match="longer than its context") as raised:
        await writer.write(PROMPT, within=30)
    assert (raised.value.rest, raised.value.billed) == (0, False)
    server.says(GOOD)
    assert (await writer.write(PROMPT, within=30)).text == "fine"
    assert "response_format" in server.asked[-1]  # what the refusal was not about is still asked for


@pytest.mark.parametrize(
    ("answer", "why", "asked", "billed"),
    [
        (BUSY, "busy", TRIES, False),
        (http(b"s3cret is wrong", "401 Unauthorized"), "refused the key", 1, False),
        (http(b"", "404 Not Found"), "no such model", 1, False),
        (http(b"", "302 Found", Location="http://127.0.0.1:9/"), "302", 1, False),
        (http(b"<html>", kind="text/html"), "could not be read", 1, True),
        (http(b'{"choices": []}'), "could not be read", 1, True),
        (completion(None), "could not be read", 1, True),
        (GOOD[:-20], "broke off", TRIES, True),
        (http(b"x" * (MOST_BYTES + 1)), "broke off", TRIES, True),
        (http(b"", Content_Encoding="gzip"), "broke off", TRIES, True),
    ],
)
async def test_what_cannot_be_had_is_an_error_in_a_few_words(
    answer: bytes, why: str, asked: int, billed: bool, server: Server, writer: ChatWriter
) -> None:
    server.says(answer)
    with pytest.raises(WriterError, match=why) as raised:
        await writer.write(PROMPT, within=30)
    assert len(server.asked) == asked
    assert raised.value.billed is billed
    assert "s3cret" not in str(raised.value)


async def test_one_that_never_answers_is_given_up_and_may_have_been_paid_for(
    server: Server, writer: ChatWriter
) -> None:
    server.says(NEVER)
    with pytest.raises(WriterError, match="too long") as raised:
        await writer.write(PROMPT, within=0.05)
    assert raised.value.billed
    assert raised.value.rest > 0


async def test_one_that_is_not_there_is_an_error_in_words(clock: HandClock) -> None:
    async with serving() as gone:
        url = gone.url

    async def at_once(_seconds: float) -> None:
        return

    async with ChatWriter(url, "tiny", "", clock, sleep=at_once) as writer:
        with pytest.raises(WriterError, match="could not be reached"):
            await writer.write(PROMPT, within=30)


async def test_the_key_is_never_logged(server: Server, writer: ChatWriter, caplog: pytest.LogCaptureFixture) -> None:
    server.says(GOOD)
    with caplog.at_level("DEBUG"):
        await writer.write(PROMPT, within=30)
    assert "s3cret" not in json.dumps([record.getMessage() for record in caplog.records])
