"""Which addresses MEG may call: public https ones, by their text first, by the IP that is connected to in the end."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

LONGEST = 2_000
LOCAL_NAMES = ("localhost", "local", "internal", "intranet", "lan", "home.arpa", "onion", "test", "invalid")
# Public by their number, yet not of the internet: IETF assignments, 6to4 relays, Azure's own server.
NOT_OF_THE_INTERNET = tuple(map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32")))
# All that is ever public in IPv6, and what wraps an IPv4 address or is no host in it (Teredo, ORCHID, 6to4, examples).
GLOBAL_UNICAST = ip_network("2000::/3")
NOT_UNICAST = tuple(map(ip_network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
_FORBIDDEN_CHARACTERS = re.compile(r"[\x00-\x20\x7f\\]")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")


class AddressRefused(Exception):
    """MEG does not call this address. `str()` is one French sentence that says why."""


def check_address(url: str, *, allow_loopback: bool | None = None) -> None:
    """Refuse by its text what can never be called; the IP is checked again on connecting. Raises AddressRefused.

    `allow_loopback` (the setting unless given) lets http and https to this machine through.
    """
    allow = settings.OUTBOUND_ALLOW_LOOPBACK if allow_loopback is None else allow_loopback
    parts, port = _split(url)
    host = (parts.hostname or "").rstrip(".")
    literal = _literal(host)
    if allow and (host == "localhost" or (literal and _is_loopback(literal))) and parts.scheme in {"http", "https"}:
        return
    if parts.scheme != "https":
        raise AddressRefused("l’adresse doit commencer par https://.")
    if port is not None and port != 443 and port < 1024:
        raise AddressRefused(f"le port {port} n’est pas permis, employer 443.")
    if literal and not is_public(literal):
        raise AddressRefused("l’adresse n’est pas publique.")
    if not literal:
        _check_name(host)


def check_ip(text: str, *, scheme: str, allow_loopback: bool) -> None:
    """The last word: the very IP that is about to be connected to. Raises AddressRefused."""
    ip = ip_address(text.strip("[]"))
    if allow_loopback and _is_loopback(ip):
        return
    if scheme != "https" or not is_public(ip):
        raise AddressRefused("l’adresse n’est pas publique.")


def is_public(ip: IPv4Address | IPv6Address) -> bool:
    """Whether a host of the internet may stand there; an IPv4 address inside an IPv6 one is looked at itself."""
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped:
            return is_public(ip.ipv4_mapped)
        return ip in GLOBAL_UNICAST and ip.is_global and not any(ip in network for network in NOT_UNICAST)
    special = ip.is_multicast or ip.is_reserved or any(ip in network for network in NOT_OF_THE_INTERNET)
    return ip.is_global and not special


def _split(url: str) -> tuple[SplitResult, int | None]:
    if len(url) > LONGEST:
        raise AddressRefused(f"l’adresse dépasse {LONGEST} caractères.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefused("l’adresse est illisible.") from error
    if not url.isascii() or _FORBIDDEN_CHARACTERS.search(url) or not parts.hostname:
        raise AddressRefused("l’adresse est illisible.")
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        raise AddressRefused("l’adresse ne doit porter ni nom ni mot de passe.")
    return parts, port


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    """The IP that the host is written as. Raises AddressRefused for a number written otherwise (« 0x7f.1 »)."""
    try:
        return ip_address(host)
    except ValueError:
        pass
    if ":" in host or _NUMBER.fullmatch(host.rpartition(".")[2]):
        raise AddressRefused("l’adresse est illisible.")
    return None


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name) or len(name) > 253:
        raise AddressRefused("l’adresse est illisible.")
    if "." not in name or any(name == local or name.endswith(f".{local}") for local in LOCAL_NAMES):
        raise AddressRefused("l’adresse n’est pas publique.")


def _is_loopback(ip: IPv4Address | IPv6Address) -> bool:
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
        return ip.ipv4_mapped.is_loopback
    return ip.is_loopback
