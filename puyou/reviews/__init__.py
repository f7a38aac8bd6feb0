"""Reviews: people deciding about doubtful visits: queue, questions, two pairs of eyes, appeals."""
