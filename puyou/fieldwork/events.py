"""What the room fieldwork says happened."""

from puyou.core.events import declare

ROUNDS_MARKED = declare("rounds.marked", "一批出班收班")
CONSENTS_HEARD = declare("consents.heard", "一批知情同意")
