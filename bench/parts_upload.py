"""An upload to an episode, through the server: from its last byte, heard while it came or not."""
import json
import socket
import time

from servers import Odeon, PASSWORD

ARRIVES = 12  # seconds


class Studio:
    """A server, somebody who has an account, and their podcast."""

    def __init__(self, folder, **settings):
        self.odeon, self.signed = Odeon(folder, **settings), {}
        entered = self.call("POST", "/api/auth/register", {"email": "host@example.com", "password": PASSWORD, "full_name": "Host"})
        self.signed = {"Authorization": "Bearer " + entered["access_token"]}
        self.show = self.call("POST", "/api/podcasts", {"title": "Ten minutes"})["id"]

    def call(self, method, path, body=None):
        status, answer = self.odeon.call(method, "/podcasts" + path, body, self.signed)
        if status >= 300:
            raise SystemExit(f"{method} {path}: {status} {answer}")
        return answer

    def send(self, sound):
        """The id of the episode, and when the last byte of its form had gone: they go evenly over ARRIVES seconds."""
        fields = {"podcast_id": self.show, "title": "One", "transcribe": "false", "show_notes": "false", "bitrate": "128"}
        head = "".join(f'--XX\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items())
        form = (head + '--XX\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n').encode() + sound + b"\r\n--XX--\r\n"
        lines = ["POST /podcasts/api/upload HTTP/1.1", "Host: localhost", "Connection: close", f"Content-Length: {len(form)}",
                 "Content-Type: multipart/form-data; boundary=XX", "Authorization: " + self.signed["Authorization"]]
        with socket.create_connection(("127.0.0.1", self.odeon.port)) as connection:
            connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
            began, steps = time.perf_counter(), ARRIVES * 20
            for step in range(steps):
                connection.sendall(form[len(form) * step // steps:len(form) * (step + 1) // steps])
                time.sleep(max(0, began + (step + 1) * ARRIVES / steps - time.perf_counter()))
            sent = time.perf_counter()
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        if b" 202 " not in answer.split(b"\r\n", 1)[0]:
            raise SystemExit(answer.decode())
        return json.loads(answer.split(b"\r\n\r\n", 1)[1])["id"], sent

    def ready_after(self, sound):
        """Seconds from its last byte until it is finished."""
        episode, sent = self.send(sound)
        while (state := self.call("GET", f"/api/episodes/{episode}/status")["processing_status"]) != "complete":
            if state == "error":
                raise SystemExit("the sound could not be finished")
            time.sleep(0.26)  # as often as one person may
        return time.perf_counter() - sent


def uploading(folder, recording):
    """Of the same form, by a server that hears it while it comes and by one that has no room for that."""
    took = {}
    for name, megabytes in (("heard while it came", "4096"), ("if not", "0")):
        studio = Studio(folder / f"upload-{megabytes}", PODCASTS_EARLY_MEGABYTES=megabytes)
        try:
            studio.ready_after(recording.read_bytes())  # what is loaded once
            took[name] = min(studio.ready_after(recording.read_bytes()) for _ in range(2))
        finally:
            studio.odeon.stop()
    print(f"{f'a form of {ARRIVES} s, last byte to ready':40} " + ", ".join(f"{seconds:.2f} {name}" for name, seconds in took.items()),
          flush=True)
