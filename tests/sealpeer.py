#!/usr/bin/python3
"""Sealed streams, written and read by code that shares nothing with the tools.

  sealpeer.py make [-b BYTES] KIND=FILE...   one stream on stdout: each FILE's
            text as members of KIND, in pieces of BYTES (1 MiB); KIND raw:
            FILE's bytes as they are; a KIND alone: an empty member.  The seal
            comes last, unless --unsealed.
  sealpeer.py list FILE                      KIND TAB bytes TAB text bytes, of
            each member; exit status 1 unless the seal fits
"""
import argparse
import hashlib
import struct
import sys
import zlib

KINDS = ["", "START", "PRE", "DATA", "LODATA", "SERIAL", "MANIFEST", "POST",
	"ARCHIVE", "SEAL"]


def member(kind, text, more=b""):
	deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
	data = deflate.compress(text) + deflate.flush()
	size = 10 + 2 + 4 + 20 + len(more) + len(data) + 8
	field = struct.pack("<BBHQQ", 1, KINDS.index(kind), 0, size, len(text)) + more
	return (b"\x1f\x8b\x08\x04\0\0\0\0\0\xff" +
		struct.pack("<H2sH", len(field) + 4, b"PZ", len(field)) + field + data +
		struct.pack("<II", zlib.crc32(text), len(text) & 0xffffffff))


def seal(members, size, text, digest):
	return member("SEAL", b"", struct.pack("<QQQ", members, size, text) + digest)


def make(args):
	out, digest = sys.stdout.buffer, hashlib.sha256()
	members = size = text_size = 0

	def put(data, text):
		nonlocal members, size, text_size
		out.write(data)
		digest.update(data)
		members, size, text_size = members + 1, size + len(data), text_size + text

	for word in args.pieces:
		kind, _, name = word.partition("=")
		if name == "":
			put(member(kind, b""), 0)
			continue
		with open(name, "rb") as f:
			if kind == "raw":
				data = f.read()
				put(data, len(zlib.decompress(data, 31)))
				continue
			while piece := f.read(args.bytes):
				put(member(kind, piece), len(piece))
	if not args.unsealed:
		out.write(seal(members, size, text_size, digest.digest()))


def walk(data):
	at = 0
	while at < len(data):
		if data[at:at + 4] != b"\x1f\x8b\x08\x04" or data[at + 12:at + 14] != b"PZ":
			sys.exit(f"no member of ours at byte {at}")
		version, kind, _, size, text_size = struct.unpack_from("<BBHQQ", data, at + 16)
		assert version == 1
		text = zlib.decompress(data[at:at + size], 31)
		assert len(text) == text_size
		yield KINDS[kind], at, size, text_size
		at += size


def show(args):
	with open(args.file, "rb") as f:
		data = f.read()
	count = total = 0
	for kind, at, size, text_size in walk(data):
		print(kind, size, text_size, sep="\t")
		fits = kind == "SEAL" and at + size == len(data) and data[at:] == seal(
			count, at, total, hashlib.sha256(data[:at]).digest())
		count, total = count + 1, total + text_size
	sys.exit(not fits)


def main():
	top = argparse.ArgumentParser()
	sub = top.add_subparsers(required=True)
	making = sub.add_parser("make")
	making.add_argument("-b", "--bytes", type=int, default=1 << 20)
	making.add_argument("--unsealed", action="store_true")
	making.add_argument("pieces", nargs="+")
	making.set_defaults(run=make)
	listing = sub.add_parser("list")
	listing.add_argument("file")
	listing.set_defaults(run=show)
	args = top.parse_args()
	args.run(args)


if __name__ == "__main__":
	main()
