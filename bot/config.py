"""TOML and environment -> one frozen, validated ``Config``.

Every key of the file has an environment variable that overrides it: ``DATELINE_`` and the key's path in capitals, so
``store`` is ``DATELINE_STORE`` and ``fetch.proxy`` is ``DATELINE_FETCH_PROXY``; lists are separated by commas. A wrong
key, type or value is named with the fix; the value of a secret is never shown.
"""

import difflib
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

import platformdirs
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

from bot.errors import ConfigError
from bot.types import Length

PREFIX = "DATELINE_"
CONFIG_VARIABLE = "DATELINE_CONFIG"  # the file itself, so no key in it


def _zone(name: str) -> str:
    if name not in available_timezones():
        near = difflib.get_close_matches(name, available_timezones(), n=1, cutoff=0.5)
        raise ValueError(f"is no IANA time zone{f'; did you mean {near[0]}?' if near else ', like Europe/Kyiv'}")
    return name


def _clock_times(texts: tuple[str, ...]) -> tuple[str, ...]:
    if not texts or not all(re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text) for text in texts):
        raise ValueError("is no time of day; write it like 07:30")
    return texts


def _absolute(path: Path) -> Path:
    return _home(path).absolute()


def _home(path: Path) -> Path:
    """The path with '~' replaced by the home folder; a ValueError says that there is none."""
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise ValueError(f"{path} names no home folder that is known; write the whole path") from error


def _comma_list(value: object) -> object:
    """Environment variables hold lists as text."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _address(url: str) -> str:
    if not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", url):
        raise ValueError("is no address of a server; write it like http://127.0.0.1:11434/v1")
    return url


Address = Annotated[str, AfterValidator(_address)]
Zone = Annotated[str, AfterValidator(_zone)]
ClockTimes = Annotated[tuple[str, ...], BeforeValidator(_comma_list), AfterValidator(_clock_times)]
FilePath = Annotated[Path, AfterValidator(_absolute)]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Strings = Annotated[tuple[str, ...], BeforeValidator(_comma_list)]
Paths = Annotated[tuple[FilePath, ...], BeforeValidator(_comma_list)]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class BriefingConfig(_Section):
    """How briefings are made unless a command says otherwise."""

    length: Length = Length.NORMAL
    hours: Annotated[float, Field(gt=0, le=24 * 366)] = 24  # how far back `/brief` looks
    stories: Annotated[int, Field(ge=1, le=50)] = 5  # at most this many in one digest


class ReadingConfig(_Section):
    """How articles are read."""

    workers: Annotated[int, Field(ge=1, le=64)] = Field(
        default_factory=lambda: min(4, os.cpu_count() or 1)
    )  # processes
    every: Annotated[float, Field(ge=1, le=86_400)] = 60  # seconds between two looks at the folders and feeds


class FetchConfig(_Section):
    """What the guarded fetcher may do."""

    allow_hosts: Strings = ()  # hosts that may be visited although their address isn't public
    proxy: str | None = None  # the only proxy there is: none is taken from the environment
    contact: str = ""  # an address (web or mail) that servers are told, so that a publisher can complain
    max_bytes: Annotated[int, Field(ge=1_000)] = 5_000_000  # after decompression
    timeout: Annotated[float, Field(gt=0, le=3_600)] = 30  # seconds for a whole request
    at_once: Annotated[int, Field(ge=1, le=500)] = 20  # addresses that are fetched at the same time
    per_host: Annotated[int, Field(ge=1, le=100)] = 2  # of them on one host
    min_interval: Annotated[float, Field(ge=1, le=10_080)] = 15  # minutes between two polls of a feed with much news
    max_interval: Annotated[float, Field(ge=1, le=10_080)] = 180  # of one with little

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.min_interval > self.max_interval:
            raise ValueError("min_interval is longer than max_interval; give both in minutes")
        return self


class LogConfig(_Section):
    """What is logged, and in which form."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    form: Literal["auto", "human", "json"] = "auto"  # auto: human on a terminal, JSON lines otherwise


class ConsoleConfig(_Section):
    """The console as a chat platform."""

    enabled: bool = True


class LlmConfig(_Section):
    """The language model that may word the points; none unless it is named. Limits are for a day; 0 is no limit."""

    model: str = ""
    url: Address = "http://127.0.0.1:11434/v1"  # of an OpenAI-compatible server; this is Ollama's
    key: SecretStr = SecretStr("")
    key_file: FilePath | None = None  # a file that holds the key, and nothing else
    timeout: Annotated[float, Field(gt=0, le=600)] = 20  # seconds, for all briefings of one digest
    tokens_per_day: Annotated[int, Field(ge=0)] = 500_000
    workspace_tokens_per_day: Annotated[int, Field(ge=0)] = 0
    money_per_day: Annotated[float, Field(ge=0)] = 0  # in the currency of the prices
    workspace_money_per_day: Annotated[float, Field(ge=0)] = 0
    price_in: Annotated[float, Field(ge=0)] = 0  # for a million tokens sent
    price_out: Annotated[float, Field(ge=0)] = 0  # for a million tokens that come back
    keep_days: Annotated[int, Field(ge=1, le=3_660)] = 30  # how long a reply is used again

    def secret(self) -> str:
        """The key; empty for a server that wants none. Raises ConfigError for a file that can't be read."""
        return _secret("llm.key", self.key, self.key_file)


