"""A podcast's feed: ours, which is written anew when something changes, beside nginx serving the same bytes as a file."""
import base64
import gzip
import os
import subprocess
import time
import urllib.request

from harness import Served, free_port, load, pair
from servers import Odeon, PASSWORD

EPISODES = 100


def upload(odeon, show, title, sound, signed):
    """By tus, of which more are taken in a minute than of forms."""
    words = {"podcast_id": show, "title": title, "transcribe": "false"}
    metadata = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in words.items())
    request = urllib.request.Request(
        f"http://127.0.0.1:{odeon.port}/podcasts/api/upload/tus", sound, method="POST",
        headers={"Tus-Resumable": "1.0.0", "Upload-Length": str(len(sound)), "Upload-Metadata": metadata,
                 "Content-Type": "application/offset+octet-stream", **signed})
    urllib.request.urlopen(request).close()


def publish(odeon, folder):
    """The path of the feed of a new podcast."""
    def call(method, path, body=None):
        while (answered := odeon.call(method, "/podcasts" + path, body, signed))[0] == 429:
            time.sleep(1)
        if answered[0] >= 300:
            raise SystemExit(f"{method} {path}: {answered}")
        return answered[1]

    signed = {}
    entered = call("POST", "/api/auth/register", {"email": "host@example.com", "password": PASSWORD, "full_name": "Host"})
    signed = {"Authorization": "Bearer " + entered["access_token"]}
    show = call("POST", "/api/podcasts", {"title": "A hundred mornings", "description": "Each of them different."})["id"]
    sound = folder / "sound.mp3"
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "sine=f=330:d=1", "-b:a", "64k", sound], check=True)
    for number in range(EPISODES):
        upload(odeon, show, f"Morning {number + 1}", sound.read_bytes(), signed)
    while True:
        episodes = call("GET", f"/api/podcasts/{show}/episodes?limit=100")["episodes"]
        states = [episode["processing_status"] for episode in episodes]
        if "error" in states:
            raise SystemExit("a sound could not be finished")
        if states.count("complete") == EPISODES:
            break
        time.sleep(0.5)
    print(f"publishing {EPISODES} episodes, as fast as one person may", flush=True)
    for episode in episodes:
        call("POST", f"/api/episodes/{episode['id']}/publish", {})
    return f"/podcasts/api/podcasts/{show}/rss"


def feed(folder):
    odeon = Odeon(folder / "feed-odeon")
    try:
        path = publish(odeon, folder)
        with urllib.request.urlopen(f"http://127.0.0.1:{odeon.port}{path}") as reply:
            tag, written = reply.headers["ETag"], reply.read()
        if written.count(b"<item>") != EPISODES:
            raise SystemExit(f"the feed has {written.count(b'<item>')} episodes")
        (folder / "feed.xml").write_bytes(written)
        (folder / "feed.xml.gz").write_bytes(gzip.compress(written))
        os.chmod(folder, 0o755)
        (folder / "feed.conf").write_text(f"""
worker_processes {os.cpu_count()}; daemon off; pid {folder}/feed.pid; error_log /dev/null;
events {{ worker_connections 1024; }}
http {{ access_log off; sendfile on; keepalive_requests 1000000; open_file_cache max=10;
  client_body_temp_path {folder}/fb; proxy_temp_path {folder}/fp; fastcgi_temp_path {folder}/ff;
  uwsgi_temp_path {folder}/fu; scgi_temp_path {folder}/fs;
  server {{ listen 127.0.0.1:{(port := free_port())} reuseport; location = /feed.xml {{ root {folder}; gzip_static on; }} }} }}
""")
        nginx = Served(["nginx", "-c", str(folder / "feed.conf")], port)
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/feed.xml") as reply:
                static_tag = reply.headers["ETag"]
            size = f"{EPISODES} episodes, {len(written) // 1024} KB"
            rows = [(f"feed of {size}", [], []), ("the same in gzip", ["Accept-Encoding: gzip"], ["Accept-Encoding: gzip"]),
                    ("the same, 304", ["If-None-Match: " + tag], ["If-None-Match: " + static_tag])]
            for name, ours, theirs in rows:
                pair(name, lambda: load(odeon, path, headers=ours, strangers=True),
                     lambda: load(nginx, "/feed.xml", headers=theirs, strangers=True), "nginx, a file", "")
        finally:
            nginx.stop()
    finally:
        odeon.stop()
