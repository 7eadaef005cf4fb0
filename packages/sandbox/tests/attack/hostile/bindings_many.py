exec(compile("\n".join(f"n{number} = {number}" for number in range(20000)), "many", "exec"))
namespace = globals()
names = list(namespace)