def _secret(name: str, given: SecretStr, file: Path | None) -> str:
    """The secret from the file, or else as given; empty where there is none. What is in it is never said.

    Raises:
        ConfigError: the file can't be read, or holds something that can't be sent in a header.
    """
    where = name if file is None else f"{name}_file: {file}"
    try:
        secret = given.get_secret_value().strip() if file is None else file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{where} can't be read: name a text file that holds the {name.rpartition('.')[2]}"
        ) from error
    if not (secret.isascii() and secret.isprintable()):
        raise ConfigError(
            f"{where}: isn't a {name.rpartition('.')[2]}, which is one line of plain letters, digits and signs"
        )
    return secret


class _ChatConfig(_Section):
    """A chat platform; its section in the file, or a token in the environment, switches it on."""

    enabled: bool = False

    def secret(self, name: str) -> str:
        """The secret of that name, from its file if one is named; empty where there is none. Raises ConfigError."""
        platform = type(self).__name__.removesuffix("Config").lower()
        return _secret(f"{platform}.{name}", getattr(self, name), getattr(self, f"{name}_file"))

    def required(self, name: str) -> str:
        """The secret of that name. Raises ConfigError where there is none."""
        platform = type(self).__name__.removesuffix("Config").lower()
        if not (secret := self.secret(name)):
            variable = f"{PREFIX}{platform}_{name}".upper()
            raise ConfigError(
                f"{platform}.{name}: is missing; put it into {variable}, or name a file in {platform}.{name}_file"
            )
        return secret


class DiscordConfig(_ChatConfig):
    """Discord."""

    token: SecretStr = SecretStr("")
    token_file: FilePath | None = None
    message_content: bool = False  # a privileged intent: answers to its posts need no mention


class SlackConfig(_ChatConfig):
    """Slack: one workspace by its tokens, or many that install the app through OAuth."""

    mode: Literal["socket", "http"] = "socket"
    bot_token: SecretStr = SecretStr("")
    bot_token_file: FilePath | None = None
    app_token: SecretStr = SecretStr("")
    app_token_file: FilePath | None = None
    signing_secret: SecretStr = SecretStr("")
    signing_secret_file: FilePath | None = None
    client_id: str = ""
    client_secret: SecretStr = SecretStr("")
    client_secret_file: FilePath | None = None
    key: SecretStr = SecretStr("")  # encrypts the tokens of installed workspaces in the store
    key_file: FilePath | None = None
    address: str = ""  # where Slack and browsers reach this service: https://dateline.example.org
    host: str = "127.0.0.1"  # where it listens, in HTTP mode and for OAuth
    port: Annotated[int, Field(ge=0, le=65_535)] = 3000
    prefix: Annotated[str, Field(pattern=r"^[a-z0-9_-]{0,12}$")] = (
        ""  # before the commands' names, where others have them
    )


class WatchesConfig(_Section):
    """How watches post."""

    hourly: Annotated[int, Field(ge=1, le=60)] = (
        6  # posts of watches to one channel in an hour; the last bundles the rest
    )


class RetentionConfig(_Section):
    """What is forgotten."""

    days: Annotated[int, Field(ge=0, le=36_500)] = 0  # for which articles and posts are kept; 0: for ever


class PermissionsConfig(_Section):
    """Who may manage digests, watches and feeds, besides those who may manage the server or workspace."""

    roles: Strings = ()  # names or ids of the platform's roles or groups


class DigestConfig(_Section):
    """A digest that the configuration file schedules; others are added in chat."""

    at: ClockTimes
    zone: Zone | None = None  # None: the configuration's own
    days: tuple[Day, ...] = DAYS
    topic: str | None = None


class Config(_Section):
    """Everything that can be set. Paths are absolute."""

    store: FilePath = Path(platformdirs.user_data_dir("dateline", appauthor=False)) / "dateline.sqlite3"
    cache: FilePath = Path(platformdirs.user_cache_dir("dateline", appauthor=False))
    zone: Zone = "UTC"
    folders: Paths = ()  # folders whose articles are read
    feeds: Strings = ()
    briefing: BriefingConfig = BriefingConfig()
    reading: ReadingConfig = Field(default_factory=ReadingConfig)
    fetch: FetchConfig = FetchConfig()
    log: LogConfig = LogConfig()
    console: ConsoleConfig = ConsoleConfig()
    watches: WatchesConfig = WatchesConfig()
    retention: RetentionConfig = RetentionConfig()
    permissions: PermissionsConfig = PermissionsConfig()
    llm: LlmConfig = LlmConfig()
    discord: DiscordConfig = DiscordConfig()
    slack: SlackConfig = SlackConfig()
    share: bool = True  # the folders and feeds above are followed in every Discord server and Slack workspace
    digests: tuple[DigestConfig, ...] = ()

    @property
    def tzinfo(self) -> ZoneInfo:
        """The zone in which times are shown."""
        return ZoneInfo(self.zone)


