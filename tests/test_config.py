from pathlib import Path

import pytest

from bot import config
from bot.errors import ConfigError
from bot.types import Length

ROOT = Path(__file__).parents[1]


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('stor = "x"', "stor: no such key; did you mean store?"),
        ("[fetch]\nmax_byte = 3", "fetch.max_byte: no such key; did you mean max_bytes?"),
        ('[fetch]\nmax_bytes = "lots"', "fetch.max_bytes: Input should be a valid integer"),
        ('zone = "Europe/Kyyiv"', "zone: is no IANA time zone; did you mean Europe/Kyiv?"),
        ('[briefing]\nlength = "huge"', "briefing.length: Input should be 'short', 'normal' or 'long'"),
        ('[[digests]]\nat = "7.30"', "digests.0.at: is no time of day; write it like 07:30"),
        ('[[digests]]\nat = "07:30"\nwhen = 1', "digests.0.when: no such key; known here: at, zone, days, topic"),
        ("zone = ", "not valid TOML"),
        ('store = "~nobody-of-this-name/store"', "store: ~nobody-of-this-name/store names no home folder"),
        ('folders = ["~nobody-of-this-name"]', "folders.0: ~nobody-of-this-name names no home folder"),
        ("[reading]\nevery = inf", "reading.every: Input should be less than or equal to 86400"),
    ],
)
def test_a_mistake_in_the_file_is_named_with_the_fix(tmp_path: Path, text: str, complaint: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        config.load(path, {})
    assert str(path) in str(caught.value)
    assert complaint in str(caught.value)


def test_every_mistake_gets_its_own_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        config.load(written(tmp_path, 'stor = "x"\nzone = "Nowhere/None"\n[log]\nlevel = "loud"'), {})
    assert len(str(caught.value).splitlines()) == 3


@pytest.mark.parametrize(
    ("environ", "complaint"),
    [
        ({"DATELINE_STOR": "x"}, "DATELINE_STOR: no such setting; did you mean DATELINE_STORE?"),
        ({"DATELINE_FETCH_TIMEOUT": "soon"}, "DATELINE_FETCH_TIMEOUT: Input should be a valid number"),
        ({"DATELINE_CONFIG": "/nowhere/at/all.toml"}, "no such configuration file"),
    ],
)
def test_a_mistake_in_the_environment_names_the_variable(environ: dict[str, str], complaint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        config.load(None, environ)
    assert complaint in str(caught.value)


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, 'store = "kept.sqlite3"\nfeeds = ["https://a.example/feed"]\n[briefing]\nlength = "long"')
    environ = {"DATELINE_FEEDS": "https://b.example/feed, https://c.example/feed", "DATELINE_BRIEFING_LENGTH": "short"}
    loaded = config.load(path, environ)
    assert loaded.store == tmp_path / "kept.sqlite3"  # relative paths start at the file's folder
    assert loaded.feeds == ("https://b.example/feed", "https://c.example/feed")
    assert loaded.briefing.length is Length.SHORT


def test_a_section_that_is_no_table_is_named_even_if_the_environment_has_a_key_of_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"config\.toml: fetch: Input should be a valid dictionary"):
        config.load(written(tmp_path, 'fetch = "no"'), {"DATELINE_FETCH_PROXY": "http://proxy.example:3128"})


def test_the_file_may_be_named_by_the_environment(tmp_path: Path) -> None:
    path = written(tmp_path, 'zone = "Asia/Tbilisi"')
    assert config.load(None, {"DATELINE_CONFIG": str(path)}).zone == "Asia/Tbilisi"


def test_the_example_is_valid_and_shows_every_key(tmp_path: Path) -> None:
    text = (ROOT / "config.example.toml").read_text(encoding="utf-8")
    loaded = config.load(written(tmp_path, text.replace("# [[digests]]", "[[digests]]").replace("# at =", "at =")), {})
    assert loaded.digests[0].at == ("07:30",)
    sections = {name: info.annotation for name, info in config.Config.model_fields.items()}
    keys = {key for model in sections.values() for key in getattr(model, "model_fields", ())}
    missing = [key for key in {*sections, *keys} if key not in text]
    assert not missing


def test_a_section_or_a_token_switches_a_chat_platform_on(tmp_path: Path) -> None:
    assert not config.load(written(tmp_path, ""), {}).discord.enabled
    assert config.load(written(tmp_path, "[discord]\n"), {}).discord.enabled
    assert config.load(written(tmp_path, ""), {"DATELINE_SLACK_BOT_TOKEN": "xoxb-1"}).slack.enabled
    assert not config.load(written(tmp_path, "[discord]\nenabled = false"), {}).discord.enabled


def test_a_token_may_lie_in_a_file_beside_the_configuration_and_is_never_shown(tmp_path: Path) -> None:
    (tmp_path / "discord.token").write_text("abc.def\n")
    loaded = config.load(written(tmp_path, '[discord]\ntoken_file = "discord.token"'), {})
    assert loaded.discord.required("token") == "abc.def"
    given = config.load(written(tmp_path, ""), {"DATELINE_DISCORD_TOKEN": "very.secret"})
    assert given.discord.required("token") == "very.secret"
    assert "very.secret" not in repr(given)


def test_a_token_that_is_missing_or_none_is_named_with_the_fix(tmp_path: Path) -> None:
    loaded = config.load(written(tmp_path, "[discord]\n"), {"DATELINE_SLACK_APP_TOKEN": "line\nbreak"})
    with pytest.raises(ConfigError, match=r"discord\.token: is missing; put it into DATELINE_DISCORD_TOKEN"):
        loaded.discord.required("token")
    with pytest.raises(ConfigError, match=r"slack\.app_token: isn't a") as raised:
        loaded.slack.required("app_token")
    assert "break" not in str(raised.value)
