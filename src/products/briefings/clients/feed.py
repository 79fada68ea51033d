#!/usr/bin/python3
"""What feedparser makes of the feed in a file, as JSON: strangers_test.py FILE"""
import json
import sys

import feedparser

feed = feedparser.parse(open(sys.argv[1], "rb").read())
json.dump({
    "bozo": bool(feed.bozo),
    "version": feed.version,
    "block": feed.feed.get("itunes_block"),
    "entries": [{
        "id": entry.id,
        "title": entry.title,
        "guid_is_link": entry.guidislink,
        "duration": entry.itunes_duration,
        "enclosures": [{name: enclosure[name] for name in ("href", "length", "type")} for enclosure in entry.enclosures],
    } for entry in feed.entries],
}, sys.stdout)
