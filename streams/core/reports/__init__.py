"""From a story's sentences to what it reports: who travels where, who invites whom.

`scene` puts together all that was found in a sentence; `trips` and `invitations` hold the operators
that make claims of it; `merge` makes one finding of what several sentences say of one journey.
"""