def find_file(given: Path | None, environ: Mapping[str, str]) -> Path | None:
    """The configuration file to read: the one given, ``config.toml`` here, or the user's; None when there is none.

    Raises:
        ConfigError: the file that was asked for by name isn't there.
    """
    named = given or (Path(environ[CONFIG_VARIABLE]) if environ.get(CONFIG_VARIABLE) else None)
    if named:
        if not named.is_file():
            raise ConfigError(
                f"{named}: no such configuration file; copy config.example.toml there or leave --config out"
            )
        return named
    usual = (Path("config.toml"), Path(platformdirs.user_config_dir("dateline", appauthor=False)) / "config.toml")
    return next((path for path in usual if path.is_file()), None)


def load(given: Path | None = None, environ: Mapping[str, str] = os.environ) -> Config:
    """The configuration from the file (see ``find_file``), overridden by the environment.

    Relative paths in the file start at the file's folder, those in the environment at the working folder.

    Raises:
        ConfigError: with one line per mistake.
    """
    path = find_file(given, environ)
    values = _read_toml(path) if path else {}
    where = str(path) if path else "the configuration"
    origins = _override(values, environ)
    for chat in ("discord", "slack"):
        section = values.get(chat)
        if isinstance(section, dict):
            section.setdefault("enabled", True)
    try:
        return Config.model_validate(values)
    except ValidationError as error:
        lines = [_explain(details, where, origins) for details in error.errors(include_url=False)]
        raise ConfigError("\n".join(lines)) from error


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error
    except OSError as error:
        raise ConfigError(f"{path}: can't be read: {error.strerror}") from error
    _anchor(values, path.absolute().parent)
    return values


def _anchor(values: dict[str, Any], folder: Path) -> None:
    """Relative paths of the file start at its folder."""
    for key in ("store", "cache"):
        if isinstance(values.get(key), str):
            values[key] = _anchored(values[key], folder)
    for name in ("llm", "discord", "slack"):
        section = values.get(name)
        if isinstance(section, dict):
            named = {key: path for key, path in section.items() if key.endswith("_file") and isinstance(path, str)}
            section.update({key: _anchored(path, folder) for key, path in named.items()})
    if isinstance(values.get("folders"), list):
        values["folders"] = [_anchored(f, folder) if isinstance(f, str) else f for f in values["folders"]]


def _anchored(path: str, folder: Path) -> Path:
    return Path(path) if path.startswith("~") else folder / path  # a home folder is looked up when values are checked


def _override(values: dict[str, Any], environ: Mapping[str, str]) -> dict[tuple[str, ...], str]:
    """Puts the environment's values into ``values``; returns which variable each key came from."""
    known = dict(_variables(Config))
    origins = {}
    for name in sorted(n for n in environ if n.startswith(PREFIX) and n != CONFIG_VARIABLE):
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            raise ConfigError(f"{name}: no such setting{f'; did you mean {near[0]}?' if near else ''}")
        *sections, key = known[name]
        table: Any = values
        for section in sections:
            table = table.setdefault(section, {})
        if isinstance(table, dict):  # if the file has something else there, it is what gets named as wrong
            table[key] = environ[name]
            origins[known[name]] = name
    return origins


def _variables(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every environment variable with the path of its key; lists of tables can only be written in the file."""
    for key, info in model.model_fields.items():
        if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
            yield from _variables(info.annotation, (*path, key))
        elif info.annotation != tuple[DigestConfig, ...]:
            yield PREFIX + "_".join((*path, key)).upper(), (*path, key)


def _explain(details: ErrorDetails, where: str, origins: Mapping[tuple[str, ...], str]) -> str:
    path = tuple(str(part) for part in details["loc"])
    thing = origins.get(path) or f"{where}: {'.'.join(path)}"
    if details["type"] == "extra_forbidden":
        known = _known_keys(path[:-1])
        near = difflib.get_close_matches(path[-1], known, n=1)
        return f"{thing}: no such key; {f'did you mean {near[0]}?' if near else 'known here: ' + ', '.join(known)}"
    return f"{thing}: {details['msg'].removeprefix('Value error, ')}"


def _known_keys(path: tuple[str, ...]) -> list[str]:
    model: type[BaseModel] = Config
    for key in path:
        if key == "digests":
            return list(DigestConfig.model_fields)
        annotation = model.model_fields[key].annotation if key in model.model_fields else None
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            model = annotation
    return list(model.model_fields)
