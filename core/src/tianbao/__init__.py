"""Tianbao (填報): hands out, checks and files the monthly counselling returns of Taiwan's schools."""
