# SPDX-License-Identifier: MIT
import http.server
import threading
import urllib.request

server = http.server.HTTPServer(('127.0.0.1', 0), http.server.SimpleHTTPRequestHandler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(urllib.request.urlopen(f'http://127.0.0.1:{server.server_port}/loopback.py').status)
server.shutdown()
