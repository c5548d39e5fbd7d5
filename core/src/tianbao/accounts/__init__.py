"""Accounts: who may sign in, and their whole life: registration, passwords, sessions, resets, what they may do."""

from tianbao.accounts.account import Account, Role, Standing, add, sign_in

__all__ = ["Account", "Role", "Standing", "add", "sign_in"]
