"""What may go wrong in the field and at its desk."""

from puyou.core import problems

NOT_BUILT = problems.declare("fieldwork.not_built", "现场应用尚未构建，请管理员执行 make assets", status=404)
