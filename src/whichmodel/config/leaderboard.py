"""Who may look at the pages: the part of bench.yaml about signing in, as it is written and as it is meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from pydantic import Field, field_validator, model_validator

from whichmodel.strict_yaml import Document

Network = IPv4Network | IPv6Network
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*")
"""An e-mail address as HTML has it, without `*`: exactly one `@`, no quotes, plain ASCII."""
HOST = re.compile(r"[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*")
SENT_BY_ANYBODY = frozenset(
    {"authorization", "cookie", "from", "host", "origin", "referer", "user-agent", "x-proxy-secret"}
)
"""Headers that browsers or gateways send by themselves, or that mean something else here."""
LOOPBACK = ("127.0.0.1", "::1")
SECRET_HEADER = "X-Proxy-Secret"
EXAMPLE = """\
leaderboard:
  sign_in: {header: X-Forwarded-Email, proxies: [10.0.0.5]}
organisations: {acme: {viewers: ["*@acme.example"]}}"""
"""What works: the lines to add."""


@dataclass(frozen=True, slots=True)
class TrustedHeader:
    """A proxy signs people in and names each in a header."""

    name: str
    proxies: tuple[Network, ...]
    """Where the proxy calls from; nobody else is believed."""
    secret_env: str | None = None
    """Variable with what the proxy proves itself by, besides. None = its address is enough."""

    def comes_from_proxy(self, peer: str) -> bool:
        """Whether the other end of a connection is one of the proxies."""
        try:
            address = ip_address(peer.partition("%")[0])
        except ValueError:
            return False
        if isinstance(address, IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        return any(address in network for network in self.proxies)


@dataclass(frozen=True, slots=True)
class Oidc:
    """People sign in at an OpenID Connect provider, by Streamlit's own `st.login`."""

    provider: str | None = None
    """The section `[auth.<provider>]` of secrets.toml. None = `[auth]` itself."""


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """How the pages are served."""

    sign_in: TrustedHeader | Oidc | None = None
    """None = nobody signs in, and only this machine is listened to."""
    hosts: tuple[str, ...] = ()
    """Names by which a browser asks, besides this machine's own."""


class SignInFile(Document):
    """`leaderboard.sign_in`: either a trusted header or OpenID Connect."""

    header: str | None = Field(
        default=None, description="The header in which a proxy names the e-mail address it has signed in."
    )
    proxies: list[str] | None = Field(
        default=None, description="Addresses or networks the proxy calls from; default: this machine."
    )
    secret_env: str | None = Field(
        default=None,
        pattern=r"^[A-Z][A-Z0-9_]*$",
        description="Variable whose value the proxy has to send as X-Proxy-Secret.",
    )
    oidc: bool | str | None = Field(
        default=None, description="true = `[auth]` of secrets.toml; a name = `[auth.<name>]`."
    )

    @field_validator("header")
    @classmethod
    def _is_header(cls, name: str | None) -> str | None:
        if name is None:
            return None
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", name) or name.lower() in SENT_BY_ANYBODY:
            raise ValueError(f"`{name}` is no header of a proxy's own; X-Forwarded-Email is one")
        return name

    @field_validator("proxies")
    @classmethod
    def _are_networks(cls, places: list[str] | None) -> list[str] | None:
        if places is not None and not places:
            raise ValueError("without a proxy nobody could sign in; name its address, as 10.0.0.5")
        for place in places or ():
            try:
                network = ip_network(place)
            except ValueError:
                raise ValueError(f"`{place}` is no address or network; 10.0.0.5 or 10.0.0.0/24 is") from None
            if network.prefixlen == 0:
                raise ValueError(f"`{place}` is everybody; name the proxy's own address, as 10.0.0.5")
        return places

    @field_validator("oidc")
    @classmethod
    def _is_provider(cls, provider: bool | str | None) -> bool | str | None:
        if provider is False or (isinstance(provider, str) and not re.fullmatch(r"[a-z0-9-]+", provider)):
            raise ValueError("write `true`, or the provider's section in small letters, digits and `-`")
        return provider

    @model_validator(mode="after")
    def _one_way(self) -> SignInFile:
        if (self.header is None) == (self.oidc is None):
            raise ValueError("name either `header: X-Forwarded-Email` or `oidc: true`")
        if self.oidc is not None and (self.proxies is not None or self.secret_env is not None):
            raise ValueError("`proxies` and `secret_env` go with `header`")
        return self

    def meant(self) -> TrustedHeader | Oidc:
        """In the words of the program."""
        if self.header is None:
            return Oidc(self.oidc if isinstance(self.oidc, str) else None)
        proxies = tuple(ip_network(place) for place in self.proxies or LOOPBACK)
        return TrustedHeader(self.header, proxies, self.secret_env)


class LeaderboardFile(Document):
    """`leaderboard:` of bench.yaml."""

    sign_in: SignInFile | None = None
    hosts: list[str] = Field(
        default_factory=list, description="Names by which browsers ask, as bench.acme.example."
    )

    @field_validator("hosts")
    @classmethod
    def _are_hosts(cls, hosts: list[str]) -> list[str]:
        for host in hosts:
            if not HOST.fullmatch(host):
                raise ValueError(
                    f"`{host}` is no host's name; bench.acme.example is one, without port and path"
                )
        return hosts

    def meant(self) -> Leaderboard:
        """In the words of the program."""
        hosts = tuple(host.lower() for host in self.hosts)
        return Leaderboard(self.sign_in.meant() if self.sign_in else None, hosts)


def checked_viewers(viewers: list[str]) -> list[str]:
    """Who may look at an organisation. Raises ValueError saying what would work."""
    for viewer in viewers:
        name = viewer.replace("*@", "any@", 1) if viewer.startswith("*@") else viewer
        if not ADDRESS.fullmatch(name):
            raise ValueError(
                f"`{viewer}` names nobody; write an address, as ann@acme.example, or all of a domain's, "
                "as *@acme.example"
            )
    return viewers


def may_view(viewers: tuple[str, ...], address: str) -> bool:
    """Whether an address is one of the viewers, in whatever case; what is no address never is."""
    if not ADDRESS.fullmatch(address):
        return False
    known = {viewer.lower() for viewer in viewers}
    return address.lower() in known or f"*@{address.lower().partition('@')[2]}" in known
