import networkx
import sympy

x = sympy.Symbol("x")
assert sympy.integrate(x**2) == x**3 / 3
assert networkx.shortest_path_length(networkx.path_graph(9), 0, 8) == 8
