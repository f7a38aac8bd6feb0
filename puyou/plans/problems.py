"""What may go wrong with plans, task lists and lists of places."""

from puyou.core import problems

# Lists of places.
NO_HEADING = problems.declare(
    "plans.no_heading", "前 {rows} 行里找不到列标题；须有“区划代码”或“地区”列（也可分为“省”“市”“县”几列）"
)
NO_ROWS = problems.declare("plans.no_rows", "列标题下面没有内容")
NOT_YOUR_SET = problems.declare(
    "plans.not_your_set", "“{name}”含有您管辖范围以外的地区，只能由上级修改；可另取代码新建", status=403
)
