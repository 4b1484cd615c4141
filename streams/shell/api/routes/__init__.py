"""The operations, by what they are about. Each asks the view or the record; none decides."""
