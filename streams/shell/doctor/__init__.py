"""What is wrong with an installation, seen from where it runs, and what to do about it.

Each module looks at one part and gives findings; nothing is changed, and no message is sent.
How findings are printed is the command line's business.
"""
