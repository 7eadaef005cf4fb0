from zoneinfo import ZoneInfo

import pandas as pd

days = pd.date_range("2024-03-30", periods=4, freq="D", tz="Europe/Paris")
assert str(days.tz_convert("America/New_York")[3]) == "2024-04-01 18:00:00-04:00"
assert str(days[0].astimezone(ZoneInfo("Asia/Tokyo"))).endswith("+09:00")
