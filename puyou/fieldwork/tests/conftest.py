"""The registry's cast: two cities, their villages, a small network, officers who see parts of it."""

from puyou.registry.tests.conftest import (  # noqa: F401
    _frozen,
    far_network,
    far_villages,
    national,
    network,
    officer,
    stranger,
    villages,
)
