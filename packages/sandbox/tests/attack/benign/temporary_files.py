import tempfile
from pathlib import Path

with tempfile.NamedTemporaryFile("w+") as file:
    file.write("text")
    file.flush()
    assert Path(file.name).read_text() == "text"
with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as unnamed:
    Path(folder, "x").write_text("y")
    unnamed.write(b"z")
