"""Backups: base copies, the write-ahead log and the files, encrypted in a folder or an S3-compatible store."""
