class Bomb(Exception):
    def __str__(self):
        raise Bomb

    __repr__ = __str__


try:
    raise Bomb
except Bomb:
    raise Bomb("x" * (64 << 20), Bomb(), [Bomb()] * 1000)
