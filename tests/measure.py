#!/usr/bin/python3
"""Time commands against each other and print a table of ratios in Markdown.

usage: measure.py TITLE REPETITIONS [GB] <commands

stdin has lines "LABEL<tab>COMMAND[<tab>AFTER]"; the first is what the others
are compared with.  Each command runs in sh, with $OUT naming a file or directory
it may make; that is measured and removed.  AFTER undoes what the command has
done, and is not measured.  The commands take turns, the quickest run
of each counts:

  wall      seconds, and as a multiple of the first command's
  CPU       user and system time of the command and what it has waited for
  server    the same of the PostgreSQL server whose process is MEASURE_SERVER:
            of backends that have ended, which is waited for
  machine   CPU time that the whole machine spent meanwhile, servers included
  peak      resident memory of the largest process of the command, MiB (a dozen
            at least: what this program has when it forks)
  output    size of $OUT, MiB; with GB, which is how much each command moves,
            CPU seconds per GB instead
"""
import os
import shutil
import subprocess
import sys
import tempfile
import time


def machine_seconds():
	with open("/proc/stat") as f:
		user, nice, system, _, _, irq, softirq, *_ = map(int, f.readline().split()[1:])
	return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


def stat_of(pid):
	"""Fields of /proc/PID/stat from the state on, or None."""
	try:
		with open(f"/proc/{pid}/stat") as f:
			return f.read().rpartition(")")[2].split()
	except OSError:
		return None


def backends(server):
	stats = [stat_of(pid) for pid in os.listdir("/proc") if pid.isdigit()]
	return sum(1 for s in stats if s is not None and s[1] == server)


def server_seconds(server, idle):
	"""What its children have used, when no more than idle ones are left."""
	if server is None:
		return 0
	while backends(server) > idle:
		time.sleep(0.02)
	return sum(map(int, stat_of(server)[13:15])) / os.sysconf("SC_CLK_TCK")


def size_of(path):
	if not os.path.isdir(path):
		return os.path.getsize(path) if os.path.exists(path) else 0
	return sum(os.path.getsize(os.path.join(d, f))
		for d, _, files in os.walk(path) for f in files)


def remove(path):
	if os.path.isdir(path):
		shutil.rmtree(path)
	elif os.path.exists(path):
		os.unlink(path)


def run(command, after, out):
	server = os.environ.get("MEASURE_SERVER")
	idle = backends(server) if server else 0
	before = server_seconds(server, idle)
	machine, start = machine_seconds(), time.monotonic()
	child = subprocess.Popen(["sh", "-c", command], env={**os.environ, "OUT": out},
		stdin=subprocess.DEVNULL)
	_, status, usage = os.wait4(child.pid, 0)
	wall = time.monotonic() - start
	if status != 0:
		raise SystemExit(f"measure: status {status}: {command}")
	result = (wall, usage.ru_utime + usage.ru_stime,
		server_seconds(server, idle) - before, machine_seconds() - machine,
		usage.ru_maxrss / 1024, size_of(out) / 2**20)
	remove(out)
	subprocess.run(["sh", "-c", after], check=True)
	return result


def print_table(title, best, gigabytes):
	print(f"\n### {title}\n")
	last = "CPU s/GB" if gigabytes else "output MiB"
	print("| | wall s | × | CPU s | server CPU s | machine CPU s | peak MiB "
		f"| {last} |")
	print("|---|---:|---:|---:|---:|---:|---:|---:|")
	first = next(iter(best.values()))[0]
	for label, (wall, cpu, server, machine, peak, size) in best.items():
		served = f"{server:.2f}" if server else ""
		output = f"{size:.1f}" if size else ""
		if gigabytes:
			output = f"{cpu / gigabytes:.2f}"
		print(f"| {label} | {wall:.2f} | {wall / first:.2f} | {cpu:.2f} "
			f"| {served} | {machine:.2f} | {peak:.0f} | {output} |")
	sys.stdout.flush()


def main():
	title, repetitions = sys.argv[1], int(sys.argv[2])
	commands = [(line.rstrip("\n") + "\t").split("\t")[:3]
		for line in sys.stdin if line.strip()]
	runs = {label: [] for label, _, _ in commands}
	with tempfile.TemporaryDirectory() as directory:
		for _ in range(repetitions):
			for label, command, after in commands:
				runs[label].append(run(command, after, os.path.join(directory, "out")))
	print_table(title, {label: min(r) for label, r in runs.items()},
		float(sys.argv[3]) if len(sys.argv) > 3 else 0)


main()
