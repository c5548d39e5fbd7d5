"""Runs the parser in a process that can do nothing but think, and not for long.

`keeper` is the server's side; `zygote` is the small process that forks one child per file, `confinement` takes the
child's rights away, `wire` is what goes over the line between them.
"""
