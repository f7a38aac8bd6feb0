"""邮政特邀（社会）监督员: recruiting, appointing, training and thanking them, and the tasks they are given."""
