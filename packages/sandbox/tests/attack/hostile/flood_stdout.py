while True:
    print("y" * 10000)
