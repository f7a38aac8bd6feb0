"""What the room returns says."""

from puyou.core import events

FORM_PUBLISHED = events.declare("return_form.published", "填报表式发布")
ROUND_OPENED = events.declare("returns.assigned", "填报任务下达")
RETURN_SAVED = events.declare("return.saved", "填报草稿保存")
RETURN_MOVED = events.declare("return.moved", "填报表流转")
