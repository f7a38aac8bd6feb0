"""成绩单: cards composed of indicators, published as frozen, signed revisions."""
