import sys

print("OK ☃ 中文 🙂")
assert sys.stdout.encoding.lower() == "utf-8"
with open("naïve ☃.txt", "w") as file:
    file.write("中文")
assert open("naïve ☃.txt").read() == "中文"
