"""What may go wrong when ordering a rectification."""

from puyou.core.problems import declare

NOTHING_MISSED = declare("cases.nothing_missed", "“{place}”在所选各周没有补传期满后仍未达标的，不能下达整改")
NOT_SETTLED = declare("cases.not_settled", "“{place}”{week}尚在补传期内，为初判，期满后才能下达整改")
ORDERED_ALREADY = declare("cases.ordered_already", "“{place}”{week}已列入整改 {number}", status=409)
TOO_MANY_VILLAGES = declare("cases.too_many_villages", "一份整改最多列 {limit} 个村，现有 {count} 个")
ROUND_HAS_NONE = declare("cases.round_has_none", "投递段“{name}”该周没有补传期满后仍未达标的村")
