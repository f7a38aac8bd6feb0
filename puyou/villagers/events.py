"""What the room villagers says happened."""

from puyou.core.events import declare

CODE_ISSUED = declare("notice_code.issued", "发出公示码")
CODE_ENDED = declare("notice_code.ended", "停用公示码")
WORD_GIVEN = declare("villager_word.given", "村民反映")
