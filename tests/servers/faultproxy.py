#!/usr/bin/python3
"""An HTTP proxy that stands in front of an S3 server and misbehaves by rules.

usage: faultproxy.py DIR UPSTREAM_PORT     (proxy.sh starts it)

The Host header is passed on unchanged, so signatures stay valid.  DIR/rules is
read again before each request when it has changed; all counters start at zero
then.  One rule a line, the first whose count is due applies, others only count:

  METHOD REGEX WHEN ACTION [ARGUMENT...]

  METHOD  GET, PUT, ... or *
  REGEX   searched in the request target as sent, e.g. partNumber=2 or [?]uploads
  WHEN    always | first:N | nth:N | from:N | every:N   of the requests that match

Never forwarded:
  status CODE [S3CODE]    answer with this status and an S3 error document
  early CODE [S3CODE]     the same before the request's body is read, then close
  close                   read the request, close without an answer
  reset                   TCP reset as soon as the head has been read
  cut N                   pass on N bytes of the request's body, then close
  error S3CODE            status 200 with an <Error> document
  empty                   status 200 without a body
Forwarded, the server acts:
  drop                    close instead of answering
  after CODE [S3CODE]     replace the answer: status and S3 error document
  error-after S3CODE      replace the answer: status 200 and <Error>
  empty-after             the server's status and headers, an empty body
  truncate N              the answer's head and N bytes of its body, then close
  reset-after N           the same, ended by a TCP reset
  stall SECONDS           wait before forwarding
  hold FILE               wait until there is such a file, two minutes at most
  stall-after SECONDS N   wait after N bytes of the answer's body
  slow BYTES              that many bytes of the answer's body a second
  flip N                  invert byte N of the answer's body
  hangup SECONDS          the whole answer, and that much later close, unannounced
  half                    the whole answer, then close one way: go on reading
  date SECONDS            shift the answer's Date header
  header NAME [VALUE]     replace a header of the answer; no VALUE removes it

DIR/requests gets a line "METHOD TARGET ACTION STATUS" per request when it has
been dealt with; ACTION is "-" for a healthy one, STATUS "-" without an answer.
"""
import email.utils
import os
import re
import socket
import struct
import sys
import threading
import time

BLOCK = 65536


class Closed(Exception):
	"""The connection is to be closed, or has been."""


class Rules:
	"""The rule file and how often each rule has matched."""

	def __init__(self, path):
		self.path, self.stamp, self.rules = path, None, []
		self.lock = threading.Lock()

	def reload(self):
		info = os.stat(self.path)
		stamp = (info.st_mtime_ns, info.st_ino, info.st_size)
		if stamp != self.stamp:
			with open(self.path) as f:
				lines = [line.split() for line in f]
			self.rules = [[line, 0] for line in lines if line and line[0][0] != "#"]
			self.stamp = stamp

	def action_for(self, method, target):
		chosen = None
		with self.lock:
			self.reload()
			for rule in self.rules:
				want, regex, when, *action = rule[0]
				if want not in ("*", method) or not re.search(regex, target):
					continue
				rule[1] += 1
				if chosen is None and due(when, rule[1]):
					chosen = action
		return chosen or ["-"]


def due(when, count):
	if when == "always":
		return True
	kind, number = when.split(":")
	number = int(number)
	return {"first": count <= number, "nth": count == number,
		"from": count >= number, "every": count % number == 0}[kind]


class Reader:
	"""Reads heads and bodies off a socket, keeping what came along."""

	def __init__(self, sock):
		self.sock, self.rest = sock, b""

	def head(self):
		"""First line and list of [name, value]; Closed at end of input."""
		while b"\r\n\r\n" not in self.rest:
			data = self.sock.recv(BLOCK)
			if not data:
				raise Closed
			self.rest += data
		text, self.rest = self.rest.split(b"\r\n\r\n", 1)
		first, *lines = text.decode("latin-1").split("\r\n")
		return first, [[part.strip() for part in line.split(":", 1)] for line in lines]

	def body(self, length):
		"""Blocks of a body; length None: until the end of input."""
		while length is None or length > 0:
			data, self.rest = self.rest, b""
			data = data or self.sock.recv(BLOCK)
			if not data:
				if length is None:
					return
				raise Closed
			if length is not None:
				data, self.rest = data[:length], data[length:]
				length -= len(data)
			yield data


