"""Bài 03.1."""

NOT_CLAIMED = {}
