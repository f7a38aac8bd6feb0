"""工作台: what waits for the person, when it is due, and what changed; owns no facts, only views of them."""
