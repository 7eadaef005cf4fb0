from __future__ import annotations

from typing import TYPE_CHECKING

from tracemill_datagen.episode.show import shown

if TYPE_CHECKING:
    from tracemill_schema.episode import Episode


def test_an_episode_is_shown_with_code_hooks_and_verdict(episodes: dict[str, Episode]) -> None:
    episode = episodes["share"]
    lines = shown(episode).split("\n")
    assert lines[0] == (
        f"episode {episode.id[:16]}  question {episode.question_id[:16]}  by reference"
    )
    assert "  share = 100 * part / whole" in lines
    assert "  ran to its end" in lines
    assert "  line 6  share = 50.0  from part, whole" in lines
    assert "submission  50.0" in lines
    assert "verdict     correct (reading 0)" in lines
    assert "agreement   1 of 1 runs" in lines


def test_a_failed_episode_says_so(episodes: dict[str, Episode]) -> None:
    text = shown(episodes["raises"])
    assert "  failed\n" in text
    assert "verdict     not judged: code_error: ZeroDivisionError\n" in text
