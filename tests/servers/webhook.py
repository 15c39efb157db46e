#!/usr/bin/python3
"""A web server that notes who asked for what, and answers as it is told.

usage: webhook.py DIR     (web.sh starts it)

HTTP on WEB_PORT, HTTPS on WEB_TLS_PORT, with the certificate DIR/server.pem.
DIR/answers, read at each request, has lines "STATUS [TEXT]": each answers one
request and is used up, but for the last one.  None: 200 OK.  "close" closes
the connection, "stall SECONDS" waits first.  DIR/requests gets a line
"METHOD TARGET CONTENT-TYPE BYTES" a request, DIR/body its body.
"""
import http.server
import os
import ssl
import sys
import threading
import time

WORK = sys.argv[1]
LOCK = threading.Lock()


def next_answer():
	path = os.path.join(WORK, "answers")
	try:
		with open(path) as f:
			lines = f.read().splitlines()
	except FileNotFoundError:
		return ["200", "OK"]
	if len(lines) > 1:
		with open(path, "w") as f:
			f.write("\n".join(lines[1:]) + "\n")
	return lines[0].split(" ", 1) if lines else ["200", "OK"]


class Handler(http.server.BaseHTTPRequestHandler):
	protocol_version = "HTTP/1.1"

	def answer(self):
		body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
		with LOCK:
			word, *text = next_answer()
			with open(os.path.join(WORK, "body"), "wb") as f:
				f.write(body)
			with open(os.path.join(WORK, "requests"), "a") as f:
				print(self.command, self.path, self.headers.get(
					"Content-Type", "-"), len(body), file=f)
		if word == "close":
			self.close_connection = True
			return
		if word == "stall":
			time.sleep(float(text[0]))
			word, text = "200", []
		self.send_response(int(word))
		if word.startswith("3"):
			self.send_header("Location", "/elsewhere")
		data = (text[0] if text else "").encode()
		self.send_header("Content-Length", str(len(data)))
		self.end_headers()
		self.wfile.write(data)

	do_GET = do_POST = do_PUT = do_HEAD = answer

	def log_message(self, *args):
		pass


def start(context=None):
	server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
	if context is not None:
		server.socket = context.wrap_socket(server.socket, server_side=True)
	threading.Thread(target=server.serve_forever, daemon=True).start()
	return server.server_address[1]


def main():
	context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
	context.load_cert_chain(os.path.join(WORK, "server.pem"),
		os.path.join(WORK, "server.key"))
	ports = start(), start(context)
	with open(os.path.join(WORK, "env.new"), "w") as f:
		print(f"export WEB_PORT={ports[0]} WEB_TLS_PORT={ports[1]}",
			f"export WEB_DIR='{WORK}' WEB_CA='{WORK}/server.pem'",
			sep="\n", file=f)
	os.rename(os.path.join(WORK, "env.new"), os.path.join(WORK, "env"))
	threading.Event().wait()


main()
