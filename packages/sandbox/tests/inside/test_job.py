from __future__ import annotations

from tracemill_sandbox.job import DESCRIPTORS, Job, Orders
from tracemill_sandbox.request import Limits


def test_orders_survive_the_way_to_the_process_even_with_odd_text() -> None:
    orders = Orders(
        code="x = '\ud800é\0'",
        outputs=("x",),
        limits=Limits(wall_seconds=0.5),
        folder="/a",
        nonce=bytes(range(32)),
    )
    assert Orders.from_bytes(orders.to_bytes()) == orders


def test_descriptors_are_sent_in_one_order() -> None:
    job = Job(request=1, result=2, stdout=3, stderr=4, status=5)
    assert job.descriptors() == (1, 2, 3, 4, 5)
    assert len(job.descriptors()) == DESCRIPTORS
