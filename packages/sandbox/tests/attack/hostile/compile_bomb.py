source = "(" * 90 + "1" + ",)" * 90
compile("+".join([source] * 2000), "bomb", "eval")
compile("-" * 5000 + "1", "bomb", "eval")
compile("(1,) * (1 << 28)", "bomb", "eval")
