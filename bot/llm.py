"""A language model behind an OpenAI-compatible address: hosted, Ollama, vLLM, llama.cpp.

The only room that knows ``openai`` (extra ``[llm]``). The address is the operator's own choice, so it may be private,
unlike those that the fetcher visits. The servers' dialects differ: what one refuses is left out of the next attempt
(``_DIALECTS``), and what answers is read for the few fields that are needed.
https://platform.openai.com/docs/api-reference/chat
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Annotated, Any, Final, Self

import httpx2
import openai
from pydantic import BaseModel, BeforeValidator, ValidationError

from bot.briefing.llm.prompt import tokens
from bot.errors import WriterError
from bot.ports import Clock
from bot.types import Prompt, Reply

MOST_BYTES: Final = 1_000_000  # of an answer
TRIES: Final = 3  # of one request
BACKOFF: Final = 0.5  # s after the first failure, doubled with each
REST: Final = 60.0  # s for which a model that can't be reached isn't asked again
LONGEST_REST: Final = 86_400.0  # s, whatever Retry-After says
MOST_USED: Final = 10**9  # tokens: who reports more for one question, or fewer than none, doesn't know

_SENT: Final = frozenset({"host", "authorization", "content-type", "content-length", "accept", "connection"})


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a server takes beside the messages."""

    schema: bool  # response_format with a JSON Schema
    limit: str  # how the length of the answer is bounded
    steady: bool  # temperature 0
    system: bool  # a system message of its own

    def request(self, prompt: Prompt) -> dict[str, Any]:
        """The request's body in this dialect, but for the model."""
        body: dict[str, Any] = {"messages": self._messages(prompt), self.limit: prompt.most_tokens}
        if self.steady:
            body["temperature"] = 0
        if self.schema:
            named = {"name": "points", "strict": True, "schema": json.loads(prompt.schema)}
            body["response_format"] = {"type": "json_schema", "json_schema": named}
        return body

    def _messages(self, prompt: Prompt) -> list[dict[str, str]]:
        if not self.system:
            return [{"role": "user", "content": f"{prompt.system}\n\n{prompt.data}"}]
        return [{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.data}]


_DIALECTS: Final = (
    Dialect(schema=True, limit="max_tokens", steady=True, system=True),
    Dialect(schema=True, limit="max_completion_tokens", steady=False, system=True),  # OpenAI's reasoning models
    Dialect(schema=False, limit="max_tokens", steady=True, system=True),
    Dialect(schema=False, limit="max_tokens", steady=False, system=False),  # chat templates without a system role
)


