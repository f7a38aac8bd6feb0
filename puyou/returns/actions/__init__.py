"""What can be done with forms and returns."""

from puyou.returns.actions.assigning import open_due, open_round
from puyou.returns.actions.filling import Saved, save_draft
from puyou.returns.actions.forms import load_forms, publish_form
from puyou.returns.actions.moving import (
    approve_many,
    approve_return,
    recall_return,
    restate_return,
    return_return,
    sign_return,
    submit_return,
)

__all__ = [
    "Saved",
    "approve_many",
    "approve_return",
    "load_forms",
    "open_due",
    "open_round",
    "publish_form",
    "recall_return",
    "restate_return",
    "return_return",
    "save_draft",
    "sign_return",
    "submit_return",
]
