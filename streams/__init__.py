"""Dragoman: reads wire stories, folds what they report into dossiers, and decides alerts."""
