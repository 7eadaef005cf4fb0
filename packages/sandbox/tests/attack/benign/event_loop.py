import asyncio
import time


async def work():
    await asyncio.sleep(0.01)
    await asyncio.to_thread(time.sleep, 0.01)
    return sum(await asyncio.gather(*(asyncio.sleep(0.001, n) for n in range(9))))


assert asyncio.run(work()) == 36
