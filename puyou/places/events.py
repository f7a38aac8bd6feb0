"""What this room says."""

from puyou.core import events

DIVISIONS_LOADED = events.declare("divisions.loaded", "装载区划")
PLACE_CREATED = events.declare("place.created", "区划设立")
PLACE_RENAMED = events.declare("place.renamed", "区划改名")
PLACE_RECODED = events.declare("place.recoded", "区划改码")
PLACE_MOVED = events.declare("place.moved", "区划划转")
PLACE_RETIRED = events.declare("place.retired", "区划撤销")
PLACE_SET_CHANGED = events.declare("place_set.changed", "区域集合变更")