class ChatWriter:
    """A ``Writer`` over HTTP. It takes no proxy from the environment and follows no redirect."""

    def __init__(
        self,
        url: str,
        model: str,
        key: str,
        clock: Clock,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.model = model
        self._clock = clock
        self._sleep = sleep
        self._dialect = 0
        http = httpx2.AsyncClient(transport=_Narrow(), trust_env=False, follow_redirects=False)
        self._client = openai.AsyncOpenAI(
            base_url=url, api_key=key or "none", max_retries=0, http_client=http, timeout=None
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._client.close()

    async def write(self, prompt: Prompt, *, within: float) -> Reply:
        """The model's answer, within so many seconds, retries counted in.

        Raises:
            WriterError: there is none.
        """
        try:
            async with asyncio.timeout(within):
                return await self._persist(prompt, asyncio.get_running_loop().time() + within)
        except TimeoutError as error:
            raise WriterError("it took too long", billed=True, rest=REST) from error

    async def _persist(self, prompt: Prompt, deadline: float) -> Reply:
        """The answer after as many tries as are of use; what the server says on when to come back is never undercut."""
        attempt = 1
        while True:
            try:
                return await self._ask(prompt)
            except openai.APIError as error:
                wait = self._pause(error, attempt)
                left = deadline - asyncio.get_running_loop().time()
                if wait is None or wait >= left:
                    rest = 0.0 if _of_the_question(error) else max(wait or 0.0, REST)
                    raise WriterError(_in_words(error), billed=_cut(error), rest=rest) from error
            await self._sleep(wait)
            attempt += 1

    async def _ask(self, prompt: Prompt) -> Reply:
        """The answer in the first dialect that the server takes; it is remembered."""
        completions = self._client.chat.completions.with_raw_response
        number = self._dialect
        while True:
            try:
                raw = await completions.create(model=self.model, **_DIALECTS[number].request(prompt))
            except (openai.BadRequestError, openai.UnprocessableEntityError):
                number += 1
                if number == len(_DIALECTS):
                    raise
            else:
                self._dialect = number
                return _reply(raw.content, prompt)

    def _pause(self, error: openai.APIError, attempt: int) -> float | None:
        """Seconds until the next try; None where trying again can't help."""
        status = error.status_code if isinstance(error, openai.APIStatusError) else None
        if attempt >= TRIES or (status is not None and status not in {408, 409, 429} and status < 500):
            return None
        asked = _retry_after(error.response.headers, self._clock) if isinstance(error, openai.APIStatusError) else 0.0
        return max(asked, BACKOFF * 2.0 ** (attempt - 1))


def _retry_after(headers: Mapping[str, str], clock: Clock) -> float:
    """Seconds (https://www.rfc-editor.org/rfc/rfc9110#field.retry-after), at most ``LONGEST_REST``; 0 where the header
    is absent or no time.
    """
    value = headers.get("retry-after", "").strip()
    try:
        seconds = float(value) if value.isdecimal() else (parsedate_to_datetime(value) - clock()).total_seconds()
        return min(max(0.0, seconds), LONGEST_REST)
    except (ValueError, TypeError):  # a header that nobody can read says nothing; a date without a zone neither
        return 0.0


def _in_words(error: openai.APIError) -> str:
    """What went wrong, without anything that the server wrote: it might repeat the key or the prompt."""
    if _of_the_question(error):
        return "it refused the question, which may be longer than its context"
    if isinstance(error, openai.APIStatusError):
        known = {401: "it refused the key", 403: "it refused the key", 404: "it knows no such model", 429: "it is busy"}
        return known.get(error.status_code, f"it answered {error.status_code}")
    return "its answer broke off" if _cut(error) else "it could not be reached"


def _of_the_question(error: openai.APIError) -> bool:
    """Whether the server refused what was asked, so that another story may fare better."""
    return isinstance(error, openai.APIStatusError) and error.status_code in {400, 413, 422}


def _cut(error: openai.APIError) -> bool:
    """Whether the server had the question and its answer didn't come through."""
    return not isinstance(error, openai.APIStatusError) and not isinstance(error.__cause__, httpx2.ConnectError)


# --- the answer: read for what is needed, whatever else it holds


def _joined(content: object) -> object:
    """The text of a message that some servers give in parts."""
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return content


class _Message(BaseModel):
    content: Annotated[str, BeforeValidator(_joined)]


class _Choice(BaseModel):
    message: _Message


def _counted(value: object) -> int:
    """A number of tokens; 0 for what can't be one, so that no server's slip opens the budget."""
    return int(value) if isinstance(value, int | float) and 0 < value < MOST_USED else 0


class _Usage(BaseModel):
    prompt_tokens: Annotated[int, BeforeValidator(_counted)] = 0
    completion_tokens: Annotated[int, BeforeValidator(_counted)] = 0


class _Completion(BaseModel):
    choices: list[_Choice]
    usage: Annotated[_Usage, BeforeValidator(lambda value: value if isinstance(value, dict) else {})] = _Usage()


def _reply(body: bytes, prompt: Prompt) -> Reply:
    try:
        answer = _Completion.model_validate_json(body)
        text = answer.choices[0].message.content
    except (ValidationError, IndexError) as error:
        raise WriterError("its answer could not be read", billed=True) from error
    usage = answer.usage
    asked = tokens(prompt.system) + tokens(prompt.data)
    return Reply(text, usage.prompt_tokens or asked, usage.completion_tokens or tokens(text))


# --- the way out


class _Narrow(httpx2.AsyncBaseTransport):
    """Sends no header that the request doesn't need (the client's tell about this machine) and reads no more than
    ``MOST_BYTES``, uncompressed.
    """

    def __init__(self) -> None:
        self._out = httpx2.AsyncHTTPTransport(trust_env=False)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The answer, its body bounded. Raises httpx2.ReadError for one that is compressed."""
        fields = {name: value for name, value in request.headers.items() if name.lower() in _SENT}
        bare = httpx2.Request(
            request.method, request.url, headers=fields, stream=request.stream, extensions=request.extensions
        )
        response = await self._out.handle_async_request(bare)
        if response.headers.get("content-encoding", "identity") != "identity":
            await response.aclose()
            raise httpx2.ReadError("a compressed answer was not asked for")
        response.stream = _Bounded(response.stream)
        return response

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._out.aclose()


class _Bounded(httpx2.AsyncByteStream):
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for chunk in self._stream:
            size += len(chunk)
            if size > MOST_BYTES:
                raise httpx2.ReadError(f"the answer is longer than {MOST_BYTES} bytes")
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()
