#!/usr/bin/python3
"""What Python's zipfile reads: unzip.py FILE prints {name: contents as base64}, or fails on a bad sum."""
import base64
import json
import sys
import zipfile

with zipfile.ZipFile(sys.argv[1]) as zip:
    bad = zip.testzip()
    if bad:
        sys.exit(f"{bad} is damaged")
    json.dump({name: base64.b64encode(zip.read(name)).decode() for name in zip.namelist()}, sys.stdout)
