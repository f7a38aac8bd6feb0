"""Loaded before anything else: tests have a home and a server of their own."""

import os
from pathlib import Path

os.environ.setdefault("PUYOU_HOME", str(Path(__file__).resolve().parents[1] / "var" / "test"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "puyou.config.settings")

from puyou.config import embedded

if not os.environ.get("DATABASE_URL"):
    embedded.ensure()
