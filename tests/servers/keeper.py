#!/usr/bin/python3
"""Run a test server for as long as its owner lives.

usage: keeper.py OWNER_PID DIR COMMAND [ARG...]

COMMAND runs in the background, in a session of its own, with its output in
DIR/log.  When the process OWNER_PID ends, however it ends (kill -9 included),
or when the keeper gets SIGTERM, COMMAND gets SIGTERM and five seconds, then
every process that descends from it is killed, and DIR is removed.  As a child
subreaper the keeper finds daemons that have detached themselves, too.

The keeper leaves its process id in DIR/keeper.pid.  It returns to the caller
at once; the caller waits for whatever COMMAND writes to say it is ready.
"""
import ctypes
import os
import select
import shutil
import signal
import subprocess
import sys
import time

PR_SET_CHILD_SUBREAPER = 36
GRACE_SECONDS = 5


def detach(log_path):
	"""Leave the caller's terminal, session and output behind."""
	if os.fork() > 0:
		os._exit(0)
	os.setsid()
	os.chdir("/")
	null = os.open(os.devnull, os.O_RDONLY)
	log = os.open(log_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
	os.dup2(null, 0)
	os.dup2(log, 1)
	os.dup2(log, 2)
	os.closerange(3, 1024)


def children_of(pid):
	"""Process ids of the children of a process, zombies included."""
	try:
		with open(f"/proc/{pid}/task/{pid}/children") as f:
			return [int(p) for p in f.read().split()]
	except OSError:
		return []


def descendants():
	found, queue = [], [os.getpid()]
	while queue:
		kids = children_of(queue.pop())
		found += kids
		queue += kids
	return found


def reap():
	"""Collect ended children; False when there are none at all."""
	try:
		while os.waitpid(-1, os.WNOHANG)[0] != 0:
			pass
	except ChildProcessError:
		return False
	return True


def kill_all():
	while reap():
		for pid in descendants():
			try:
				os.kill(pid, signal.SIGKILL)
			except ProcessLookupError:
				pass
		time.sleep(0.02)


def wait_for_end(owner_fd, child):
	"""Until the owner is gone, we are told to stop, or nothing is left."""
	while select.select([owner_fd], [], [], 1)[0] == []:
		if child.poll() is not None:
			return


def main():
	owner, work_dir, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
	detach(os.path.join(work_dir, "log"))
	try:
		owner_fd = os.pidfd_open(owner)
	except ProcessLookupError:
		shutil.rmtree(work_dir, ignore_errors=True)
		return
	signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
	ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
	with open(os.path.join(work_dir, "keeper.pid"), "w") as f:
		f.write(f"{os.getpid()}\n")
	child = None
	try:
		child = subprocess.Popen(command)
		wait_for_end(owner_fd, child)
	finally:
		signal.signal(signal.SIGTERM, signal.SIG_IGN)
		if child is not None:
			child.terminate()
			try:
				child.wait(GRACE_SECONDS)
			except subprocess.TimeoutExpired:
				pass
		kill_all()
		shutil.rmtree(work_dir, ignore_errors=True)


main()
