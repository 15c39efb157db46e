#!/usr/bin/python3
"""A sealed stream with another text, by pgdumpz(5) alone.

usage: reseal.py KIND OLD NEW [KIND OLD NEW]... <IN >OUT

In the texts of the members of that kind (2 is PRE, 3 DATA, 6 MANIFEST, 7 POST,
8 ARCHIVE) OLD becomes NEW, with Python's escapes in both.  It must be there.
NEW "-" drops the members that hold OLD.
"""
import hashlib
import struct
import sys
import zlib

END_OF_MEMBER = b"\3\0" + bytes(8)


def member(kind, body, text_size, more=b""):
	field_size = 20 + len(more)
	size = 36 + len(more) + len(body)
	field = struct.pack("<BBHQQ", 1, kind, 0, size, text_size) + more
	extra = b"PZ" + struct.pack("<H", field_size) + field
	return (b"\x1f\x8b\x08\x04\0\0\0\0\0\xff" +
		struct.pack("<H", len(extra)) + extra + body)


def pack(kind, text):
	deflate = zlib.compressobj(1, zlib.DEFLATED, -15)
	body = deflate.compress(text) + deflate.flush()
	body += struct.pack("<II", zlib.crc32(text), len(text) & 0xffffffff)
	return member(kind, body, len(text))


def unescape(word):
	return word.encode().decode("unicode_escape").encode()


def change(kind, text, edits):
	for edit in edits:
		if edit[0] != kind or edit[1] not in text:
			continue
		edit[3] = True
		if edit[2] == b"-":
			return None
		text = text.replace(edit[1], edit[2])
	return text


def main():
	words = sys.argv[1:]
	edits = [[int(words[i]), unescape(words[i + 1]), unescape(words[i + 2]),
		False] for i in range(0, len(words), 3)]
	data, at = sys.stdin.buffer.read(), 0
	sha, members, size, text_size = hashlib.sha256(), 0, 0, 0
	while at < len(data):
		kind, length = struct.unpack_from("<xBxxQ", data, at + 16)
		if kind == 9:
			break
		text = zlib.decompress(data[at + 36:at + length - 8], -15)
		at += length
		text = change(kind, text, edits)
		if text is None:
			continue
		new = pack(kind, text)
		sha.update(new)
		members, size = members + 1, size + len(new)
		text_size += len(text)
		sys.stdout.buffer.write(new)
	totals = struct.pack("<QQQ", members, size, text_size) + sha.digest()
	sys.stdout.buffer.write(member(9, END_OF_MEMBER, 0, totals))
	for edit in edits:
		if not edit[3]:
			sys.exit(f"reseal.py: no member {edit[0]} holds {edit[1]}")


main()
