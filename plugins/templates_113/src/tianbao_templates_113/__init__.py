"""Tianbao plugin."""
