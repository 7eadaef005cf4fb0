from __future__ import annotations

from tracemill_trainer.budget import Budget


class Hands:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def _spend(budget: Budget, hands: Hands, *, step: float, save: float = 0.0) -> None:
    with budget.step():
        hands.at += step
    if save:
        with budget.save():
            hands.at += save


def test_without_a_budget_there_is_always_room() -> None:
    hands = Hands()
    budget = Budget(None, hands)
    _spend(budget, hands, step=1e9)
    assert budget.allows_step()


def test_the_first_step_is_allowed_and_its_compiling_counts() -> None:
    hands = Hands()
    budget = Budget(1.0, hands)
    hands.at += 500
    assert budget.allows_step()
    _spend(budget, hands, step=30)
    assert not budget.allows_step()
    assert budget.elapsed() == 530


def test_a_step_and_a_save_must_fit_with_five_percent_left() -> None:
    hands = Hands()
    budget = Budget(1.0, hands)
    _spend(budget, hands, step=20)
    _spend(budget, hands, step=2, save=3)
    hands.at = 100 + 57 - 5
    assert budget.allows_step()
    hands.at += 0.01
    assert not budget.allows_step()
