print("done")
raise SystemExit
