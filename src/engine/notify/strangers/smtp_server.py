"""An SMTP server of Debian's python3-aiosmtpd, for a test: smtp_server.py FOLDER KEY=VALUE...

tls=off|starttls|implicit, certificate=FILE (with its key), user=NAME, password=TEXT. Mails are kept as FOLDER/N.eml
with FOLDER/N.json for the envelope. Whom a mail is for decides how it is treated:
  later@   451 to the first, then taken        busy@   451 after the first mail's data, then taken
  no@      550                                 spam@   554 after the data
  cut@     the connection is reset amid the first mail's data, then taken
  silent@  nothing is ever said after the data
"""
import asyncio, json, pathlib, ssl, sys

from aiosmtpd.smtp import SMTP, AuthResult

folder = pathlib.Path(sys.argv[1])
settings = dict(word.split("=", 1) for word in sys.argv[2:])
seen = set()
kept = 0


def is_first(who):
    first = who not in seen
    seen.add(who)
    return first


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("later@") and is_first(address):
            return "451 4.7.1 Greylisted, try again " + address
        if address.startswith("no@"):
            return "550 5.1.1 No such user " + address
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        global kept
        to = envelope.rcpt_tos[0]
        if to.startswith("busy@") and is_first(to):
            return "451 4.3.0 Busy"
        if to.startswith("spam@"):
            return "554 5.7.1 Refused by policy"
        if to.startswith("silent@"):
            await asyncio.Event().wait()
        kept += 1
        (folder / f"{kept:04}.eml").write_bytes(envelope.original_content)
        (folder / f"{kept:04}.json").write_text(
            json.dumps({"from": envelope.mail_from, "to": envelope.rcpt_tos, "tls": session.ssl is not None,
                        "user": session.auth_data.login.decode() if session.auth_data else ""}))
        return "250 OK"


class Server(SMTP):
    async def smtp_DATA(self, arg):
        if self.envelope.rcpt_tos and self.envelope.rcpt_tos[0].startswith("cut@") and is_first("cut@"):
            await self.push("354 End data with <CR><LF>.<CR><LF>")
            await self._reader.readline()
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


def authenticate(server, session, envelope, mechanism, data):
    good = data.login.decode() == settings["user"] and data.password.decode() == settings["password"]
    return AuthResult(success=good, handled=False, auth_data=data if good else None)


def connection(context, starttls):
    options = {"enable_SMTPUTF8": True, "hostname": "mail.test"}
    if starttls:
        options |= {"tls_context": context, "require_starttls": True}
    if "user" in settings:
        # To aiosmtpd only STARTTLS is TLS.
        options |= {"authenticator": authenticate, "auth_required": True, "auth_require_tls": starttls}
    return Server(Handler(), **options)


async def main():
    context, tls = None, settings.get("tls", "off")
    if tls != "off":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(settings["certificate"])
    server = await asyncio.get_running_loop().create_server(
        lambda: connection(context, tls == "starttls"), "127.0.0.1", 0, ssl=context if tls == "implicit" else None)
    print("listening on", server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
