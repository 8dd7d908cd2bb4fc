"""E-mail, through a server of the operator's own. Without one, whoever may hand a link over gets it to do so."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from ipaddress import ip_address
from typing import Annotated, Protocol
from urllib.parse import unquote, urlsplit

from fastapi import Depends, Request

from syncserver.kit.logging import fault_of, log
from syncserver.settings import Settings

_TIMEOUT_S = 20
_PORTS = {"smtp": 587, "smtps": 465}  # RFC 6409, RFC 8314


@dataclass(frozen=True, slots=True)
class Mail:
    """A message in plain text. It names no patient."""

    to: str
    subject: str
    text: str


class Mailer(Protocol):
    """Sends mail; what goes wrong is logged, for nobody waits for the outcome."""

    def send(self, mail: Mail) -> None: ...


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Over SMTP: encrypted from the first byte (`smtps`), or by STARTTLS, which only this machine may do without."""

    url: str
    sender: str

    def send(self, mail: Mail) -> None:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, mail.to, mail.subject
        message.set_content(mail.text)
        try:
            self._hand_over(message)
        except (OSError, smtplib.SMTPException) as error:
            log.error("mail_not_sent", **fault_of(error))

    def _hand_over(self, message: EmailMessage) -> None:
        place = urlsplit(self.url)
        host, port = place.hostname or "localhost", place.port or _PORTS[place.scheme]
        context = ssl.create_default_context()
        if place.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=_TIMEOUT_S, context=context)
        else:
            server = smtplib.SMTP(host, port, timeout=_TIMEOUT_S)
        with server:
            if place.scheme == "smtp" and not _is_this_machine(host):
                server.starttls(context=context)
            if place.username:
                server.login(unquote(place.username), unquote(place.password or ""))
            server.send_message(message)


def open_mailer(settings: Settings) -> Mailer | None:
    """The configured mailer; None when the server sends no mail."""
    if settings.smtp_url is None or settings.mail_from is None:
        return None
    return SmtpMailer(settings.smtp_url.get_secret_value(), settings.mail_from)


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def _mailer_of(request: Request) -> Mailer | None:
    mailer: Mailer | None = request.app.state.mailer
    return mailer


TheMailer = Annotated[Mailer | None, Depends(_mailer_of)]
