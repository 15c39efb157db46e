#!/usr/bin/python3
"""A long sealed stream without the tools: see sealpeer.py, too.

usage: seal.py        what comes on stdin: START, it, SEAL
       seal.py MIB    as many MiB of noise instead

The bytes between need not be gzip: who only carries a stream can't tell.
"""
import hashlib
import os
import struct
import sys

sys.dont_write_bytecode = True
from sealpeer import member, seal


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
	start = member("START", b"")
	sha, size = hashlib.sha256(start), len(start)
	sys.stdout.buffer.write(start)
	for block in blocks():
		sha.update(block)
		size += len(block)
		sys.stdout.buffer.write(block)
	sys.stdout.buffer.write(seal(2, size, 0, sha.digest()))


main()
