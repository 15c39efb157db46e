#!/usr/bin/python3
"""Run a command whose stderr is a terminal.

    terminal.py [--until REGEX] SEEN OUTPUT COMMAND...

SEEN gets what came to the terminal, OUTPUT what came to stdout.  With --until
no more than the first MiB of stdout is read before REGEX is on the terminal, so
that a command that writes much is still at work then.  The exit status is the
command's.
"""
import os, re, selectors, subprocess, sys

HELD_BACK = 1 << 20
DEADLINE_S = 120

args = sys.argv[1:]
until = None
if args[0] == "--until":
	until = re.compile(args[1].encode())
	args = args[2:]
seen_name, output_name, command = args[0], args[1], args[2:]

master, slave = os.openpty()
child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=slave)
os.close(slave)
sources = selectors.DefaultSelector()
sources.register(master, selectors.EVENT_READ)
sources.register(child.stdout, selectors.EVENT_READ)
seen = b""
got = 0
with open(output_name, "wb") as output:
	while len(sources.get_map()) > 0:
		ready = sources.select(DEADLINE_S)
		if not ready:
			child.kill()
			sys.exit("terminal.py: nothing happened for long")
		for key, _ in ready:
			try:
				data = os.read(key.fd, 65536)
			except OSError:		# the terminal's other side is closed
				data = b""
			if not data:
				sources.unregister(key.fileobj)
			elif key.fd == master:
				seen += data
				if until is not None and until.search(seen):
					until = None
					if child.stdout not in sources.get_map():
						sources.register(child.stdout,
						    selectors.EVENT_READ)
			else:
				output.write(data)
				got += len(data)
				if until is not None and got >= HELD_BACK:
					sources.unregister(child.stdout)
with open(seen_name, "wb") as f:
	f.write(seen)
sys.exit(child.wait())
