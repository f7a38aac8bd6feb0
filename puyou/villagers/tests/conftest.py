"""The registry's clock."""

from puyou.registry.tests.conftest import _frozen  # noqa: F401
