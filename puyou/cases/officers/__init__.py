"""The officers of a case: who handles it, who helps, who is qualified and who must keep away."""
