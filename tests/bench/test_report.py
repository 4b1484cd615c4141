"""Figures take the place of older ones of their kind, and of nothing else."""

from pathlib import Path

import pytest

from bench.report import put

TEXT = "# Pace\n\n<!-- a -->\nold\n<!-- /a -->\n\nwords\n\n<!-- b -->\nolder\n<!-- /b -->\n\nend\n"


def test_figures_are_put_between_their_marks_and_the_rest_stays(tmp_path: Path) -> None:
    report = tmp_path / "performance.md"
    report.write_text(TEXT, "utf-8")

    put("a", "new", report)
    put("b", "newer", report)
    put("b", "newest", report)

    assert report.read_text("utf-8") == TEXT.replace("older", "newest").replace("old\n", "new\n")


def test_a_report_without_the_marks_is_left_alone(tmp_path: Path) -> None:
    report = tmp_path / "performance.md"
    report.write_text(TEXT.replace("<!-- /b -->", ""), "utf-8")

    for name in ("b", "c"):
        with pytest.raises(ValueError, match=f"<!-- {name} -->"):
            put(name, "new", report)

    assert "newest" not in report.read_text("utf-8")
    assert "older" in report.read_text("utf-8")
