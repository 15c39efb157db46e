#!/usr/bin/python3
"""A sealed stream without the tools, by pgdumpz(5) alone.

usage: seal.py        what comes on stdin: START, it, SEAL
       seal.py MIB    as many MiB of noise instead

The bytes between need not be gzip: who only carries a stream can't tell.
"""
import hashlib
import os
import struct
import sys

END_OF_MEMBER = b"\3\0" + bytes(8)


def member(kind, size, more=b""):
	field = struct.pack("<BBHQQ", 1, kind, 0, size, 0) + more
	extra = b"PZ" + struct.pack("<H", len(field)) + field
	head = b"\x1f\x8b\x08\x04\0\0\0\0\0\xff" + struct.pack("<H", len(extra))
	return head + extra + END_OF_MEMBER


def blocks():
	if len(sys.argv) > 1:
		noise = bytearray(os.urandom(1 << 20))
		for n in range(int(sys.argv[1])):
			noise[:8] = struct.pack("<Q", n)
			yield noise
		return
	while block := sys.stdin.buffer.read(1 << 20):
		yield block


def main():
	start = member(1, 46)
	sha, size = hashlib.sha256(start), len(start)
	sys.stdout.buffer.write(start)
	for block in blocks():
		sha.update(block)
		size += len(block)
		sys.stdout.buffer.write(block)
	totals = struct.pack("<QQQ", 2, size, 0) + sha.digest()
	sys.stdout.buffer.write(member(9, 102, totals))


main()
