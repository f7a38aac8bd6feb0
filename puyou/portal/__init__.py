"""Portal (公众): pages for everybody, without an account, and what an office does to open them."""
