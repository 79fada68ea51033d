"""Reads mails as Python's email package does and compares them with what was meant: read_mails.py FOLDER

FOLDER/N.eml is the mail, FOLDER/N.letter the letter as JSON. Prints "read N mails" or what differs.
"""
import email, email.header, email.policy, email.utils, json, pathlib, re, sys



def lines(text):
    return text.replace("\r\n", "\n")


def mailbox(field):
    """Not by the header's own parser: Python 3.11 puts spaces between the encoded words of a name."""
    name, address = email.utils.parseaddr(re.sub(r"\r\n", "", field))
    return str(email.header.make_header(email.header.decode_header(name))), address


def differences(raw, letter):
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    raw_mail = email.message_from_bytes(raw)
    parts = {part.get_content_type(): part for part in mail.iter_parts()}
    found = {
        "type": mail.get_content_type(),
        "parts": list(parts),
        "subject": str(mail["Subject"]),
        "to": mailbox(raw_mail["To"]),
        "from": mailbox(raw_mail["From"]),
        "recipients": len(mail["To"].addresses),
        "text": lines(parts["text/plain"].get_content()),
        "html": lines(parts["text/html"].get_content()),
        "date": email.utils.parsedate_to_datetime(mail["Date"]).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "id": str(mail["Message-ID"]),
        "unsubscribe": re.sub(r"\s", "", str(mail.get("List-Unsubscribe", ""))),
        "defects": [str(d) for part in mail.walk() for d in part.defects],
        "headers": sorted(name for name in mail.keys() if name.lower().startswith("x-")),
    }
    meant = {
        "type": "multipart/alternative",
        "parts": ["text/plain", "text/html"],
        "subject": letter["subject"],
        "to": (letter["to"]["name"], letter["to"]["address"]),
        "from": (letter["from"]["name"], letter["from"]["address"]),
        "recipients": 1,
        "text": lines(letter["text"]),
        "html": lines(letter["html"]),
        "date": letter["date"],
        "id": f'<{letter["id"]}@{letter["from"]["address"].split("@")[1]}>',
        "unsubscribe": f'<{letter["unsubscribe_url"]}>' if letter["unsubscribe_url"] else "",
        "defects": [],
        "headers": [],
    }
    for name, value in meant.items():
        if found[name] != value:
            yield f"{name}: found {found[name]!r}, not {value!r}"
    for line in raw.split(b"\r\n"):
        if len(line) > 78 and not re.search(rb"[^ ]{60}", line):
            yield f"a long line: {line!r}"
        if b"\n" in line or b"\r" in line:
            yield f"a bare line break in {line!r}"


mails = sorted(pathlib.Path(sys.argv[1]).glob("*.eml"))
faults = [f"{path.name}: {fault}" for path in mails
          for fault in differences(path.read_bytes(), json.loads(path.with_suffix(".letter").read_text("utf-8")))]
print("\n".join(faults[:20]) if faults else f"read {len(mails)} mails")
