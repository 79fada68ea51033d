#!/usr/bin/python3
"""What feedparser and podcastparser make of the feed in a file, as JSON: feed.py FILE URL"""
import io
import json
import sys

import feedparser
import podcastparser

with open(sys.argv[1], "rb") as file:
    content = file.read()
feed = feedparser.parse(content)
podcast = podcastparser.parse(sys.argv[2], io.BytesIO(content))
json.dump({
    "feedparser": {
        "bozo": bool(feed.bozo),
        "version": feed.version,
        "title": feed.feed.title,
        "language": feed.feed.language,
        "author": feed.feed.author,
        "tags": [tag.term for tag in feed.feed.tags],
        "image": feed.feed.image.href,
        "links": [{"rel": link.rel, "href": link.href} for link in feed.feed.links],
        "entries": [{
            "id": entry.id,
            "title": entry.title,
            "guid_is_link": entry.guidislink,
            "duration": entry.itunes_duration,
            "published": list(entry.published_parsed[:6]),
            "enclosures": [dict(enclosure) for enclosure in entry.enclosures],
        } for entry in feed.entries],
    },
    "podcastparser": podcast,
}, sys.stdout)
