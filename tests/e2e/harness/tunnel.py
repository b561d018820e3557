"""A web proxy that knows CONNECT only and leads every host to one port of this machine."""

import socket
import threading
from http.server import BaseHTTPRequestHandler

from harness.listener import Listener


class Tunnel:
    """Listens until `stop`; `hosts` are those that were asked for."""

    def __init__(self, port):
        self.port_behind = port
        self.hosts = []
        self._server = Listener(_handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def stop(self):
        self._server.stop()


def _pump(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # one of the two has gone


def _handler(tunnel):
    class Handler(BaseHTTPRequestHandler):
        def do_CONNECT(self):
            tunnel.hosts.append(self.path)
            with socket.create_connection(("127.0.0.1", tunnel.port_behind)) as behind:
                self.connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                back = threading.Thread(target=_pump, args=(behind, self.connection), daemon=True)
                back.start()
                _pump(self.connection, behind)
                back.join()
            self.close_connection = True

        def log_message(self, *_):
            pass

    return Handler
