# The last line alone does something.
Invoke-Work
