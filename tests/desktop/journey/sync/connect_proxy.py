"""A proxy of a clinic's network, as a program: CONNECT (RFC 9110, 9.3.6) to any name, all of which are this machine.

Prints its port, then a line for each tunnel."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_CHUNK = 65_536


class Tunnel(BaseHTTPRequestHandler):
    """One client's connection."""

    def do_CONNECT(self) -> None:
        print(self.path, flush=True)
        with socket.create_connection(("127.0.0.1", int(self.path.rpartition(":")[2]))) as server:
            self.send_response(200)
            self.end_headers()
            back = threading.Thread(target=_pump, args=(server, self.connection))
            back.start()
            _pump(self.connection, server)
            back.join()
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Nothing but the tunnels is printed."""


def _pump(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(_CHUNK):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        return


if __name__ == "__main__":
    with ThreadingHTTPServer(("127.0.0.1", 0), Tunnel) as proxy:
        print(proxy.server_port, flush=True)
        proxy.serve_forever()
