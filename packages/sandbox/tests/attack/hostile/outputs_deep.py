answer = []
for _ in range(200000):
    answer = [answer]
cycle = {}
cycle["cycle"] = [cycle]
tree = [0]
for _ in range(60):
    tree = [tree, tree]
