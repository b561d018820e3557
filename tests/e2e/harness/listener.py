"""A server of HTTP on a free port of 127.0.0.1, with a thread for each connection.

`serve_forever` of the library looks twenty times a second whether it is to end, and ends as late; here the closed socket
says so.
"""

import socket
import threading
from http.server import ThreadingHTTPServer


class Listener(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, handler, context=None):
        """With an ssl.SSLContext it speaks https."""
        super().__init__(("127.0.0.1", 0), handler)
        if context:  # the handshake is the handler's, not the listener's: a client that refuses us blocks nobody
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def stop(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self._accepting.join()
        self.server_close()

    def _accept(self):
        while True:
            try:
                connection, address = self.socket.accept()
            except OSError:  # `stop`
                return
            self.process_request(connection, address)
