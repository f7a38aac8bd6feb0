"""Phones in couriers' hands, for the tests of this room."""

from puyou.ingest import actions as ingest
from puyou.registry.tests.conftest import NOW, Network

__all__ = ["NOW", "bearer", "phone_of"]


def phone_of(network: Network) -> str:
    """A token for the network's phone."""
    return ingest.issue_token(courier=network.courier, device=network.device, by="system:tests", now=NOW)


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}
