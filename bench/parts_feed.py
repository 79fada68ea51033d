"""A podcast's feed: ours, which is written anew when something changes, beside nginx serving the same bytes as a file."""
import json
import os
import subprocess
import time
import urllib.request

from harness import Served, free_port, load, pair
from servers import Odeon, PASSWORD

EPISODES = 100


def form(fields, file):
    """(type, body) of a form with a file."""
    parts = [f'--XX\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()]
    head = '--XX\r\nContent-Disposition: form-data; name="file"; filename="a.mp3"\r\nContent-Type: audio/mpeg\r\n\r\n'
    return "multipart/form-data; boundary=XX", "".join(parts).encode() + head.encode() + file + b"\r\n--XX--\r\n"


def publish(odeon, folder):
    """The path of the feed of a new podcast."""
    def call(method, path, body=None):
        status, answer = odeon.call(method, "/podcasts" + path, body, signed)
        if status >= 300:
            raise SystemExit(f"{method} {path}: {status} {answer}")
        return answer

    signed = {}
    entered = call("POST", "/api/auth/register", {"email": "host@example.com", "password": PASSWORD, "full_name": "Host"})
    signed = {"Authorization": "Bearer " + entered["access_token"]}
    show = call("POST", "/api/podcasts", {"title": "A hundred mornings", "description": "Each of them different."})
    sound = folder / "sound.mp3"
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "sine=f=330:d=1", "-b:a", "64k", sound], check=True)
    episodes = []
    for number in range(EPISODES):
        kind, body = form({"podcast_id": show["id"], "title": f"Morning {number + 1}", "transcribe": "false"}, sound.read_bytes())
        request = urllib.request.Request(f"http://127.0.0.1:{odeon.port}/podcasts/api/upload", body,
                                         {"Content-Type": kind, **signed})
        with urllib.request.urlopen(request) as reply:
            episodes.append(json.load(reply)["id"])
    for episode in episodes:
        while call("GET", f"/api/episodes/{episode}")["processing_status"] not in ("complete", "error"):
            time.sleep(0.05)
        call("POST", f"/api/episodes/{episode}/publish", {})
    return f"/podcasts/api/podcasts/{show['id']}/rss"


def feed(folder):
    odeon = Odeon(folder / "feed-odeon")
    try:
        path = publish(odeon, folder)
        with urllib.request.urlopen(f"http://127.0.0.1:{odeon.port}{path}") as reply:
            tag, written = reply.headers["ETag"], reply.read()
        if written.count(b"<item>") != EPISODES:
            raise SystemExit(f"the feed has {written.count(b'<item>')} episodes")
        (folder / "feed.xml").write_bytes(written)
        os.chmod(folder, 0o755)
        (folder / "feed.conf").write_text(f"""
worker_processes {os.cpu_count()}; daemon off; pid {folder}/feed.pid; error_log /dev/null;
events {{ worker_connections 1024; }}
http {{ access_log off; sendfile on; keepalive_requests 1000000; open_file_cache max=10;
  client_body_temp_path {folder}/fb; proxy_temp_path {folder}/fp; fastcgi_temp_path {folder}/ff;
  uwsgi_temp_path {folder}/fu; scgi_temp_path {folder}/fs;
  server {{ listen 127.0.0.1:{(port := free_port())} reuseport; location /feed {{ alias {folder}/feed.xml; }} }} }}
""")
        nginx = Served(["nginx", "-c", str(folder / "feed.conf")], port)
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/feed") as reply:
                static_tag = reply.headers["ETag"]
            size = f"{EPISODES} episodes, {len(written) // 1024} KB"
            pair(f"feed of {size}", lambda: load(odeon, path), lambda: load(nginx, "/feed"), "nginx, a file", "")
            pair("the same, 304", lambda: load(odeon, path, headers=["If-None-Match: " + tag]),
                 lambda: load(nginx, "/feed", headers=["If-None-Match: " + static_tag]), "nginx, a file", "")
        finally:
            nginx.stop()
    finally:
        odeon.stop()
