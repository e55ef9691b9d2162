"""How signing in is written in bench.yaml, and what has to be at hand before the server starts."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from whichmodel.config import Config, Oidc, TrustedHeader, load_config
from whichmodel.config.leaderboard import EXAMPLE
from whichmodel.errors import BenchError, ConfigError
from whichmodel.leaderboard import serve, signing

SMALL = """\
default_organisation: acme
models: []
organisations:
  acme: {title: ACME}
"""
CLIENT = {
    "redirect_uri": '"https://bench.acme.example/oauth2callback"',
    "cookie_secret": '"0123456789012345678901234567890123456789"',
    "client_id": '"id"',
    "client_secret": '"secret"',
    "server_metadata_url": '"https://id.acme.example/.well-known/openid-configuration"',
}


def written(folder: Path, text: str) -> Config:
    path = folder / "bench.yaml"
    path.write_text(text, encoding="utf-8")
    return load_config(path)


def with_sign_in(folder: Path, sign_in: str, organisation: str = "title: ACME") -> Config:
    text = SMALL.replace("{title: ACME}", f"{{{organisation}}}")
    return written(folder, f"{text}leaderboard: {{sign_in: {sign_in}}}\n")


@pytest.mark.parametrize(
    ("sign_in", "words"),
    [
        ("{}", "name either `header: X-Forwarded-Email` or `oidc: true`"),
        ("{header: X-Email, oidc: true}", "name either"),
        ("{header: Cookie}", "`Cookie` is no header of a proxy's own"),
        ("{header: 'X Email'}", "X-Forwarded-Email is one"),
        ("{header: X-Email, proxies: []}", "name its address, as 10.0.0.5"),
        ("{header: X-Email, proxies: [proxy.local]}", "10.0.0.5 or 10.0.0.0/24 is"),
        ("{header: X-Email, proxies: [10.0.0.5/24]}", "is no address or network"),
        ("{header: X-Email, proxies: [0.0.0.0/0]}", "`0.0.0.0/0` is everybody"),
        ("{oidc: true, proxies: [10.0.0.5]}", "go with `header`"),
        ("{oidc: false}", "write `true`, or the provider's section"),
        ("{oidc: my_house}", "small letters, digits and `-`"),
        ("{headers: X-Email}", "Nearest: header"),
    ],
)
def test_a_mistake_in_the_sign_in_says_what_would_work(tmp_path: Path, sign_in: str, words: str) -> None:
    with pytest.raises(ConfigError) as error:
        with_sign_in(tmp_path, sign_in)
    assert words in str(error.value)
    assert "bench.yaml:5" in str(error.value)


@pytest.mark.parametrize(
    "viewer",
    ["acme.example", "*", "*@*", "@acme.example", "a*@acme.example", "ann@*.example", "ann@", "ann @x"],
)
def test_a_viewer_is_an_address_or_a_domain_s(tmp_path: Path, viewer: str) -> None:
    with pytest.raises(ConfigError, match=r"as ann@acme\.example, or all of a domain's, as \*@acme\.example"):
        written(tmp_path, SMALL.replace("title: ACME", f'title: ACME, viewers: ["{viewer}"]'))


def test_the_ways_to_sign_in(tmp_path: Path) -> None:
    assert written(tmp_path, SMALL).leaderboard.sign_in is None
    assert with_sign_in(tmp_path, "{oidc: true}").leaderboard.sign_in == Oidc(None)
    assert with_sign_in(tmp_path, "{oidc: house}").leaderboard.sign_in == Oidc("house")
    proxied = with_sign_in(tmp_path, "{header: X-Email}").leaderboard.sign_in
    assert isinstance(proxied, TrustedHeader)
    peers = ("127.0.0.1", "::1", "::ffff:127.0.0.1", "127.0.0.2", "10.0.0.5", "", "unix")
    assert [proxied.comes_from_proxy(peer) for peer in peers] == [
        True,
        True,
        True,
        False,
        False,
        False,
        False,
    ]
    network = with_sign_in(tmp_path, "{header: X-Email, proxies: [10.0.0.0/24]}").leaderboard.sign_in
    assert isinstance(network, TrustedHeader)
    assert [network.comes_from_proxy(peer) for peer in ("10.0.0.9", "10.0.1.9", "127.0.0.1")] == [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.2"])
def test_this_machine_alone_needs_no_sign_in(tmp_path: Path, host: str) -> None:
    config = written(tmp_path, SMALL)
    assert signing.check(config, host, serve.is_loopback(host), tmp_path / "none") == ()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "bench.acme.example"])
def test_any_other_address_needs_one_and_the_lines_that_are_shown_work(tmp_path: Path, host: str) -> None:
    config = written(tmp_path, SMALL)
    with pytest.raises(BenchError, match=r"leaderboard\.sign_in") as error:
        signing.check(config, host, serve.is_loopback(host), tmp_path / "none")
    assert error.value.exit_code == 2
    assert str(error.value).endswith(EXAMPLE)
    shown, small = yaml.safe_load(EXAMPLE), yaml.safe_load(SMALL)
    small["organisations"]["acme"] |= shown.pop("organisations")["acme"]
    opened = written(tmp_path, yaml.safe_dump(small | shown))
    assert signing.check(opened, host, serve.is_loopback(host), tmp_path / "none") == ()


def test_a_secret_that_is_not_there_or_could_be_guessed_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxied = "{header: X-Email, secret_env: PROXY_PROOF}"
    for value, variable, config in (
        ("", "PROXY_PROOF", with_sign_in(tmp_path, proxied)),
        ("short", "PROXY_PROOF", with_sign_in(tmp_path, proxied)),
        ("short", "ACME_TOKEN", with_sign_in(tmp_path, "{header: X-E}", "title: A, token_env: ACME_TOKEN")),
    ):
        monkeypatch.setenv(variable, value)
        with pytest.raises(ConfigError, match=f"{variable} is not set, or holds less than 24"):
            signing.check(config, "0.0.0.0", False, tmp_path / "none")
        monkeypatch.setenv(variable, "x" * 24)
        assert signing.check(config, "0.0.0.0", False, tmp_path / "none") == ()


def client(folder: Path, **changes: str | None) -> Path:
    lines = {**CLIENT, **changes}
    path = folder / "secrets.toml"
    path.write_text("[auth]\n" + "".join(f"{key} = {value}\n" for key, value in lines.items() if value))
    return path


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"client_id": None}, r"`client_id` is missing under `\[auth\]`"),
        ({"cookie_secret": None}, "`cookie_secret` is missing"),
        ({"cookie_secret": '"short"'}, "less than 32 characters"),
        ({"redirect_uri": '"bench.acme.example"'}, "/oauth2callback behind it"),
        ({"redirect_uri": '"https://bench.acme.example/back"'}, "/oauth2callback behind it"),
        ({"client_id": "["}, "TOMLDecodeError"),
    ],
)
def test_a_client_at_the_provider_that_would_not_work_stops_the_start(
    tmp_path: Path, changes: dict[str, str | None], words: str
) -> None:
    config = with_sign_in(tmp_path, "{oidc: true}")
    assert signing.check(config, "0.0.0.0", False, client(tmp_path)) == ("bench.acme.example",)
    with pytest.raises(ConfigError, match=words) as error:
        signing.check(config, "127.0.0.1", True, client(tmp_path, **changes))
    assert "secrets.toml" in str(error.value)
    with pytest.raises(ConfigError, match="--secrets"):
        signing.check(config, "127.0.0.1", True, tmp_path / "none.toml")
    with pytest.raises(ConfigError, match=r"under `\[auth.house\]`"):
        signing.check(with_sign_in(tmp_path, "{oidc: house}"), "127.0.0.1", True, client(tmp_path))


def test_a_private_task_that_does_not_exist_hides_nothing_and_stops_the_start(tmp_path: Path) -> None:
    config = with_sign_in(tmp_path, "{oidc: true}", "title: A, private_tasks: [contracts]")
    signing.check_private(config, lambda: frozenset({"contracts"}))
    with pytest.raises(ConfigError, match="Nearest: contract_"):
        signing.check_private(config, lambda: frozenset({"contract_", "invoices"}))


def test_an_organisation_without_viewers_is_named(tmp_path: Path) -> None:
    assert signing.nobody(with_sign_in(tmp_path, "{oidc: true}")) == ("acme",)
    assert signing.nobody(written(tmp_path, SMALL)) == ()