def find(headers, name, default=None):
	return next((v for n, v in headers if n.lower() == name), default)


def without(headers, *names):
	return [h for h in headers if h[0].lower() not in names]


def head_bytes(first, headers):
	lines = [first] + [f"{n}: {v}" for n, v in headers]
	return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def error_document(code):
	return ('<?xml version="1.0" encoding="UTF-8"?>\n<Error>'
		f"<Code>{code}</Code><Message>made by the fault proxy</Message>"
		"<RequestId>fault</RequestId></Error>").encode()


def reset(sock):
	sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
	raise Closed


class Exchange:
	"""One request of a client and what becomes of it."""

	def __init__(self, client, reader, upstream_port, rules):
		self.client, self.reader, self.port = client, reader, upstream_port
		first, self.headers = reader.head()
		self.method, self.target, _ = first.split(" ")
		self.first, self.status = first, "-"
		self.length = int(find(self.headers, "content-length", "0"))
		self.action, *self.args = rules.action_for(self.method, self.target)

	def send(self, data):
		self.client.sendall(data)

	def answer(self, status, body, close=False):
		self.status = status
		if self.method == "HEAD":
			body = b""
		headers = [["Content-Type", "application/xml"],
			["Content-Length", len(body)],
			["Date", email.utils.formatdate(usegmt=True)]]
		if close:
			headers.append(["Connection", "close"])
		self.send(head_bytes(f"HTTP/1.1 {status} Fault", headers) + body)

	def refuse(self, close=False):
		status = self.args[0]
		code = (self.args + ["SlowDown" if status == "503" else "InternalError"])[1]
		self.answer(status, error_document(code), close)

	def request_body(self):
		if find(self.headers, "expect"):
			self.send(b"HTTP/1.1 100 Continue\r\n\r\n")
		return self.reader.body(self.length)

	def swallow(self):
		for _ in self.request_body():
			pass

	def local_action(self):
		"""Deal with the request here; False when it is to be forwarded."""
		if self.action == "early":
			self.refuse(close=True)
			self.client.shutdown(socket.SHUT_WR)
			raise Closed
		if self.action == "reset":
			reset(self.client)
		if self.action == "stall":
			time.sleep(float(self.args[0]))
		if self.action == "hold":
			end = time.monotonic() + 120
			while not os.path.exists(self.args[0]) and time.monotonic() < end:
				time.sleep(0.02)
		if self.action not in ("status", "close", "error", "empty"):
			return False
		self.swallow()
		if self.action == "status":
			self.refuse()
		elif self.action == "error":
			self.answer(200, error_document(self.args[0]))
		elif self.action == "empty":
			self.answer(200, b"")
		else:
			raise Closed
		return True

	def forward(self, upstream):
		"""Pass the request on, then bring back, or spoil, the answer."""
		headers = without(self.headers, "connection", "expect")
		upstream.sendall(head_bytes(self.first, headers + [["Connection", "close"]]))
		left = int(self.args[0]) if self.action == "cut" else None
		for data in self.request_body():
			upstream.sendall(data if left is None else data[:left])
			if left is not None:
				left -= len(data)
				if left <= 0:
					raise Closed
		answer = Reader(upstream)
		first, headers = answer.head()
		while first.split(" ")[1] == "100":
			first, headers = answer.head()
		self.bring_back(answer, first, headers)

	def bring_back(self, answer, first, headers):
		length = find(headers, "content-length")
		length = None if length is None else int(length)
		if self.method == "HEAD" or first.split(" ")[1] in ("204", "304"):
			length = 0
		body = answer.body(length)
		if self.action == "drop":
			list(body)
			raise Closed
		if self.action == "after":
			list(body)
			self.refuse()
		elif self.action == "error-after":
			list(body)
			self.answer(200, error_document(self.args[0]))
		else:
			self.status = first.split(" ")[1]
			self.send(head_bytes(first, self.changed(headers)))
			self.send_body(body)
			self.hang_up()
			if length is None and not find(headers, "transfer-encoding"):
				raise Closed

	def hang_up(self):
		"""A kept connection that nobody keeps."""
		if self.action == "hangup":
			time.sleep(float(self.args[0]))
			raise Closed
		if self.action == "half":
			self.client.shutdown(socket.SHUT_WR)
			while self.reader.sock.recv(BLOCK):
				pass
			raise Closed

	def changed(self, headers):
		headers = without(headers, "connection")
		if self.action == "date":
			then = email.utils.mktime_tz(email.utils.parsedate_tz(find(headers, "date")))
			date = email.utils.formatdate(then + int(self.args[0]), usegmt=True)
			return without(headers, "date") + [["Date", date]]
		if self.action == "header":
			name, value = self.args[0], " ".join(self.args[1:])
			headers = without(headers, name.lower())
			return headers + [[name, value]] if value else headers
		if self.action == "empty-after":
			headers = without(headers, "content-length", "transfer-encoding")
			return headers + [["Content-Length", "0"]]
		return headers

	def send_body(self, body):
		limit = int(self.args[0]) if self.action in ("truncate", "reset-after") else None
		place = 0
		for data in body:
			if self.action == "empty-after":
				continue
			if limit is not None and place + len(data) >= limit:
				self.send(data[:limit - place])
				if self.action == "reset-after":
					time.sleep(0.1)
					reset(self.client)
				raise Closed
			self.send_block(data, place)
			place += len(data)

	def send_block(self, data, place):
		if self.action == "slow":
			rate = int(self.args[0])
			for i in range(0, len(data), max(1, rate // 10)):
				self.send(data[i:i + max(1, rate // 10)])
				time.sleep(0.1)
			return
		at = None
		if self.action == "flip":
			at = int(self.args[0]) - place
		elif self.action == "stall-after":
			at = int(self.args[1]) - place
		if at is None or not 0 <= at < len(data):
			self.send(data)
			return
		self.send(data[:at])
		if self.action == "flip":
			self.send(bytes([data[at] ^ 255]))
			at += 1
		else:
			time.sleep(float(self.args[0]))
		self.send(data[at:])

	def run(self):
		if self.local_action():
			return
		with socket.create_connection(("127.0.0.1", self.port)) as upstream:
			self.forward(upstream)


def write_line(path, lock, text):
	with lock, open(path, "a") as f:
		f.write(text + "\n")


def serve_client(client, upstream_port, rules, log_path, log_lock):
	reader = Reader(client)
	with client:
		try:
			while True:
				exchange = Exchange(client, reader, upstream_port, rules)
				try:
					exchange.run()
				finally:
					action = ":".join([exchange.action, *exchange.args])
					write_line(log_path, log_lock, f"{exchange.method} "
						f"{exchange.target} {action} {exchange.status}")
		except (Closed, OSError):
			pass


def main():
	work_dir, upstream_port = sys.argv[1], int(sys.argv[2])
	rules_path = os.path.join(work_dir, "rules")
	log_path = os.path.join(work_dir, "requests")
	for path in (rules_path, log_path):
		open(path, "w").close()
	rules, log_lock = Rules(rules_path), threading.Lock()
	listener = socket.create_server(("127.0.0.1", 0), backlog=128)
	port = listener.getsockname()[1]
	env = os.path.join(work_dir, "env")
	with open(env + ".new", "w") as f:
		f.write(f"export AWS_ENDPOINT_URL=http://127.0.0.1:{port}\n"
			f"export FAULT_RULES='{rules_path}' FAULT_REQUESTS='{log_path}'\n")
	os.rename(env + ".new", env)
	while True:
		client, _ = listener.accept()
		client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
		threading.Thread(target=serve_client, daemon=True,
			args=(client, upstream_port, rules, log_path, log_lock)).start()


main()
