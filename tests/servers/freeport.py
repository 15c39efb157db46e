#!/usr/bin/python3
"""Print free TCP ports of 127.0.0.1, one line, separated by blanks.

usage: freeport.py [COUNT]

They lie below Linux's range for outgoing connections, so that nothing takes
them by accident before the server does; two callers at once get different
ones with great probability, and the server scripts try again when not.
"""
import random
import socket
import sys

ports = []
while len(ports) < int((sys.argv + ["1"])[1]):
	port = random.randrange(15000, 32000)
	with socket.socket() as s:
		s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
		try:
			s.bind(("127.0.0.1", port))
		except OSError:
			continue
	if port not in ports:
		ports.append(port)
print(*ports)
