"""The room's verbs: offices and their powers, people and their passwords, sessions, demo accounts."""

from puyou.accounts.actions.accounts import open_account
from puyou.accounts.actions.demo import create_demo_accounts
from puyou.accounts.actions.keys import end_key, issue_key, use_key
from puyou.accounts.actions.looking import note_look
from puyou.accounts.actions.offices import appoint, create_organisation, create_post, end_appointment
from puyou.accounts.actions.people import (
    change_password,
    create_user,
    reset_password,
    resume_user,
    suspend_user,
)
from puyou.accounts.actions.powers import grant, load_roles, revoke_grant
from puyou.accounts.actions.sessions import (
    begin_session,
    end_other_sessions,
    end_session,
    note_lock,
    rename_session,
    touch_session,
)

__all__ = [
    "appoint",
    "begin_session",
    "change_password",
    "create_demo_accounts",
    "create_organisation",
    "create_post",
    "create_user",
    "end_appointment",
    "end_key",
    "end_other_sessions",
    "end_session",
    "grant",
    "issue_key",
    "load_roles",
    "note_lock",
    "note_look",
    "open_account",
    "rename_session",
    "reset_password",
    "resume_user",
    "revoke_grant",
    "suspend_user",
    "touch_session",
    "use_key",
]
