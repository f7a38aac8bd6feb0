"""What the room reports says happened."""

from puyou.core import events

CARD_CHANGED = events.declare("card.changed", "成绩单已登记或修改")
CARD_PUBLISHED = events.declare("card.published", "成绩单已发布")
BULLETIN_CHANGED = events.declare("bulletin.changed", "公文稿已成文或修改")
BULLETIN_FROZEN = events.declare("bulletin.frozen", "公文已定稿")
